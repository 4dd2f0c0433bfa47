import { type CaseFacts, possible } from '../core/case.ts';
import { type ACTIONS, type Action, advance, type Incident } from '../core/incident.ts';
import type { Plan } from '../core/plan.ts';
import { type Approver, approverBehind, conflictOf, tally } from '../core/policy.ts';
import { count, inertOr } from '../core/text.ts';
import type { Press, Reply } from '../ports/desk.ts';
import type { NewWorkItem, Tx } from '../ports/store.ts';
import { factsOf } from './facts.ts';
import type { Flow } from './flow.ts';
import { details } from './look.ts';
import { actorOf, announce, record } from './record.ts';
import { type Refusal, refuse } from './refuse.ts';

const VERB_ACTIONS: Readonly<Record<string, Action>> = { purge: 'purge', flag: 'flag', undo: 'restore' };
const VERBS = new Set([...Object.keys(VERB_ACTIONS), 'reject', 'reopen', 'details']);
const MAX_REASON = 1_000;

/** A press that passed every check that does not depend on the verb. */
interface Ready {
  readonly press: Press;
  readonly incident: Incident;
  readonly approver: Approver;
}

/**
 * One press of a button. Who, where, on what and whether still: all is read again from the store; the press itself
 * is believed nothing but its ids. Vote, count, state, ledger entry and job are one transaction.
 */
export async function press(flow: Flow, pressed: Press): Promise<Reply> {
  return flow.store.transact(async (tx) => {
    const ready = await admit(flow, tx, pressed);
    if ('refusal' in ready) return refuse(flow, tx, pressed, ready.refusal, ready.approver);
    const reply = await act(flow, tx, ready);
    if ('refusal' in reply) return refuse(flow, tx, pressed, reply.refusal, ready.approver);
    flow.observe({ what: 'press', verb: pressed.verb, result: 'taken' });
    return reply;
  });
}

type Refused = { readonly refusal: Refusal; readonly approver: Approver | null };

async function admit(flow: Flow, tx: Tx, pressed: Press): Promise<Ready | Refused> {
  const { by } = pressed;
  const atHome = by.home === (by.platform === 'slack' ? flow.tenant.slackTeam : flow.tenant.id);
  const approver = atHome ? approverBehind(flow.policy, by.platform, by.id) : null;
  const no = (refusal: Refusal): Refused => ({ refusal, approver });
  if (!VERBS.has(pressed.verb)) return no({ code: 'unknown-button' });
  // PostgreSQL refuses U+0000 in any text: such an id must not become a query.
  const incident = pressed.incident.includes('\0') ? null : await tx.incidents.lock(pressed.incident);
  if (!incident) return no({ code: 'unknown-incident' });
  const cards = await tx.cards.of(incident.id);
  const card = cards.find((candidate) => candidate.platform === by.platform);
  if (card?.posting && !card.ref) return no({ code: 'too-early' });
  if (card?.ref?.channel !== pressed.card.channel || card.ref.message !== pressed.card.message)
    return no({ code: 'wrong-place' });
  if (!atHome) return no({ code: 'outsider' });
  if (!approver) return no({ code: 'unknown-person' });
  return { press: pressed, incident, approver };
}

async function act(flow: Flow, tx: Tx, ready: Ready): Promise<Reply | { readonly refusal: Refusal }> {
  const { press: pressed, incident, approver } = ready;
  if (pressed.verb === 'details') {
    const view = await details(flow, tx, incident.id, pressed.page);
    return view ? { kind: 'details', view } : { refusal: { code: 'unknown-incident' } };
  }
  if (pressed.digest !== (incident.planDigest ?? '')) return { refusal: { code: 'stale-card' } };
  if (isOver(flow, incident)) return { refusal: { code: 'expired' } };
  const plan = incident.planDigest ? await tx.incidents.plan(incident.planDigest) : null;
  const conflict = conflictOf(approver, plan, incident.alert);
  if (conflict) return { refusal: { code: conflict } };
  if (pressed.verb === 'reject') return reject(flow, tx, ready);
  if (pressed.verb === 'reopen') return reopen(flow, tx, ready);
  const action = VERB_ACTIONS[pressed.verb];
  return action && plan
    ? approve(flow, tx, ready, action, plan)
    : { refusal: { code: 'too-late', state: incident.state } };
}

/** The deadline binds even before the timer has fired. */
function isOver(flow: Flow, incident: Incident): boolean {
  return (
    incident.deadline !== null && flow.clock.now() >= incident.deadline && advance(incident.state, 'expired') !== null
  );
}

async function reject(flow: Flow, tx: Tx, { press: pressed, incident, approver }: Ready) {
  const state = advance(incident.state, 'rejected');
  if (!state) return { refusal: { code: 'too-late', state: incident.state } as const };
  const needReason = (problem: string): Reply => ({
    kind: 'reason-needed',
    incident: incident.id,
    digest: incident.planDigest ?? '',
    problem,
  });
  if (pressed.reason === null) return needReason('');
  const reason = pressed.reason.trim();
  if (reason === '') return needReason('Please say why this is not malicious.');
  if (reason.length > MAX_REASON) return needReason(`Please use at most ${MAX_REASON} characters.`);
  await record(flow, tx, [
    {
      type: 'decision.rejected',
      incident: incident.id,
      actor: actorOf(pressed.by, approver),
      platform: pressed.by.platform,
      planDigest: incident.planDigest,
      detail: { reason: reason.toWellFormed() },
    },
  ]);
  await announce(flow, tx, incident.id, {
    state,
    deadline: null,
    closedBy: approver.name,
    reason: reason.toWellFormed(),
  });
  return said(`${incident.id} is closed as not malicious. Nothing was touched.`);
}

async function reopen(flow: Flow, tx: Tx, { press: pressed, incident, approver }: Ready) {
  const state = advance(incident.state, 'reopened');
  if (!state) return { refusal: { code: 'too-late', state: incident.state } as const };
  await record(flow, tx, [
    {
      type: 'incident.reopened',
      incident: incident.id,
      actor: actorOf(pressed.by, approver),
      platform: pressed.by.platform,
      planDigest: incident.planDigest,
    },
  ]);
  await announce(flow, tx, incident.id, { state, deadline: null, closedBy: null, reason: null });
  await tx.jobs.send({ queue: 'scope', incident: incident.id });
  return said(`Looking again for copies of ${incident.id}. The new list needs new approvals.`);
}

async function approve(flow: Flow, tx: Tx, ready: Ready, action: Action, plan: Plan) {
  const { press: pressed, incident, approver } = ready;
  const facts = await factsOf(flow, tx, incident.id);
  if (!facts || !possible(facts)[action]) return { refusal: { code: 'too-late', state: incident.state } as const };
  const planDigest = pressed.digest;
  const at = flow.clock.now();
  const notBefore = action === 'restore' ? undoVotesSince(flow, at, facts.runs) : '';
  const vote = { person: approver.entraId, name: approver.name, platform: pressed.by.platform, action, planDigest, at };
  if (!(await tx.decisions.add(incident.id, vote, notBefore))) return { refusal: { code: 'repeated' } as const };

  const votes = await tx.decisions.list(incident.id);
  const result = tally(votes, { action, plan, planDigest, notBefore }, flow.policy, incident.alert);
  await record(flow, tx, [
    {
      type: 'decision.approved',
      incident: incident.id,
      actor: actorOf(pressed.by, approver),
      platform: pressed.by.platform,
      planDigest,
      detail: { action, count: result.people.length, needed: result.needed },
    },
  ]);
  if (!result.approved) {
    await announce(flow, tx, incident.id);
    return said(
      `Your approval of ${incident.id} counts: ${result.people.length} of ${result.needed}. Plan ${planDigest.slice(0, 8)}.`,
    );
  }
  const copies = await start(flow, tx, incident, action, plan, result.people);
  return said(
    `Approved. ${WORK[action]} ${count(copies, 'copy', 'copies')} of ${incident.id} now; the card shows what is seen.`,
  );
}

/** A purge or flag is open until the plan's deadline. An undo has none: its votes age, and each undo needs new ones. */
function undoVotesSince(flow: Flow, now: string, runs: CaseFacts['runs']): string {
  const aged = Date.parse(now) - flow.policy.expiryMinutes * 60_000;
  const lastUndo = runs.findLast((run) => run.action === 'restore');
  // Later than the votes that started the last one, which may bear the same millisecond.
  return new Date(lastUndo ? Math.max(aged, Date.parse(lastUndo.startedAt) + 1) : aged).toISOString();
}

const WORK: Readonly<Record<(typeof ACTIONS)[number], string>> = {
  purge: 'Purging',
  flag: 'Flagging',
  restore: 'Restoring',
};

/** The vote that completed the quorum starts the run, in its own transaction: the run exists if the approval does. */
async function start(flow: Flow, tx: Tx, incident: Incident, action: Action, plan: Plan, people: readonly string[]) {
  const state = advance(incident.state, `${action}-approved`);
  if (!state || !incident.planDigest) throw new Error(`${action} cannot start in state ${incident.state}`);
  const runId = flow.clock.id();
  const items =
    action === 'restore'
      ? await removedCopies(tx, incident.id)
      : plan.copies.map((copy) => ({ ...copy, before: null }));
  await tx.runs.start(
    {
      id: runId,
      incident: incident.id,
      action,
      planDigest: incident.planDigest,
      state: 'running',
      approvedBy: people,
      startedAt: flow.clock.now(),
      finishedAt: null,
    },
    items,
  );
  await record(flow, tx, [
    {
      type: 'run.started',
      incident: incident.id,
      planDigest: incident.planDigest,
      detail: { action, run: runId, copies: items.length, approvedBy: people.join(' ') },
    },
  ]);
  await announce(flow, tx, incident.id, { state, deadline: null, runId });
  await tx.jobs.send({ queue: 'run', run: runId });
  return items.length;
}

/** What purges took out and no restore has brought back, each with its state from before the purge. */
async function removedCopies(tx: Tx, incident: string): Promise<NewWorkItem[]> {
  const out = new Map<string, NewWorkItem>();
  const key = (item: NewWorkItem) => `${item.mailbox} ${item.message}`;
  for (const run of await tx.runs.ofIncident(incident)) {
    if (run.action === 'purge') for (const item of await tx.work.all(run.id, 'removed')) out.set(key(item), item);
    if (run.action === 'restore') for (const item of await tx.work.all(run.id, 'restored')) out.delete(key(item));
  }
  return [...out.values()];
}

function said(line: string): Reply {
  return { kind: 'said', lines: [inertOr(line, ' ', 400)] };
}
