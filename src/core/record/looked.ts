import { type FinderAnswer, finderLines, troubleWith } from '../find/finder.ts';
import type { Plan } from '../find/plan.ts';
import { count, inertOr, shortTime } from '../text.ts';
import type { Recorded } from './ledger.ts';
import type { LookDetail } from './payload-find.ts';

/** Looking again after the plan: what tracking shows late, and mailboxes that gave no clear answer. */

/**
 * `trouble`: sooner, because something gave no answer. `lag`: at the times that are set, whatever there was. `alert`: at once,
 * because an alert told by what else the mail is known, and there is no copy in the list.
 */
export type LookReason = 'lag' | 'trouble' | 'alert';

/** What a look could not look into, or not call a copy: each is told in words of its own. */
export interface LeftOpen {
  readonly denied: number;
  readonly unreachable: number;
  readonly missing: number;
  readonly unresolved: number;
  readonly unresolvedFirst: string | null;
  readonly notLooked: number;
  /** Mailboxes with a copy that the policy never touches and the list does not name, and the set of the first. */
  readonly shielded: number;
  readonly shieldedBy: string | null;
  /** Mails that agree in part and are in no group of the list. */
  readonly unsure: number;
}

/** Of a list that was not looked for again. */
export function leftOf(plan: Plan): LeftOpen {
  return {
    denied: plan.denied.length,
    unreachable: plan.unreachable.length,
    missing: plan.missing.length,
    unresolved: plan.unresolved.length,
    unresolvedFirst: plan.unresolved[0] ?? null,
    notLooked: plan.notLooked,
    shielded: 0,
    shieldedBy: null,
    unsure: 0,
  };
}

/** What the newest look saw. A look is told from the record, where it was written down. */
export interface Looked {
  /** ISO time. */
  readonly at: string;
  /** What each of them said; where one was cut off, none of them is whole. */
  readonly finders: readonly FinderAnswer[];
  /** Copies that no list held. */
  readonly grown: number;
  /** Mailboxes that gave no clear answer, and the first of them. */
  readonly failed: number;
  readonly failedFirst: string | null;
  /** Null in looks from before it was kept. */
  readonly left: LeftOpen | null;
  /** Whether what gave no answer is asked once more before the next set time. */
  readonly again: boolean;
}

export function lookedDetail({ finders, grown, failed, failedFirst, left, again }: Looked): LookDetail {
  const said = finders.map(({ name, status, found, cutOff, detail }) => ({ name, status, found, cutOff, detail }));
  return { finders: said, grown, failed, failedFirst, left, again };
}

/** Null for entries of other kinds, and for a list looked at when its run began from before that was kept. */
export function lookedIn(entry: Recorded): Looked | null {
  if (entry.type !== 'scope.looked' && entry.type !== 'scope.checked') return null;
  const { at, detail } = entry;
  return detail.look && { ...detail.look, at, finders: detail.look.finders.map((said) => ({ ...said, asOf: at })) };
}

const COUNTS = ['denied', 'unreachable', 'missing', 'unresolved', 'notLooked', 'shielded', 'unsure'] as const;

/**
 * Where tracking gave no whole answer, fewer mailboxes were looked into than before: what an earlier look saw there stays
 * said. Who gave no answer is asked anew in any case.
 */
export function keptFrom(before: Before, now: Looked): Looked {
  if (now.finders.every(({ status, cutOff }) => status === 'answered' && !cutOff)) return now;
  const wasCut = ({ name }: FinderAnswer) => saidBefore(before, name)?.cutOff === true;
  const finders = now.finders.map((finder) => ({ ...finder, cutOff: finder.cutOff || wasCut(finder) }));
  if (!now.left || !before.left) return { ...now, finders };
  const { shielded, shieldedBy, unsure } = before.left;
  const left = {
    ...now.left,
    ...(shielded > now.left.shielded ? { shielded, shieldedBy } : {}),
    ...(unsure > now.left.unsure ? { unsure } : {}),
  };
  return { ...now, finders, left };
}

const saidBefore = ({ finders }: Before, finder: string) => finders.find(({ name }) => name === finder);

/** For the card, in place of what the plan says of the same. */
export function lookedLines(looked: Looked, delivered: boolean): readonly string[] {
  const { at, finders, failed, failedFirst, left } = looked;
  const when = shortTime(at);
  return [
    ...finderLines(finders, delivered, looked.again),
    ...(failed > 0
      ? [
          `${count(failed, 'mailbox', 'mailboxes')} gave no clear answer when looked into again, ${inertOr(failedFirst, 'unnamed', 80)} first, ${when}: whether there is a copy is not known.`,
        ]
      : []),
    ...(left && left.unsure > 0
      ? [
          `${count(left.unsure, 'mail that may be this one', 'mails that may be this one')} turned up after this list was made: look again to see what differs and to take in what is this mail.`,
        ]
      : []),
    // Only where tracking answered, and everybody whom it named could be looked into, was everything looked through.
    ...(looked.grown === 0 && failed === 0 && isWhole(left) && isAnswered(finders, delivered)
      ? [`Looked again ${when}: no further copy.`]
      : []),
  ];
}

function isWhole(left: LeftOpen | null): boolean {
  return left === null || COUNTS.every((kind) => left[kind] === 0);
}

function isAnswered(finders: readonly FinderAnswer[], delivered: boolean): boolean {
  const isSound = finders.every((finder) => troubleWith(finder, delivered) === null);
  return isSound && finders.some(({ status }) => status === 'answered');
}

const MINUTE_MS = 60_000;
/** Then the looks at set times go on with it. */
const MOST_TROUBLE_LOOKS = 5;

/** Whether what gave no answer is asked once more before the next set time. `nth`: from 0, of the looks for that reason. */
export const isAskedSoon = (nth: number) => nth < MOST_TROUBLE_LOOKS;

/** How long until then, at least. */
export const troubleWaitMs = (nth: number) => 2 ** nth * MINUTE_MS;

/** Whether something of it gave no answer that may be had later. */
export function leavesTrouble({ finders, failed }: Pick<Looked, 'finders' | 'failed'>): boolean {
  return failed > 0 || finders.some(({ status }) => status === 'busy' || status === 'silent');
}

/** What is told already. */
export type Before = Pick<Looked, 'finders' | 'failed' | 'left'>;

function isOtherThan({ status, found, cutOff }: FinderAnswer, before: FinderAnswer | undefined): boolean {
  return status !== before?.status || found !== before.found || cutOff !== before.cutOff;
}

/** Whether people would want to hear of it. */
export function isNews(now: Looked, before: Before): boolean {
  return (
    now.grown > 0 ||
    now.failed !== before.failed ||
    now.finders.some((finder) => isOtherThan(finder, saidBefore(before, finder.name))) ||
    COUNTS.some((kind) => now.left?.[kind] !== before.left?.[kind])
  );
}
