import type { Escalation, TenantPolicy } from '../../core/ask/policy.ts';
import type { Asked } from '../../core/ask/rule.ts';
import type { Plan } from '../../core/find/plan.ts';
import { type Incident, situationOf } from '../../core/incident/incident.ts';
import type { Call } from '../../core/tell/call-words.ts';
import { leadAction, termsNow } from '../../core/tell/case.ts';
import type { CallStep, TakenCall } from '../../ports/calls.ts';
import type { Nudge } from '../../ports/jobs.ts';
import type { CardRow } from '../../ports/outbox.ts';
import type { CardRef, NudgedPerson, Platform } from '../../ports/rooms.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { isToldByAnother } from '../record/cards.ts';
import { record } from '../record/record.ts';
import { escalationOf, FIRST_CALL } from '../record/wait.ts';
import { evidenceIn } from '../tell/evidence.ts';
import { TROUBLE_AFTER } from '../tell/room.ts';
import { type Calling, quietFor, quietNow, whomToCall } from './called.ts';
import { type CalledPerson, calledHere } from './called-here.ts';
import { sayBelow } from './say-below.ts';

/** A message below a card that calls people by name: each of them once for one step, in one chat, whatever comes again. */

/** A message below a card may take this long, milliseconds. */
const HOLD_MS = 3_000;
/** How soon somebody looks whether a card is there by now that people can be called to. */
const CARD_COMES_MS = 5_000;

interface Known {
  readonly incident: Incident;
  readonly plan: Plan;
  readonly policy: TenantPolicy;
  readonly ref: CardRef;
  readonly terms: Asked | null;
  /** Chats in which somebody can be called to this incident. */
  readonly usable: ReadonlySet<Platform>;
}

interface Step {
  readonly asks: Call['asks'];
  readonly roles: readonly string[];
  /** Whether whoever is on call is called without the others. */
  readonly alone: boolean;
}

/**
 * One message below the card. Late it does no harm: what counts stands on the card and in the record. One of which nobody
 * knows whether it arrived is taken for sent: nobody is called twice for one step.
 */
export async function nudge(
  flow: Deciding,
  id: string,
  platform: Platform,
  number: number,
  afterQuiet = false,
): Promise<void> {
  const room = flow.rooms.find((candidate) => candidate.platform === platform);
  const job: Nudge = { queue: 'nudge', incident: id, platform, step: number, ...(afterQuiet ? { afterQuiet } : {}) };
  if (!room || !(await mayBeCalledNow(flow, job))) return;
  const known = await flow.store.transact((tx) => knownOf(tx, job));
  const step = known && stepOf(known, number);
  if (!known || !step || isOvertaken(known, job)) return;
  const quiet = quietNow(flow, known.incident.alert);
  if (quiet !== null && !(await putOff(flow, job, quiet))) return;
  const calling = quiet === null ? await whomToCall(flow, step.roles, known.policy, step.alone) : quietFor(quiet);
  const here = await calledHere(flow, calling.people, platform, known.usable);
  const about: CallStep = { incident: id, question: known.incident.askedAt ?? '', step: number };
  const { called } = calling;
  const taken = await take(flow, job, here, { about, step, called, planDigest: known.incident.planDigest });
  if (!taken) return;
  const people = here.filter(({ person }) => taken.people.includes(person));
  const call: Call = { incident: id, asks: step.asks, rule: known.terms?.rule ?? null, ...(called ? { called } : {}) };
  if (people.length === 0 && !isForEverybody(job, taken))
    return flow.store.transact((tx) => tx.rooms.rest(platform, 0));
  await sayBelow(flow, room, job, { ref: known.ref, call, people: people.map(asNamed), about, taken });
}

/** A later step calls its own people, also those who were not called for this one. */
function isOvertaken({ incident }: Known, { afterQuiet, step }: Nudge): boolean {
  return afterQuiet === true && incident.nudges > step + 1;
}

/** A message without a name is for everybody who reads along; the first call, and one that was put off, is not. */
function isForEverybody({ step, afterQuiet }: Nudge, { message }: TakenCall): boolean {
  return message && step !== FIRST_CALL && !afterQuiet;
}

/** People are called once the quiet hours are over. Answers whether there is something to say all the same. */
async function putOff(flow: Deciding, job: Nudge, until: number): Promise<boolean> {
  const waitMs = until - Date.parse(flow.clock.now());
  await flow.store.transact((tx) => tx.jobs.send({ ...job, afterQuiet: true }, waitMs));
  return job.step !== FIRST_CALL && !job.afterQuiet;
}

async function knownOf(tx: Tx, { incident: id, platform, step }: Nudge): Promise<Known | null> {
  const incident = await tx.incidents.get(id);
  const plan = incident?.planDigest ? await tx.incidents.plan(incident.planDigest) : null;
  const cards = await tx.cards.of(id);
  const ref = cards.find((candidate) => candidate.platform === platform)?.ref;
  const policy = plan && (await tx.policies.get(plan.policy));
  if (!incident || !plan || !policy || !ref) return null;
  const dead = (await tx.rooms.dead()).map((room) => room.platform);
  const usable = cards.filter((card) => !dead.includes(card.platform) && canBeCalledTo(card, step));
  const lead = leadAction(plan, situationOf(incident));
  const terms = lead && termsNow({ plan, incident, policy, ...(await evidenceIn(tx, policy, id)) }, lead);
  return { incident, plan, policy, ref, terms, usable: new Set(usable.map((card) => card.platform)) };
}

/** A line of a gathering comes out for a reminder. For the first call it does not: a flood would come out with it. */
function canBeCalledTo({ ref, gathered, attempts }: CardRow, step: number): boolean {
  if (step === FIRST_CALL) return ref !== null || (gathered === null && attempts < TROUBLE_AFTER);
  return ref !== null || gathered !== null;
}

function stepOf({ plan, incident, terms }: Known, number: number): Step | null {
  const steps = escalationOf(plan, situationOf(incident));
  if (number === FIRST_CALL)
    return (
      terms && { asks: { is: 'asked', seats: terms.seats }, roles: terms.seats.map(({ role }) => role), alone: true }
    );
  const step = steps[number];
  if (!step) return null;
  return { asks: asksOf(step), roles: rolesOf(step), alone: isFirstOfSeveral(steps, number) };
}

function asksOf(step: Escalation): Call['asks'] {
  return step.remind ? { is: 'reminded', role: step.remind } : { is: 'asked instead', seats: step.ask ?? [] };
}

function rolesOf(step: Escalation): readonly string[] {
  return step.remind ? [step.remind] : (step.ask ?? []).map(({ role }) => role);
}

/** The last step there is calls everybody: whoever is on call may be asleep. */
function isFirstOfSeveral(steps: readonly Escalation[], number: number): boolean {
  return number === 0 && steps[0]?.remind !== undefined && steps.length > 1;
}

interface CallNote {
  readonly about: CallStep;
  readonly step: Step;
  readonly called: Calling['called'];
  readonly planDigest: string | null;
}

/** Null where the room has to rest first: then it comes again. Who is taken is written down with it, before it is done. */
function take(
  flow: Deciding,
  job: Nudge,
  here: readonly CalledPerson[],
  { about, step, called, planDigest }: CallNote,
): Promise<TakenCall | null> {
  return flow.store.transact(async (tx) => {
    const waitMs = await tx.rooms.take(job.platform, HOLD_MS);
    if (waitMs > 0) {
      await tx.jobs.send(job, waitMs);
      return null;
    }
    const { incident, platform } = job;
    const ids = here.map(({ person }) => person);
    const taken = await tx.calls.take(about, platform, ids, flow.clock.now());
    const people = here.filter(({ person }) => taken.people.includes(person)).map(asWritten);
    if (people.length === 0) return taken;
    const { asks, roles } = step;
    const why = typeof called === 'string' ? called : 'no on-call';
    const detail = { step: job.step, asks: asks.is, why, afterQuiet: job.afterQuiet === true, roles, people };
    await record(flow, tx, [{ type: 'people.called', incident, platform, planDigest, detail }]);
    return taken;
  });
}

/** Nobody can be called to a card that is only a line among many: it comes out first. Nobody is called in a dead room. */
async function mayBeCalledNow(flow: Deciding, job: Nudge): Promise<boolean> {
  const { incident: id, platform, step } = job;
  return flow.store.transact(async (tx) => {
    if ((await tx.rooms.dead()).some((dead) => dead.platform === platform)) return false;
    const card = (await tx.cards.of(id)).find((candidate) => candidate.platform === platform);
    if (card?.ref !== null) return true;
    if (step === FIRST_CALL) {
      // It is on its way. One that is a line, or that the room does not take, is called to by a reminder.
      const isAsked = (await tx.incidents.get(id))?.askedAt != null;
      if (isAsked && canBeCalledTo(card, step)) await tx.jobs.send(job, CARD_COMES_MS);
      return false;
    }
    if (card.gathered === null) return true;
    if (await isToldByAnother(tx, card.gathered)) return false;
    await tx.cards.touch(id, true);
    await tx.jobs.send({ queue: 'deliver', incident: id, platform });
    await tx.jobs.send(job, CARD_COMES_MS);
    return false;
  });
}

const asWritten = ({ person, account }: CalledPerson) => ({ person, account });
const asNamed = ({ account, name }: CalledPerson): NudgedPerson => ({ account, name });
