import { actionStored, isUndoable } from '../action/action.ts';
import type { Situation } from '../incident/incident.ts';
import { count, inertOr, shortTime } from '../text.ts';
import type { Recorded } from './ledger.ts';

/** Requests that came, or were answered, when nobody waited for them any more, as the record tells of them. */

export interface Late {
  /** Answered after the removal that they belong to had ended. */
  readonly afterTheEnd: readonly LateCopy[];
  /** Back although it was removed, and left there. */
  readonly leftBack: readonly LateCopy[];
  /** Taken out by a removal that was told as not done, or that came after the undo. */
  readonly takenOut: readonly (LateCopy & { readonly run: string })[];
  /** Whether anything happened to it is not known. */
  readonly unknown: readonly LateCopy[];
}

interface LateCopy {
  readonly address: string;
  /** ISO time. */
  readonly at: string;
}

export const NO_LATE: Late = { afterTheEnd: [], leftBack: [], takenOut: [], unknown: [] };

type Told = Recorded<'copy.late'>;

/** After which it is known what became of a copy. */
const KNOWN: readonly unknown[] = ['came true', 'seen since'];

/** `entries`: oldest first. */
export function lateIn(entries: readonly Told[]): Late {
  const those = (is: (entry: Told) => boolean) =>
    entries.filter(is).map(({ at, detail }) => ({ at, address: detail.address }));
  const isOut = ({ outcome, detail }: Told) =>
    outcome === 'came true' || (outcome === 'taken out again' && detail.left);
  const isUnknown = ({ outcome, mailbox, message, at }: Told) =>
    outcome === 'not known' &&
    !entries.some((one) => {
      const isAbout = one.mailbox === mailbox && one.message === message;
      return isAbout && one.at >= at && KNOWN.includes(one.outcome);
    });
  return {
    afterTheEnd: those(({ detail }) => detail.ended && isUndoableRemoval(detail.action)),
    leftBack: those(({ outcome, detail }) => outcome === 'put back again' && detail.left),
    takenOut: entries.filter(isOut).map(({ at, detail }) => {
      return { at, address: detail.address, run: detail.run ?? '' };
    }),
    unknown: those(isUnknown),
  };
}

function isUndoableRemoval(name: unknown): boolean {
  const action = actionStored(name);
  return action !== null && isUndoable(action);
}

interface Last {
  readonly id: string;
  readonly startedAt: string;
  readonly action: string;
}

/**
 * Copies that a removal took out which came late, where nothing that was decided stands behind that, nor put them back
 * since. What the last run was to take out is told as taken out.
 */
export function takenOutSince({ takenOut }: Late, last: Last | undefined, situation: Situation): Late['takenOut'] {
  const isMeant =
    situation === 'purged' || situation === 'junked' || situation === 'contained' || situation === 'running';
  return takenOut.filter(({ at, run }) => at > (last?.startedAt ?? '') && !(isMeant && run === last?.id));
}

/** `last`: what came before this run began is told by what it saw. */
export function lateLines(late: Late, last: Last | undefined, situation: Situation): readonly string[] {
  const since = last?.startedAt ?? '';
  const removed = isUndoableRemoval(last?.action);
  const line = (copies: readonly LateCopy[], words: (n: string, first: string) => string) => {
    const told = copies.filter(({ at }) => at >= since);
    const [first] = told;
    const n = new Set(told.map(({ address }) => address)).size;
    if (!first) return [];
    return [
      words(count(n, 'mailbox', 'mailboxes'), `${inertOr(first.address, 'unnamed', 80)} first, ${shortTime(first.at)}`),
    ];
  };
  const recovered = line(
    removed ? late.afterTheEnd : [],
    (n, first) =>
      `A removal in ${n} was answered only after the run had ended, ${first}: what its owner had recovered by then may be out again. Undo brings it back.`,
  );
  const isAsked = situation === 'received' || situation === 'open' || situation === 'flagged';
  const way = isAsked ? 'Once this is decided, undo brings it back.' : 'Undo brings it back.';
  return [
    ...line(
      takenOutSince(late, last, situation),
      (n, first) => `A removal that came late took the mail out in ${n}, ${first}, after what was told here. ${way}`,
    ),
    ...recovered,
    ...line(
      late.leftBack,
      (n, first) => `A request of an earlier undo came late in ${n}, ${first}: the mail is back there. Left alone.`,
    ),
    ...line(
      late.unknown,
      (n, first) =>
        `Whether a request that came late changed anything in ${n} is not known, ${first}: no clear answer for 15 minutes. Look there.`,
    ),
  ];
}
