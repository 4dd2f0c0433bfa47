import { type MeasureList, mayBeDone } from '../find/measure-list.ts';
import { isUndoable } from '../measure/kinds.ts';
import { leavesSomething } from '../measure/outcome.ts';
import { doneWith, errandOn, intentsSince, type MeasureAccount } from './measures.ts';

/** Where a list of measures stands, and what can be asked for now: from the record alone. */

export type MeasuresStand =
  /** Nothing of it may be done: it only shows why. */
  | 'barred'
  | 'asked'
  | 'expired'
  | 'declined'
  | 'running'
  /** Some of it was left, because people ended it. */
  | 'cancelled'
  | 'ended';

export function standOf(list: MeasureList, account: MeasureAccount, now: string): MeasuresStand {
  const may = mayBeDone(list);
  if (may.length === 0) return 'barred';
  if (may.some(({ n }) => errandOn(account, n) !== null)) return 'running';
  const outcome = account.closed?.outcome;
  if (account.begun.length > 0) return outcome === 'cancelled' ? 'cancelled' : 'ended';
  if (outcome === 'declined' || outcome === 'expired') return outcome;
  return now >= list.until ? 'expired' : 'asked';
}

/** Numbers of the measures that something of ours is left of, and that can be put back. */
export function backable(list: MeasureList, account: MeasureAccount): readonly number[] {
  return mayBeDone(list)
    .filter(({ n, kind }) => isUndoable(kind) && errandOn(account, n) === null && isLeft(account, n))
    .map(({ n }) => n);
}

const BACK: ReadonlySet<string> = new Set(['put-back', 'as-before']);

function isLeft(account: MeasureAccount, n: number): boolean {
  const applied = doneWith(account, n, 'apply');
  const last = doneWith(account, n);
  return applied !== null && leavesSomething(applied.outcome) && !(last?.errand === 'back' && BACK.has(last.outcome));
}

/** Those of the errand under way that nobody has set out to do: what a cancellation leaves alone. */
function notBegun(list: MeasureList, account: MeasureAccount): readonly number[] {
  return mayBeDone(list).flatMap(({ n }) => {
    const errand = errandOn(account, n);
    return errand && intentsSince(account, n, errand.order).length === 0 ? [n] : [];
  });
}

/** What a vote can be for. `back 3`: just that one. */
export type Purpose = 'apply' | 'decline' | 'cancel' | 'back' | `back ${number}`;

/** The measures that a vote for this is about; none where it cannot be asked for now. */
export function aboutNow(list: MeasureList, account: MeasureAccount, of: Purpose, now: string): readonly number[] {
  const stand = standOf(list, account, now);
  switch (of) {
    case 'apply':
    case 'decline':
      return stand === 'asked' ? mayBeDone(list).map(({ n }) => n) : [];
    case 'cancel':
      return account.closed === null ? notBegun(list, account) : [];
    case 'back':
      return backable(list, account);
    default:
      return backable(list, account).filter((n) => of === `back ${n}`);
  }
}
