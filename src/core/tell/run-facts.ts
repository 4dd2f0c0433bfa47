import { type Action, definitionOf, isUndo, putBy } from '../action/action.ts';
import {
  noOutcomes,
  OUTCOMES,
  type Outcome,
  type OutcomeCounts,
  SEEN_BACK,
  SEEN_GONE,
  type Troubled,
} from '../action/outcome.ts';
import type { Put } from '../action/put.ts';
import type { Elsewhere, Incident, Situation } from '../incident/incident.ts';
import type { Late } from '../record/late.ts';
import type { Recovered } from '../record/recovered.ts';

/** What is known of a case's runs, and where they left its copies. */

export interface RunFacts {
  readonly id: string;
  readonly action: Action;
  readonly planDigest: string;
  readonly mode: 'live' | 'dry-run';
  readonly cause: 'approved' | 'policy' | 'roll-back' | 'late';
  readonly state: 'running' | 'finished';
  /** ISO times. */
  readonly startedAt: string;
  readonly cancelledAt: string | null;
  readonly finishedAt: string | null;
  readonly total: number;
  readonly open: number;
  /** Open ones that wait because the mail service asked for it, or before another try. */
  readonly resting: number;
  readonly outcomes: OutcomeCounts;
  /** Only of the last run, and only where there was any. */
  readonly troubled?: readonly Troubled[];
}

/** Oldest first. */
interface Runs {
  readonly runs: readonly RunFacts[];
}

export interface Child {
  readonly id: string;
  /** Null for one that was retired. */
  readonly stands: Situation | null;
  /** Some of what was purged there may be readable again, or still. */
  readonly inSight?: boolean;
}

/** Where an undo leaves a copy that its owner sees again. */
/** Where an undo leaves a copy that it could not put back: out of its owner's sight. */
export const LEFT_OUT: readonly Outcome[] = ['stillThere', 'notAllowed', 'noMailbox', 'unreachable', 'failed'];

export const NOT_REMOVED: readonly Outcome[] = OUTCOMES.filter((outcome) => outcome !== 'removed');

/** Copies that runs removed or moved to Junk Email and no restore has brought back since. */
export function restorable(runs: readonly RunFacts[]): number {
  const { bin, junk } = outNow(runs);
  return bin + junk;
}

/** How many of them lie where. An undo takes back what was removed first: what lay in Junk Email before is there again. */
export function outNow(runs: readonly RunFacts[]): Readonly<Record<Put, number>> {
  let now = { bin: 0, junk: 0 };
  for (const run of runs) {
    const out = outBy(run);
    if (out > 0 && putBy(run.action) === 'junk') now = { ...now, junk: now.junk + out };
    else if (now.bin + out >= 0) now = { ...now, bin: now.bin + out };
    else now = { bin: 0, junk: now.junk + now.bin + out };
  }
  return now;
}

function outBy({ action, cause, outcomes }: RunFacts): number {
  const sum = (of: readonly Outcome[]) => of.reduce((all, outcome) => all + outcomes[outcome], 0);
  // Its copies had been put back and were out again: what it puts back was not counted as removed.
  if (cause === 'late' && isUndo(action)) return sum(LEFT_OUT);
  if (isUndo(action)) return -sum(SEEN_BACK);
  // Its copies had been removed and were back: what it removes was counted then.
  if (cause === 'late') return -sum(NOT_REMOVED);
  return putBy(action) === null ? 0 : outcomes[definitionOf(action).done];
}

/** Copies of which an analyst still has to think. */
export const TROUBLE: readonly Outcome[] = [
  'stillThere',
  'notAllowed',
  'failed',
  'movedByUser',
  'unreachable',
  'noMailbox',
  'vanished',
  'cancelled',
];
/** Every copy of the run, and not merely those that could be looked at. */
export function allSeenGone({ outcomes, total }: Pick<RunFacts, 'outcomes' | 'total'>): boolean {
  return SEEN_GONE.reduce((sum, outcome) => sum + outcomes[outcome], 0) === total;
}

export function hasTrouble(outcomes: OutcomeCounts): boolean {
  return TROUBLE.some((outcome) => outcomes[outcome] > 0);
}

/** Copies that were out of sight when the last run ended and were seen in a mailbox again, without us. */
export function recoveredSince({ recovered, runs }: Runs & { readonly recovered: Recovered | null }): number {
  const run = runs.at(-1);
  return recovered && run && recovered.at > run.startedAt ? recovered.copies : 0;
}

/** Lists that grew out of this one, about which nobody decided, or whose copies may be readable after all. */
export function leftBehind({ children }: { readonly children: readonly Child[] }): readonly Child[] {
  return children.filter(({ stands, inSight }) => stands === 'expired' || inSight === true);
}

interface Purged extends Runs {
  readonly late: Late;
  readonly incident: Pick<Incident, 'elsewhere'>;
}

/** The undo of another incident that brought copies of the last run back. */
export function undoneElsewhere({ incident, runs }: Omit<Purged, 'late'>): Elsewhere | null {
  const run = runs.at(-1);
  const last = run && incident.elsewhere.findLast(({ at }) => at > run.startedAt);
  return last && isUndo(last.action) ? last : null;
}

/** Copies that a late request of an earlier undo brought back after the last run took them, and that were left there. */
export function leftBackSince({ runs, late }: Omit<Purged, 'incident'>): number {
  const run = runs.at(-1);
  return run ? late.leftBack.filter(({ at }) => at >= run.startedAt).length : 0;
}

/** Some of what was purged may be in front of people again, or still; apart from what its owner recovered. */
export function isInSight(purged: Purged): boolean {
  const outcomes = purged.runs.at(-1)?.outcomes ?? noOutcomes();
  return hasTrouble(outcomes) || undoneElsewhere(purged) !== null || leftBackSince(purged) > 0;
}
