import type { Escalation, TenantPolicy } from '../../core/ask/policy.ts';
import { RoomError } from '../../core/error.ts';
import { type Incident, situationOf } from '../../core/incident/incident.ts';
import type { Call } from '../../core/tell/call-words.ts';
import { askedTerms, leadAction } from '../../core/tell/case.ts';
import type { NudgedPerson, Platform } from '../../ports/rooms.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { announce, record } from '../record/record.ts';
import { escalationOf, nudgeTime } from '../record/wait.ts';
import { roomDied } from '../tell/room.ts';
import { configuredAccount } from './accounts.ts';
import { holdersOf } from './standing.ts';

/** Calling people while a decision is waited for. Which step is due stands in the row, so a restart changes nothing. */

/** More names in one message help nobody. */
const MOST_NAMES = 15;

/** Takes the step that is due: written down first, told to the rooms afterwards. */
export async function remind(flow: Deciding, id: string): Promise<void> {
  await flow.store.transact(async (tx) => {
    const incident = await tx.incidents.lock(id);
    // Only what waits for a decision has a step that is due.
    if (!incident?.nudgeAt) return;
    // Nobody is called for what cannot be decided any more, even if its own timer has not fired yet.
    if (incident.deadline !== null && flow.clock.now() >= incident.deadline) return;
    const left = untilThen(flow, incident.nudgeAt);
    if (left > 0) return tx.jobs.send({ queue: 'remind', incident: id }, left);
    const plan = incident.planDigest ? await tx.incidents.plan(incident.planDigest) : null;
    const [step, next] = escalationOf(plan, situationOf(incident)).slice(incident.nudges);
    if (step) await takeStep(flow, tx, incident, step);
    const nudgeAt = nudgeTime(incident.askedAt, next);
    await announce(flow, tx, id, { nudges: incident.nudges + 1, nudgeAt });
    if (nudgeAt) await tx.jobs.send({ queue: 'remind', incident: id }, Math.max(0, untilThen(flow, nudgeAt)));
  });
}

function untilThen(flow: Deciding, at: string): number {
  return Date.parse(at) - Date.parse(flow.clock.now());
}

async function takeStep(flow: Deciding, tx: Tx, { id, planDigest, nudges }: Incident, step: Escalation): Promise<void> {
  await record(flow, tx, [
    step.remind
      ? { type: 'decision.reminded', incident: id, planDigest, detail: { role: step.remind } }
      : { type: 'decision.escalated', incident: id, planDigest, detail: { seats: step.ask ?? [] } },
  ]);
  for (const { platform } of flow.rooms) await tx.jobs.send({ queue: 'nudge', incident: id, platform, step: nudges });
}

/** A message below a card may take this long, milliseconds. */
const HOLD_MS = 3_000;
/** How soon somebody looks whether a card is there by now that people can be called to. */
const CARD_COMES_MS = 5_000;

/**
 * One message below the card. Late it does no harm: what counts stands on the card and in the record. One of which nobody
 * knows whether it arrived is taken for sent: nobody is called twice for one step.
 */
export async function nudge(flow: Deciding, id: string, platform: Platform, number: number): Promise<void> {
  const room = flow.rooms.find((candidate) => candidate.platform === platform);
  if (!room || !(await mayBeCalledNow(flow, id, platform, number))) return;
  const known = await flow.store.transact(async (tx) => {
    const incident = await tx.incidents.get(id);
    const plan = await tx.incidents.plan(incident?.planDigest ?? '');
    if (!incident || !plan) return null;
    const policy = await tx.policies.get(plan.policy);
    const card = (await tx.cards.of(id)).find((candidate) => candidate.platform === platform);
    return policy && card?.ref ? { incident, plan, policy, ref: card.ref } : null;
  });
  if (!known) return;
  const step = escalationOf(known.plan, situationOf(known.incident))[number];
  if (!step) return;
  const roles = step.remind ? [step.remind] : (step.ask ?? []).map(({ role }) => role);
  const people = (await Promise.all(roles.map((role) => peopleOf(flow, role, known.policy, platform)))).flat();
  const lead = leadAction(known.plan, situationOf(known.incident));
  const rule = (lead && askedTerms(known.plan, lead)?.rule) ?? null;
  const hold = await flow.store.transact(async (tx) => {
    const waitMs = await tx.rooms.take(platform, HOLD_MS);
    if (waitMs > 0) await tx.jobs.send({ queue: 'nudge', incident: id, platform, step: number }, waitMs);
    return waitMs === 0;
  });
  if (!hold) return;
  const failure = await room
    .nudge(known.ref, callOf(step, id, rule), people.slice(0, MOST_NAMES))
    .then(() => null, asFailure);
  await flow.store.transact(async (tx) => {
    const restMs = Math.max(room.roomPaceMs, failure?.retryAfterMs ?? 0);
    await tx.rooms.rest(platform, restMs);
    if (failure?.kind === 'throttled')
      await tx.jobs.send({ queue: 'nudge', incident: id, platform, step: number }, restMs);
  });
  if (failure?.kind === 'dead') await roomDied(flow, platform, failure.message);
  else if (failure && failure.kind !== 'throttled' && failure.kind !== 'lost') throw failure;
}

/** Anything else is a bug, and not the room’s. */
function asFailure(error: unknown): RoomError {
  if (error instanceof RoomError) return error;
  throw error;
}

/** Nobody can be called to a card that is only a line among many: it comes out first. Nobody is called in a dead room. */
async function mayBeCalledNow(flow: Deciding, id: string, platform: Platform, step: number): Promise<boolean> {
  return flow.store.transact(async (tx) => {
    if ((await tx.rooms.dead()).some((dead) => dead.platform === platform)) return false;
    const card = (await tx.cards.of(id)).find((candidate) => candidate.platform === platform);
    if (card?.ref !== null || card.gathered === null) return true;
    await tx.cards.touch(id, true);
    await tx.jobs.send({ queue: 'deliver', incident: id, platform });
    await tx.jobs.send({ queue: 'nudge', incident: id, platform, step }, CARD_COMES_MS);
    return false;
  });
}

function callOf(step: Escalation, incident: string, rule: string | null): Call {
  const asks = step.remind
    ? ({ is: 'reminded', role: step.remind } as const)
    : ({ is: 'asked instead', seats: step.ask ?? [] } as const);
  return { incident, asks, rule };
}

async function accountOf(flow: Deciding, person: string, platform: Platform): Promise<string | null> {
  if (flow.chats.get(platform)?.knownBy === 'entra-id') return person;
  const configured = configuredAccount(flow, platform, person);
  return configured ?? flow.store.transact((tx) => tx.people.account(platform, person));
}

/** The accounts of a role's people on a platform, as far as they are known. */
async function peopleOf(
  flow: Deciding,
  role: string,
  policy: TenantPolicy,
  platform: Platform,
): Promise<NudgedPerson[]> {
  const holders = await holdersOf(flow, role, policy);
  const people: NudgedPerson[] = [];
  for (const person of holders ?? []) {
    const account = await accountOf(flow, person, platform);
    const name = flow.people.find(({ entraId }) => entraId === person)?.name ?? 'Approver';
    if (account) people.push({ account, name });
  }
  return people;
}
