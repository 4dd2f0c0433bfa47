import { count, inertOr, shortTime } from '../text.ts';

/** What a service that keeps track of deliveries said when it was asked who received a mail: never silence. */

export type FinderStatus =
  /** It answered; what it named may still be less than there is. */
  | 'answered'
  /** It is switched off in the configuration. */
  | 'off'
  /** No id is known that it could be asked by. */
  | 'no id'
  /** It does not answer this question here: not licensed, not permitted, no such table. */
  | 'refused'
  /** It asked to wait for longer than a plan may wait. */
  | 'busy'
  /** No answer, or one that cannot be read. */
  | 'silent';

export interface FinderAnswer {
  /** Of the finder. */
  readonly name: string;
  readonly status: FinderStatus;
  /** Deliveries of this mail that it named. */
  readonly found: number;
  /** It may know more than it told. */
  readonly cutOff: boolean;
  /** When it said so, ISO time. */
  readonly asOf: string;
  /** Why it gave no answer, for people; empty where it did. */
  readonly detail: string;
}

/** What is wrong with what a finder said; null for nothing. `delivered`: somebody else saw that the mail arrived. */
export type FinderTrouble = Exclude<FinderStatus, 'answered' | 'off'> | 'names nobody' | 'cut off';

export function troubleWith(finder: FinderAnswer, delivered: boolean): FinderTrouble | null {
  if (finder.status === 'off') return null;
  if (finder.status !== 'answered') return finder.status;
  if (finder.cutOff) return 'cut off';
  return finder.found === 0 && delivered ? 'names nobody' : null;
}

/** For the card: one line for each finder that leaves something open. `again`: whether it will be asked once more. */
export function finderLines(finders: readonly FinderAnswer[], delivered: boolean, again: boolean): readonly string[] {
  return finders.flatMap((finder) => {
    const trouble = troubleWith(finder, delivered);
    // That tracking told only a part is a line of its own, whatever the reason.
    return trouble === null || trouble === 'cut off'
      ? []
      : [WORDS[trouble](finder, again ? ' It is asked again by itself.' : '')];
  });
}

/** As a finder is called where a sentence begins; one that is not here goes by its name. */
const TITLES: Readonly<Record<string, string>> = { hunting: 'Advanced hunting' };
const titleOf = ({ name }: FinderAnswer) => TITLES[name] ?? name;

const OPEN = 'who else received it is not known';
const why = ({ detail }: FinderAnswer) => (detail === '' ? '' : ` (${inertOr(detail, 'no reason given', 80)})`);

const WORDS: Readonly<Record<Exclude<FinderTrouble, 'cut off'>, (finder: FinderAnswer, again: string) => string>> = {
  'no id': (finder) => `${titleOf(finder)} could not be asked: the alert holds no id that it knows. Here ${OPEN}.`,
  refused: (finder) => `${titleOf(finder)} refused the question${why(finder)}, ${shortTime(finder.asOf)}: ${OPEN}.`,
  busy: (finder, again) => `${titleOf(finder)} asked to wait, ${shortTime(finder.asOf)}: ${OPEN} yet.${again}`,
  silent: (finder, again) =>
    `${titleOf(finder)} gave no answer${why(finder)}, ${shortTime(finder.asOf)}: ${OPEN} yet.${again}`,
  'names nobody': (finder) =>
    `${titleOf(finder)} named no delivery of this mail, ${shortTime(finder.asOf)}, though it was delivered: it shows mail minutes late, so there may be more copies.`,
};

/** What a list was made of: the finders that answered, and what alerts name as recipients. */
export function foundBy(finders: readonly FinderAnswer[], hasRecipients: boolean): string {
  const answered = finders.flatMap(({ name, status }) => (status === 'answered' ? [name] : []));
  const all = hasRecipients || answered.length === 0 ? [...answered, 'recipients'] : answered;
  const last = all.at(-1) ?? '';
  return all.length > 1 ? `${all.slice(0, -1).join(', ')} and ${last}` : last;
}

/** `hunting and recipients; hunting named 12 deliveries, as of 20 Nov 08:00 UTC`. */
export function foundByWords({
  foundBy: by,
  finders,
}: {
  readonly foundBy: string;
  readonly finders: readonly FinderAnswer[];
}): string {
  const told = finders.flatMap(({ name, status, found, asOf }) =>
    status === 'answered' ? [`${name} named ${count(found, 'delivery', 'deliveries')}, as of ${shortTime(asOf)}`] : [],
  );
  return [by, ...told].join('; ');
}
