import { type Action, isUndo, setsAside } from '../action/action.ts';
import type { Incident } from './incident.ts';

/** Acting first is for a mail of which nobody has said anything yet, or what was said last is that it goes. */

interface Done {
  readonly action: Action;
  readonly startedAt: string;
  readonly cancelledAt: string | null;
}

/**
 * Whoever had the mail brought back, ended its removal early, called it harmless, let its list lapse or chose Junk Email for
 * it does not want it taken out unasked. `runs`: of every list of the mail; `states`: of their incidents.
 */
export function mayActUnasked(runs: readonly Done[], states: readonly Incident['state'][]): boolean {
  if (states.includes('closed')) return false;
  const last = runs.reduce<Done | null>(
    (newest, run) => (newest && newest.startedAt > run.startedAt ? newest : run),
    null,
  );
  return last === null || (!isUndo(last.action) && !setsAside(last.action) && last.cancelledAt === null);
}
