import { overCap } from '../core/cap.ts';
import { askedTerms, BACK, type CaseFacts, LEFT_OUT } from '../core/case.ts';
import { type Action, advance, type Incident, policyActionOf } from '../core/incident.ts';
import type { Outcome } from '../core/outcome.ts';
import { blastRadius, type Plan } from '../core/plan.ts';
import { seatWords } from '../core/rule.ts';
import type { NewWorkItem, Run } from '../ports/runs.ts';
import type { Tx } from '../ports/store.ts';
import type { Flow } from './flow.ts';
import { announce, record } from './record.ts';
import { isTampered } from './trust.ts';
import { NOT_WAITING } from './wait.ts';

/** A run begins: in the transaction of what allows it, so that the run exists if and only if the permission does. */

export interface Start {
  readonly incident: Incident;
  readonly plan: Plan;
  readonly action: Action;
  readonly cause: Run['cause'];
  readonly approvedBy: readonly string[];
  /** For the record: which rule, which seats, and what more was needed. */
  readonly because: Readonly<Record<string, string | number>>;
  /** By default what the plan lists; for an undo, what was removed and not put back. */
  readonly items?: readonly NewWorkItem[];
}

/** Answers how many copies it is about. The caller holds the incident and the brake. */
export async function startRun(flow: Flow, tx: Tx, { incident, plan, action, cause, ...by }: Start): Promise<number> {
  const step = `${action}-approved` as const;
  const state = advance(incident.state, step);
  if (!state || !incident.planDigest) throw new Error(`${action} cannot start in state ${incident.state}`);
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
        approvedBy: by.approvedBy.join(' '),
        ...by.because,
      },
    },
  ]);
  await announce(flow, tx, incident.id, { state, runId: id, ...NOT_WAITING });
  await tx.jobs.send({ queue: 'run', run: id });
  return items.length;
}

async function itemsFor(tx: Tx, action: Action, { id }: Incident, plan: Plan): Promise<readonly NewWorkItem[]> {
  return action === 'restore' ? removedCopies(tx, id) : plan.copies.map((copy) => ({ ...copy, before: null }));
}

/** What purges took out and no restore has brought back, each with its state from before the purge. */
export async function removedCopies(tx: Tx, incident: string): Promise<NewWorkItem[]> {
  const out = new Map<string, NewWorkItem>();
  const key = (item: NewWorkItem) => `${item.mailbox} ${item.message}`;
  for (const run of await tx.runs.ofIncident(incident)) {
    for (const item of await withOutcome(tx, run, takenOutBy(run))) out.set(key(item), item);
    for (const item of await withOutcome(tx, run, run.action === 'restore' ? BACK : [])) out.delete(key(item));
  }
  return [...out.values()];
}

/** Outcomes after which a copy is out of its owner's sight. What a `late` run is about was out again before it. */
function takenOutBy({ action, cause }: Run): readonly Outcome[] {
  if (cause === 'late') return LEFT_OUT;
  return action === 'purge' || action === 'contain' ? ['removed'] : [];
}

async function withOutcome(tx: Tx, { id }: Run, outcomes: readonly Outcome[]): Promise<readonly NewWorkItem[]> {
  const found: NewWorkItem[] = [];
  for (const outcome of outcomes) found.push(...(await tx.work.all(id, outcome)));
  return found;
}

/**
 * Act first, where the policy has a rule for it: a containment can be undone without loss, so it may run before people
 * have looked. Over a cap, in a dry run, or where it could never be confirmed, people are asked first after all.
 */
export async function containAtOnce(flow: Flow, tx: Tx, facts: CaseFacts): Promise<void> {
  const { incident, plan, policy, lastHour } = facts;
  const terms = askedTerms(plan, 'contain');
  // Only on the word of somebody who may be believed that far, and not while it is unclear who must not decide.
  if (!incident.alert.from.claims.actFirst || incident.alert.unreadablePeople) return;
  // What one person took in is asked about first, whatever the rule says of what a source names.
  if (incident.takenIn.length > 0) return;
  if (!plan || !terms || plan.copies.length === 0 || plan.mode !== 'live') return;
  if (advance(incident.state, 'contain-approved') === null || plan.tooFew.includes('contain')) return;
  const { mailboxes } = blastRadius(plan.copies);
  if (overCap(policy.caps, lastHour, { mailboxes, people: [] })) return;
  if (await isTampered(flow, tx, incident)) return;
  await startRun(flow, tx, {
    incident,
    plan,
    action: 'contain',
    cause: 'policy',
    approvedBy: [],
    because: { rule: terms.rule, confirm: seatWords(terms.seats) },
  });
}

/** The mail comes back by itself: nobody confirmed the containment in time. */
export async function rollBack(flow: Flow, tx: Tx, facts: Pick<CaseFacts, 'incident' | 'plan'>): Promise<void> {
  if (!facts.plan) return;
  await startRun(flow, tx, {
    incident: facts.incident,
    plan: facts.plan,
    action: 'restore',
    cause: 'roll-back',
    approvedBy: [],
    because: { rule: askedTerms(facts.plan, 'contain')?.rule ?? '', why: 'not confirmed in time' },
  });
}
