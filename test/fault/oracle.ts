import type { Action } from '../../src/core/action/action.ts';
import type { Ask } from '../../src/core/ask/ask.ts';
import type { Policy, Seat } from '../../src/core/ask/policy.ts';
import type { Plan } from '../../src/core/find/plan.ts';
import type { Run } from '../../src/ports/runs.ts';
import { PEOPLE, PROTECTED, ROLES, type World } from './world.ts';

/**
 * What must hold after every step of a history, said anew and without the product's own counting: from what the history
 * itself pressed, and from what happened to the mailboxes.
 */

interface Pressed {
  readonly person: string;
  readonly action: Ask;
  readonly digest: string;
  readonly at: number;
  /** Whether the account was in order at that moment. */
  readonly enabled: boolean;
}

export interface Seen {
  readonly presses: Pressed[];
  readonly decoys: Set<string>;
  /** Digests of plans that somebody has changed in the store: nothing may come of them from then on. */
  readonly edited: Set<string>;
  /** Every plan as it was first seen. */
  readonly plans: Map<string, Plan>;
  /** Accounts that were deactivated, with the time. */
  effects: number;
  entries: number;
  /** Runs that were looked at already. */
  readonly runs: Set<string>;
}

const WRITES: Readonly<Record<string, readonly Action[]>> = {
  softDelete: ['purge', 'contain'],
  hardDelete: ['hard-purge'],
  toJunk: ['junk'],
  mark: ['flag'],
  putBack: ['restore'],
};
const keyOf = ({ mailbox, message }: { mailbox: string; message: string }) => `${mailbox} ${message}`;

/** Throws with what is wrong. `stopped`: no effect may have come since the last look. */
export async function check(world: World, seen: Seen, stopped: boolean): Promise<void> {
  const { runs, plans } = await stored(world, seen);
  const fresh = world.mail.effects.slice(seen.effects);
  if (stopped && fresh.length > 0) throw new Error('something was written while stopped');
  for (const { method, target } of fresh) checkEffect(world, seen, { method, key: keyOf(target) }, runs, plans);
  for (const run of runs)
    checkRun(run, plans.get(run.planDigest), seen, await policyOf(world, plans.get(run.planDigest)));
  for (const run of runs) if (!seen.runs.has(run.id)) await checkVoters(world, run);
  for (const run of runs) seen.runs.add(run.id);
  await checkVerbs(world, seen);
  checkOrder(world);
  seen.effects = world.mail.effects.length;
}

function checkEffect(
  world: World,
  seen: Seen,
  { method, key }: { readonly method: string; readonly key: string },
  runs: readonly Run[],
  plans: ReadonlyMap<string, Plan>,
): void {
  // Unless people said that it is the same mail.
  const isTakenIn = world.memory.entries().some(({ type }) => type === 'group.taken-in');
  if (seen.decoys.has(key) && !isTakenIn) throw new Error(`a mail of another sender was touched: ${method}`);
  const copy = world.mail.copies.find((candidate) => keyOf(candidate) === key);
  const allowed = runs.filter(
    (run) =>
      !seen.edited.has(run.planDigest) &&
      WRITES[method]?.includes(run.action) &&
      plans.get(run.planDigest)?.copies.some((one) => keyOf(one) === key),
  );
  if (allowed.length === 0) throw new Error(`${method} of a copy that is in no approved plan`);
  const shielding = allowed.every((run) => hasShield(plans.get(run.planDigest)));
  if (copy?.address === PROTECTED && shielding && method !== 'putBack')
    throw new Error('a protected mailbox was touched');
}

/** Whether the plan was made under a policy that never touches the protected mailbox. */
function hasShield(plan: Plan | undefined): boolean {
  return plan?.shielded.some(({ address }) => address === PROTECTED) ?? false;
}

/** Nothing runs without as many different, entitled people as its terms name, each of whom pressed for this digest. */
function checkRun(run: Run, plan: Plan | undefined, seen: Seen, policy: Policy | null): void {
  if (!plan) throw new Error('a run without its plan');
  if (run.cause === 'policy') {
    const terms = plan.terms.contain;
    if (run.action !== 'contain' || terms.is !== 'asked' || !terms.actFirst)
      throw new Error('acted first without a rule');
    return;
  }
  // By itself, because nobody confirmed it in time.
  if (run.cause === 'roll-back' && run.approvedBy.length === 0) return;
  const rollBack = run.cause === 'roll-back' ? policy?.verbs?.rollBack : undefined;
  const terms = plan.terms[run.action];
  if (terms.is !== 'asked') throw new Error(`${run.action} ran although the policy refuses it`);
  checkApprovers(run, plan, seen);
  const people = run.approvedBy;
  if (rollBack) {
    if (!canSit(people, rollBack)) throw new Error('a containment was rolled back by too few people');
    return;
  }
  const escalated = terms.escalation.flatMap((step) => (step.ask ? [step.ask] : []));
  if (![terms.seats, ...escalated].some((seats) => canSit(people, seats)))
    throw new Error(`${run.action} ran with too few people`);
}

/** Each of them once, each of whom pressed for this digest, and nobody who must not decide. */
function checkApprovers(run: Run, plan: Plan, seen: Seen): void {
  const terms = plan.terms[run.action];
  const startedAt = Date.parse(run.startedAt);
  const pressed = seen.presses.filter(
    (press) => press.action === run.action && press.digest === run.planDigest && press.at <= startedAt && press.enabled,
  );
  const people = new Set(run.approvedBy);
  if (people.size !== run.approvedBy.length) throw new Error('somebody was counted twice');
  for (const person of people) {
    if (!pressed.some((press) => press.person === person)) throw new Error('counted without having pressed');
    const address = PEOPLE.find(({ entraId }) => entraId === person)?.address ?? '';
    const received = plan.copies.some((copy) => copy.address === address);
    const mayReceive =
      terms.is === 'asked' && (terms.recipientsMay ?? false) && ['purge', 'restore', 'release'].includes(run.action);
    if (received && !mayReceive) throw new Error('a recipient was counted');
  }
}

/** Whoever is counted at the start is in good standing at that moment, in the directory and in the chat they voted in. */
async function checkVoters(world: World, run: Run): Promise<void> {
  if (run.approvedBy.length === 0) return;
  if (world.directory.down) throw new Error('something started although nobody could be asked about');
  const votes = await world.flow.store.transact((tx) => tx.decisions.list(run.incident));
  for (const person of run.approvedBy) {
    if (!world.directory.people.get(person)?.enabled) throw new Error('somebody who was locked out was counted');
    const vote = votes.find(
      (one) => one.person === person && one.action === run.action && one.planDigest === run.planDigest,
    );
    const chat = vote?.platform === 'slack' ? world.chats.slack : world.chats.teams;
    if (vote && !chat.accounts.get(vote.account)?.active) throw new Error('a deactivated account was counted');
  }
}

type Entry = ReturnType<World['memory']['entries']>[number];

const ENDS = {
  'decision.rejected': 'reject',
  'incident.reopened': 'reopen',
  'group.taken-in': 'take-in',
  'run.cancelled': 'cancel',
} as const;

async function checkVerbs(world: World, seen: Seen): Promise<void> {
  const entries = world.memory.entries();
  for (const entry of entries.slice(seen.entries)) await checkVerb(world, seen, entry);
  seen.entries = entries.length;
}

/** A verb has its effect only by as many people as the policy of the plan says, each of whom said so. */
async function checkVerb(world: World, seen: Seen, { type, planDigest, detail }: Entry): Promise<void> {
  const verb = ENDS[type as keyof typeof ENDS];
  if (!verb || !('approvedBy' in detail)) return;
  const people = detail.approvedBy;
  const plan = planDigest ? await world.flow.store.transact((tx) => tx.incidents.plan(planDigest)) : null;
  // A list without copies is made anew by a later look: nobody has anything to decide in it.
  if (verb === 'reopen' && people.length === 0) {
    if (plan?.copies.length !== 0) throw new Error('a list that held copies was made anew by nobody');
    return;
  }
  const policy = await policyOf(world, plan ?? undefined);
  // Without a plan the policy of that moment decides, and nobody can say afterwards which that was.
  if (policy && !canSit(people, policy.verbs[verb === 'take-in' ? 'takeIn' : verb]))
    throw new Error(`${verb} by too few people`);
  checkPressed(seen, verb, planDigest ?? '', people);
}

function checkPressed(seen: Seen, verb: string, asked: string, people: readonly string[]): void {
  const said = seen.presses.filter(({ action, digest, enabled }) => action === verb && digest === asked && enabled);
  if (people.some((person) => !said.some((press) => press.person === person)))
    throw new Error(`${verb} counted somebody who has not pressed`);
}

async function policyOf(world: World, plan: Plan | undefined): Promise<Policy | null> {
  return plan ? world.flow.store.transact((tx) => tx.policies.get(plan.policy)) : null;
}

/** Brute force: some way to give each seat a person of its own who holds the role. */
function canSit(people: readonly string[], seats: readonly Seat[]): boolean {
  const chairs = seats.flatMap(({ role, count }) => Array.from({ length: count }, () => role));
  const sit = (index: number, free: readonly string[]): boolean => {
    const role = chairs[index];
    if (role === undefined) return true;
    return free.some(
      (person) =>
        ROLES[role]?.includes(person) &&
        sit(
          index + 1,
          free.filter((other) => other !== person),
        ),
    );
  };
  return sit(0, people);
}

const VERBS: ReadonlySet<string> = new Set(['reject', 'reopen', 'take-in', 'cancel']);

function actionOf({ detail }: Entry): string {
  return 'action' in detail ? (detail.action ?? '') : '';
}

/** In the record nothing of one question comes after its end, and no purge of one plan starts twice. */
function checkOrder(world: World): void {
  const over = new Set<string>();
  const started = new Set<string>();
  for (const entry of world.memory.entries()) {
    const { type, planDigest, incident } = entry;
    const question = `${incident} ${planDigest}`;
    const action = actionOf(entry);
    if (type === 'decision.rejected' || type === 'incident.expired') over.add(question);
    if (type === 'decision.approved' && !VERBS.has(action) && action !== 'undo' && over.has(question))
      throw new Error('a vote was counted after the end');
    if (entry.type !== 'run.started' || action === 'undo' || entry.detail.cause === 'late') continue;
    if (over.has(question)) throw new Error('a run started after the end');
    if (started.has(`${question} ${action}`)) throw new Error('one approval was carried out twice');
    started.add(`${question} ${action}`);
  }
}

async function stored(world: World, seen: Seen): Promise<{ runs: readonly Run[]; plans: ReadonlyMap<string, Plan> }> {
  return world.flow.store.transact(async (tx) => {
    const runs: Run[] = [];
    const { plans } = seen;
    for (const { id, planDigest } of await tx.incidents.list(100)) {
      runs.push(...(await tx.runs.ofIncident(id)));
      if (planDigest) await keep(planDigest);
    }
    for (const run of runs) await keep(run.planDigest);
    return { runs, plans };
    async function keep(digest: string) {
      const stored = plans.has(digest) ? null : await tx.incidents.storedPlan(digest);
      if (stored && !stored.intact) throw new Error('a stored plan was changed');
      if (stored?.plan) plans.set(digest, stored.plan);
    }
  });
}
