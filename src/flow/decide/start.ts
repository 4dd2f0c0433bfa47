import { type Action, isApprovedRemoval, isUndo, policyActionOf, UNDO } from '../../core/action/action.ts';
import { overCap } from '../../core/ask/cap.ts';
import { isTakenBack } from '../../core/find/alert.ts';
import { blastRadius, type Plan, targetKey } from '../../core/find/plan.ts';
import { mayActUnasked } from '../../core/incident/act-first.ts';
import { advance, type Incident, situationOf } from '../../core/incident/incident.ts';
import type { DetailOf } from '../../core/record/payloads.ts';
import { atOnce, type CaseFacts } from '../../core/tell/case.ts';
import type { Held } from '../../ports/held.ts';
import type { NewWorkItem, Run } from '../../ports/runs.ts';
import type { Brake, Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { riseWhereDue } from '../record/cards.ts';
import { coveredElsewhere, keptFor } from '../record/covered.ts';
import { announce, record } from '../record/record.ts';
import { copiesToUndo } from '../record/removed.ts';
import { isTampered } from '../record/trust.ts';
import { NOT_WAITING } from '../record/wait.ts';

/** A run begins: in the transaction of what allows it, so that the run exists if and only if the permission does. */

export interface Start {
  readonly incident: Held<Incident>;
  /** Held: a stop comes before a start or after it, never in between. */
  readonly brake: Held<Brake>;
  readonly plan: Plan;
  readonly action: Action;
  readonly cause: Run['cause'];
  readonly approvedBy: readonly string[];
  /** For the record: which rule, which seats, and what more was needed. */
  readonly because: Because;
  /** By default what the plan lists; for an undo, what was removed and not put back. */
  readonly items?: readonly NewWorkItem[];
}

type Because = Partial<Pick<DetailOf<'run.started'>, 'rule' | 'seats' | 'over' | 'confirm' | 'why' | 'of' | 'leftFor'>>;
const NO_REASON = { rule: null, seats: [], over: null, confirm: [], why: null, of: null, leftFor: [] };

/** Answers how many copies it is about. */
export async function startRun(
  flow: Deciding,
  tx: Tx,
  { incident, plan, action, cause, brake: _, ...by }: Start,
): Promise<number> {
  const step = `${action}-${cause === 'late' && isApprovedRemoval(action) ? 'once-more' : 'approved'}` as const;
  const state = advance(situationOf(incident), step);
  if (!state || !incident.planDigest) throw new Error(`${action} cannot start in state ${situationOf(incident)}`);
  const id = flow.clock.id();
  const items = by.items ?? (await itemsFor(tx, action, incident, plan));
  const run: Run = {
    id,
    incident: incident.id,
    action,
    planDigest: incident.planDigest,
    mode: plan.mode,
    cause,
    state: 'running',
    approvedBy: by.approvedBy,
    mailboxes: new Set(items.map(({ mailbox }) => mailbox)).size,
    startedAt: flow.clock.now(),
    rescopedAt: null,
    cancelledAt: null,
    finishedAt: null,
  };
  await tx.runs.start(run, items);
  await record(flow, tx, [
    {
      type: 'run.started',
      incident: incident.id,
      planDigest: run.planDigest,
      detail: {
        action: policyActionOf(action),
        cause,
        mode: run.mode,
        run: id,
        copies: items.length,
        mailboxes: run.mailboxes,
        policy: plan.policy,
        approvedBy: by.approvedBy,
        ...NO_REASON,
        ...by.because,
      },
    },
  ]);
  await announce(flow, tx, incident.id, { state, runId: id, ...NOT_WAITING });
  await tx.jobs.send({ queue: 'run', run: id });
  return items.length;
}

async function itemsFor(tx: Tx, action: Action, incident: Incident, plan: Plan): Promise<readonly NewWorkItem[]> {
  return isUndo(action) ? copiesToUndo(tx, incident) : plan.copies.map((copy) => ({ ...copy, before: null }));
}

/** What can be told before everything is read that a card may want to know: of most mails nothing is done unasked. */
export function mayContain({ alert, takenIn }: Pick<Incident, 'alert' | 'takenIn'>, plan: Plan): boolean {
  // Only on the word of somebody who may be believed that far, and not while it is unclear who must not decide.
  if (!alert.from.claims.actFirst || alert.unreadablePeople) return false;
  // Whoever it was has taken it back.
  if (isTakenBack(alert)) return false;
  // What one person took in is asked about first, whatever the rule says of what a source names.
  if (takenIn.length > 0) return false;
  return atOnce(plan) !== null && plan.copies.length > 0 && plan.mode === 'live';
}

/**
 * Act first, where the policy has a rule for it: a containment can be undone without loss, so it may run before people
 * have looked. Over a cap, in a dry run, or where it could never be confirmed, people are asked first after all.
 */
export async function containAtOnce(flow: Deciding, tx: Tx, facts: CaseFacts, brake: Held<Brake>): Promise<void> {
  const { incident, plan, policy, lastHour, runs } = facts;
  const allowed = atOnce(plan);
  // What became of an earlier list is the last word on the mail until people give another.
  if (!mayActUnasked(runs, [])) return;
  if (!plan || !allowed || !mayContain(incident, plan)) return;
  const { action, terms } = allowed;
  if (advance(situationOf(incident), `${action}-approved`) === null || plan.tooFew.includes(action)) return;
  const { mailboxes } = blastRadius(plan.copies);
  if (overCap(policy.caps, lastHour, { mailboxes, people: [] })) return;
  const held = await tx.incidents.lock(incident.id);
  if (!held || (await isTampered(flow, tx, held))) return;
  await startRun(flow, tx, {
    incident: held,
    plan,
    action,
    cause: 'policy',
    brake,
    approvedBy: [],
    because: { rule: terms.rule, confirm: terms.seats },
  });
  await riseWhereDue(flow, tx, incident.id);
}

/**
 * The mail comes back by itself: nobody confirmed the containment in time. What people approved the removal of in another
 * incident stays out.
 */
export async function rollBack(
  flow: Deciding,
  tx: Tx,
  { incident, plan }: { readonly incident: Held<Incident>; readonly plan: Plan | null },
  brake: Held<Brake>,
): Promise<void> {
  if (!plan) return;
  const removed = await copiesToUndo(tx, incident);
  const covered = await coveredElsewhere(tx, incident.id, removed, '');
  const back = removed.filter((item) => !covered.has(targetKey(item)));
  const kept = keptFor(covered, removed, flow.clock.now());
  if (kept.length > 0) await announce(flow, tx, incident.id, { elsewhere: [...incident.elsewhere, ...kept] });
  await startRun(flow, tx, {
    incident,
    plan,
    action: UNDO,
    cause: 'roll-back',
    brake,
    approvedBy: [],
    items: back,
    because: {
      rule: atOnce(plan)?.terms.rule ?? null,
      why: 'not confirmed in time',
      leftFor: kept.map((one) => one.incident),
    },
  });
}
