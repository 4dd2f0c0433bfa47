import type { FlagTerms } from '../ask/flags.ts';
import type { MeasureList } from '../find/measure-list.ts';
import { instantOf, isoOf } from '../instant.ts';
import type { MeasuresStand } from '../record/measures-now.ts';
import { type FlagStep, stepsNow } from './steps.ts';

/**
 * Who is told when a list of measures waits too long: for votes, or for lines that an administrator is to run. It goes by the terms of
 * flagged mailboxes. Which steps are over stands in the record, so a restart changes nothing.
 */

export interface MeasureStep {
  /** Unique among the steps of one list. */
  readonly name: string;
  readonly about: 'votes' | 'by hand';
  readonly kind: FlagStep['kind'];
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The role that is told; null: those whom it waits for. */
  readonly role: string | null;
  /** Until when votes are taken, or when the lines are due; ISO time. */
  readonly dueAt: string;
}

export interface WaitingList {
  readonly list: Pick<MeasureList, 'at' | 'until'>;
  readonly stand: MeasuresStand;
  /** So many things for an administrator are open, as far as anybody can see. */
  readonly open: number;
  /** Names of steps that are over. */
  readonly over: readonly string[];
}

const HOUR_MS = 3_600_000;

/** What is to be told now, and when there will be more, milliseconds since 1970; null for never. */
export function measureStepsNow(
  waiting: WaitingList,
  terms: FlagTerms,
  now: number,
): { readonly due: readonly MeasureStep[]; readonly next: number | null } {
  const both = [votesNow(waiting, terms, now), byHandNow(waiting, terms, now)];
  const times = both.flatMap(({ next }) => next ?? []);
  return {
    due: both.flatMap(({ due }) => due),
    next: times.reduce<number | null>((first, time) => (first === null || time < first ? time : first), null),
  };
}

type Now = ReturnType<typeof measureStepsNow>;
const NOTHING: Now = { due: [], next: null };

/**
 * Hours that lie before it was asked say nothing: then halfway. Who is told instead has to be told while there is still something to
 * decide: halfway between the last reminder and the end. Of what was missed only the last is told.
 */
function votesNow({ list, stand, over }: WaitingList, { remindBefore, escalate }: FlagTerms, now: number): Now {
  if (stand !== 'asked') return NOTHING;
  const [from, until] = [instantOf(list.at), instantOf(list.until)];
  const named = remindBefore
    .map((hours) => ({ words: `${hours} h before`, at: until - hours * HOUR_MS }))
    .filter(({ at }) => at > from);
  const half = { words: 'halfway', at: from + (until - from) / 2 };
  const reminders = (named.length > 0 ? named : [half]).map(
    ({ words, at }): MeasureStep => ({
      ...OF_VOTES,
      name: `votes, ${words}`,
      kind: 'reminder',
      at,
      role: null,
      dueAt: list.until,
    }),
  );
  const last =
    reminders
      .map(({ at }) => at)
      .sort((a, b) => a - b)
      .at(-1) ?? from;
  const steps = [
    ...reminders,
    ...(escalate ? [escalation(escalate.to, last + (until - last) / 2, list.until)] : []),
  ].sort((a, b) => a.at - b.at);
  const passed = steps.filter(({ at }) => at <= now);
  const due = passed.slice(-1).filter(({ name }) => !over.includes(name));
  return { due, next: steps.find(({ at }) => at > now)?.at ?? null };
}

const OF_VOTES = { about: 'votes' } as const;

function escalation(role: string, at: number, dueAt: string): MeasureStep {
  return { ...OF_VOTES, name: `votes, escalated to ${role}`, kind: 'escalation', at, role, dueAt };
}

const BY_HAND = 'by hand, ';

/** What nobody decided about, or was decided against, is not asked of an administrator either. */
function byHandNow({ list, stand, open, over }: WaitingList, terms: FlagTerms, now: number): Now {
  if (open === 0 || stand === 'declined' || stand === 'expired') return NOTHING;
  const dueAt = isoOf(instantOf(list.at) + terms.dueHours * HOUR_MS);
  const steps = over.flatMap((name) => (name.startsWith(BY_HAND) ? [name.slice(BY_HAND.length)] : []));
  const like = { state: 'raised', dueAt, heldAt: null, since: list.at, raisedAt: list.at, steps } as const;
  const { due, next } = stepsNow(like, terms, now);
  return {
    due: due.map(({ name, kind, at, role }) => ({
      name: `${BY_HAND}${name}`,
      about: 'by hand',
      kind,
      at,
      role,
      dueAt,
    })),
    next,
  };
}
