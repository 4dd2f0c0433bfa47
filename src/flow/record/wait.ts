import { ACTIONS, type Action, isUndo } from '../../core/action/action.ts';
import type { Escalation } from '../../core/ask/policy.ts';
import type { Plan } from '../../core/find/plan.ts';
import { canRequest, type Incident, type Situated, type Situation, situationOf } from '../../core/incident/incident.ts';
import type { Recorded } from '../../core/record/ledger.ts';
import type { EntryType } from '../../core/record/payloads.ts';
import { askedTerms, leadAction } from '../../core/tell/case.ts';
import { nextTickMs } from '../../core/tell/ticks.ts';
import type { IncidentChange, Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';

/** Waiting for a decision: until when, and who is called in between. All of it is in the row; the jobs only wake us. */

const MINUTE_MS = 60_000;
/** How long a plan for which the policy allows nothing stays in sight. */
const NOTHING_ASKED_MINUTES = 60;
type Waiting = Pick<IncidentChange, 'askedAt' | 'deadline' | 'nudges' | 'nudgeAt'>;

export const NOT_WAITING: Waiting = { askedAt: null, deadline: null, nudges: 0, nudgeAt: null };

/** From now on a decision is waited for; sends the jobs that will look after it. */
export async function waitFor(
  flow: Pick<Flow, 'clock'>,
  tx: Tx,
  { id, situation, plan }: { readonly id: string; readonly situation: Situation; readonly plan: Plan },
): Promise<Waiting> {
  const now = Date.parse(flow.clock.now());
  const minutes = longestExpiry(plan, situation);
  const [first] = escalationOf(plan, situation);
  await tx.jobs.send({ queue: 'expire', incident: id }, nextTickMs(minutes * MINUTE_MS));
  if (first) await tx.jobs.send({ queue: 'remind', incident: id }, first.afterMinutes * MINUTE_MS);
  return {
    askedAt: new Date(now).toISOString(),
    deadline: new Date(now + minutes * MINUTE_MS).toISOString(),
    nudges: 0,
    nudgeAt: nudgeTime(new Date(now).toISOString(), first),
  };
}

/** Question and entry are written in one transaction; by clocks that may be set in between. */
const SLACK_MS = 60_000;

/** Since when a decision is waited for decides who is asked. Incidents of earlier versions do not say so. */
export function waitBreach(
  { askedAt, deadline, ...incident }: Situated & Pick<Incident, 'askedAt' | 'deadline'>,
  entries: readonly Recorded[],
): string | null {
  const began = BEGINS_WAIT[situationOf(incident)];
  const entry = began && entries.findLast(({ type }) => type === began);
  if (!entry || askedAt === null) return null;
  const isThen = Math.abs(Date.parse(askedAt) - Date.parse(entry.at)) <= SLACK_MS;
  return isThen && deadline !== null ? null : 'since when and until when it waits differs from the record';
}

const BEGINS_WAIT: Readonly<Partial<Record<Situation, EntryType>>> = {
  open: 'plan.made',
  flagged: 'run.finished',
  contained: 'run.finished',
};

/** Until when is waited is in the plan; whoever changes the row asks for less time, or for ever. */
export function deadlineBreach(
  { askedAt, deadline, ...incident }: Situated & Pick<Incident, 'askedAt' | 'deadline'>,
  plan: Plan,
): string | null {
  if (incident.state !== 'open' || askedAt === null || deadline === null) return null;
  const until = Date.parse(askedAt) + longestExpiry(plan, situationOf(incident)) * MINUTE_MS;
  return Date.parse(deadline) === until ? null : 'until when it waits differs from its plan';
}

/** When a step is due, ISO time; null without a step. */
export function nudgeTime(askedAt: string | null, step: Escalation | undefined): string | null {
  return askedAt && step ? new Date(Date.parse(askedAt) + step.afterMinutes * MINUTE_MS).toISOString() : null;
}

function longestExpiry(plan: Plan, situation: Situation): number {
  const open = (action: Action) => !isUndo(action) && canRequest(situation, action);
  const expiries = ACTIONS.filter(open).map((action) => askedTerms(plan, action)?.expiryMinutes ?? 0);
  return Math.max(...expiries) || NOTHING_ASKED_MINUTES;
}

/** The steps towards the decision that is waited for, in order of time. */
export function escalationOf(plan: Plan | null, situation: Situation): readonly Escalation[] {
  const action = leadAction(plan, situation);
  return (action && askedTerms(plan, action)?.escalation) ?? [];
}
