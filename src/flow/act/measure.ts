import { breakGlassOf } from '../../core/ask/measure-terms.ts';
import type { ListedMeasure } from '../../core/find/measure-list.ts';
import type { Term } from '../../core/lease.ts';
import { type Bar, barOf } from '../../core/measure/barred.ts';
import type { MeasureDefinition, Seen } from '../../core/measure/definition.ts';
import { MEASURES } from '../../core/measure/kinds.ts';
import type { Image } from '../../core/measure/measure.ts';
import { beforeOf, doneWith, errandOn, intentsSince } from '../../core/record/measures.ts';
import { clip } from '../../core/text.ts';
import type { MeasureEffect, MeasureLook, Measures } from '../../ports/measures.ts';
import { accountSeen, lookAt } from '../find/accounts-seen.ts';
import { contains, setsOf } from '../find/sets.ts';
import type { Flow } from '../flow.ts';
import { brakeNow } from '../record/held.ts';
import { imageAsSeen, knownList, type MadeList } from '../record/measures.ts';
import { announce, type Note, record } from '../record/record.ts';
import { type Ended, outcomeNote } from './measure-outcome.ts';

/**
 * One step of one measure, in the order that makes a crash harmless: look; write the intent down; act; look again; write down
 * what was seen. Every call lies between two transactions, and nothing leaves once the claim is over.
 */

/** Who works on a list, and for how long still. */
export interface Claim {
  readonly id: string;
  readonly by: string;
  readonly leaseMs: number;
  readonly hold: Term;
}

/** Somebody else has the work by now, and puts down what becomes of it. */
export class LostClaim extends Error {}

const CALL_MS = 20_000;
/** A call that could outlive the claim is not begun. */
const LEAST_LEFT_MS = 2_000;
const SHORT_REST_MS = 2_000;
/** Some of it is done later than it is taken on: it is looked for before it is asked for once more. */
const ONCE_MORE_AFTER_MS = 60_000;
/** So long it is waited for, or asked whoever does not answer. */
const PATIENCE_MS = 600_000;

interface Step {
  readonly flow: Flow;
  readonly service: Measures;
  readonly claim: Claim;
  readonly known: MadeList;
  readonly measure: ListedMeasure;
  readonly definition: MeasureDefinition;
  /** Of what was approved. */
  readonly order: number;
  /** When it was begun, ISO time. */
  readonly since: string;
  /** When it was last set out to do, ISO time; null for not yet. */
  readonly tried: string | null;
  readonly before: Image | null;
}

/** Null once it is known what became of it; else how long it rests, milliseconds. */
export async function measureStep(flow: Flow, claim: Claim, known: MadeList, n: number): Promise<number | null> {
  const measure = known.list.measures.find((one) => one.n === n);
  const errand = errandOn(known.account, n);
  if (!measure || !errand) return null;
  const service = flow.measures?.service;
  const isOn = flow.measures?.kinds.includes(measure.kind) ?? false;
  const base = { claim, known, measure, definition: MEASURES[measure.kind], order: errand.order };
  if (!service || (!isOn && errand.errand === 'apply'))
    return end(flow, base, { errand: errand.errand, outcome: 'barred', after: null, note: 'not-on', requestId: null });
  const intents = intentsSince(known.account, n, errand.order);
  const since = known.account.begun.find(({ seq }) => seq === errand.order)?.at ?? known.list.at;
  const step: Step = {
    ...base,
    flow,
    service,
    since,
    tried: intents.at(-1)?.at ?? null,
    before: await flow.store.transact((tx) =>
      imageAsSeen(flow.hash, tx, { list: claim.id, n, when: 'before', digest: beforeOf(known.account, n) }),
    ),
  };
  const look = await lookAt(service, measure, timeFor(claim));
  if (look.is === 'denied' || look.is === 'unknown') return unseen(step, errand.errand, look);
  const seen: Seen = look.is === 'there' ? look : { is: 'gone' };
  return errand.errand === 'apply' ? applying(step, seen) : puttingBack(step, seen);
}

function timeFor({ hold }: Claim): number {
  const left = hold.left();
  if (left < LEAST_LEFT_MS) throw new LostClaim();
  return Math.min(CALL_MS, left);
}

/** What could not be looked at is waited for; in the end it is said that nobody knows, or that nothing was tried. */
function unseen(
  step: Step,
  errand: Ended['errand'],
  look: Extract<MeasureLook, { is: 'denied' | 'unknown' }>,
): Promise<number | null> | number {
  const isOver = look.is === 'denied' || isLate(step);
  if (!isOver) return look.retryAfterMs ?? SHORT_REST_MS;
  const note = look.is === 'denied' ? `missing ${look.missing}` : look.why;
  const outcome = step.tried === null ? 'refused' : 'not-known';
  return end(step.flow, step, { errand, outcome, after: null, note, requestId: null });
}

const isLate = ({ flow, since }: Step) => Date.parse(flow.clock.now()) - Date.parse(since) >= PATIENCE_MS;

/** Nobody has set out to do it yet. */
async function applyingFirst(step: Step, seen: Seen): Promise<number | null> {
  const { flow, definition, known } = step;
  const ended = (outcome: Ended['outcome'], note = '') =>
    end(flow, step, { errand: 'apply', outcome, after: null, note, requestId: null });
  if (seen.is === 'gone') return ended('gone');
  if (definition.isDone(seen, null)) return ended('already');
  const bar = await barNow(step, seen.image);
  if (bar === 'ask again') return isLate(step) ? ended('barred', 'roles-unknown') : SHORT_REST_MS;
  if (bar) return ended('barred', bar);
  return known.list.mode === 'dry-run' ? ended('rehearsed') : act(step, 'apply', seen.image);
}

async function applying(step: Step, seen: Seen): Promise<number | null> {
  const { flow, definition, tried, before } = step;
  if (tried === null) return applyingFirst(step, seen);
  const ended = (outcome: Ended['outcome'], note = '') =>
    end(flow, step, { errand: 'apply', outcome, after: null, note, requestId: null }, seen);
  // What it was before is not what the record says: nothing can be told of it by comparing.
  if (before === null) return ended('not-known', 'what was seen before is not what the record says');
  if (definition.isDone(seen, before)) return ended('done');
  if (isLate(step)) return ended('not-seen');
  const isFresh = Date.parse(flow.clock.now()) - Date.parse(tried) < ONCE_MORE_AFTER_MS;
  if (isFresh) return SHORT_REST_MS;
  return seen.is === 'gone' ? ended('gone') : act(step, 'apply', seen.image);
}

async function puttingBack(step: Step, seen: Seen): Promise<number | null> {
  const { flow, known, measure, definition, tried, before } = step;
  const ended = (outcome: Ended['outcome'], note = '') =>
    end(flow, step, { errand: 'back', outcome, after: null, note, requestId: null });
  if (before === null) return ended('refused', 'what was seen before is not what the record says');
  if (tried !== null && definition.isBack(before, seen)) return ended('put-back');
  const after = await afterOf(step, seen);
  if (after === null) return ended('refused', 'what was seen afterwards is not what the record says');
  const found = definition.back(before, after, seen);
  if (found === 'as before') return ended('as-before');
  if (found === 'changed') return ended('changed');
  if (isLate(step)) return ended('not-seen');
  const isFresh = tried !== null && Date.parse(flow.clock.now()) - Date.parse(tried) < ONCE_MORE_AFTER_MS;
  if (isFresh) return SHORT_REST_MS;
  if (known.list.mode === 'dry-run' || doneWith(known.account, measure.n, 'apply') === null) return ended('rehearsed');
  return act(step, 'back', before);
}

/** As it was left by us; where nobody saw that, as it is now. Null where what was kept of it is not what was written down. */
async function afterOf({ flow, claim, known, measure }: Step, seen: Seen): Promise<Seen | null> {
  const applied = doneWith(known.account, measure.n, 'apply');
  if (applied?.after == null) return applied?.outcome === 'done' ? { is: 'gone' } : seen;
  const asked = { list: claim.id, n: measure.n, when: 'after', digest: applied.after } as const;
  const image = await flow.store.transact((tx) => imageAsSeen(flow.hash, tx, asked));
  return image === null ? null : { is: 'there', image };
}

/** Looked at right before it would be done: who was made an administrator since is not touched. */
async function barNow({ flow, service, measure }: Step, image: Image): Promise<Bar | null | 'ask again'> {
  const { policy } = flow.policy();
  const mailbox = { id: measure.person, addresses: [measure.address] };
  const isBreakGlass = (await contains(flow, breakGlassOf(policy), 'breakGlass'))(mailbox);
  if ((await setsOf(flow, policy)).shieldOf(mailbox) !== null) return 'protected';
  const own: Pick<Measures, 'look'> = { look: () => Promise.resolve({ is: 'there', image }) };
  const account = await accountSeen(measure.kind === 'disable-account' ? own : service, measure);
  return account === null ? 'ask again' : barOf(measure.kind, account, isBreakGlass);
}

async function act(step: Step, errand: Ended['errand'], image: Image): Promise<number | null> {
  const { flow, claim, known, measure, service } = step;
  const requestId = flow.clock.id();
  const mayGoOn = await flow.store.transact(async (tx) => {
    if (!(await tx.measures.extend(claim.id, claim.by, claim.leaseMs))) throw new LostClaim();
    const now = await knownList(flow.hash, tx, claim.id);
    const isOurs = now.is === 'made' && errandOn(now.account, measure.n)?.order === step.order;
    const isEnded = now.is === 'made' && (now.account.closed?.seq ?? 0) > step.order;
    if (!isOurs || isEnded || (await brakeNow(tx)).stopped) return false;
    if ((await tx.incidents.breach(known.list.incident)) !== null) return false;
    if (errand === 'apply') await tx.measures.keepImage(claim.id, measure.n, 'before', image);
    const { n: item, kind, address } = measure;
    const detail = { list: claim.id, item, kind, errand, address, before: flow.hash.digest(image) };
    await record(flow, tx, [{ type: 'measure.intent', incident: known.list.incident, requestId, detail }]);
    return true;
  });
  // What was stopped or ended meanwhile is seen by the next look at the whole list.
  if (!mayGoOn) return 0;
  const effect = await asked(step, errand, image, requestId);
  const look = await lookAt(service, measure, timeFor(claim));
  const seen: Seen | null = look.is === 'there' ? look : look.is === 'gone' ? { is: 'gone' } : null;
  const { definition } = step;
  const isDone = seen && (errand === 'apply' ? definition.isDone(seen, image) : definition.isBack(image, seen));
  if (isDone)
    return end(
      flow,
      step,
      { errand, outcome: errand === 'apply' ? 'done' : 'put-back', after: null, note: '', requestId },
      seen,
    );
  if (effect.is === 'refused') {
    const note = effect.missing === null ? effect.why : `missing ${effect.missing}: ${effect.why}`;
    return end(flow, step, { errand, outcome: 'refused', after: null, note, requestId });
  }
  if (effect.is !== 'later') return SHORT_REST_MS;
  await untried(step, errand, effect.why);
  return effect.retryAfterMs ?? SHORT_REST_MS;
}

/** The try is taken back: the next one need not wait until it can be told what came of this. */
async function untried({ flow, claim, known, measure }: Step, errand: Ended['errand'], why: string): Promise<void> {
  const { n: item, kind, address } = measure;
  const detail = { list: claim.id, item, kind, errand, address, note: clip(why, 200) };
  await flow.store.transact(async (tx) => {
    if (!(await tx.measures.extend(claim.id, claim.by, claim.leaseMs))) throw new LostClaim();
    await record(flow, tx, [{ type: 'measure.untried', incident: known.list.incident, detail }]);
  });
}

async function asked(
  { claim, measure, service }: Step,
  errand: Ended['errand'],
  image: Image,
  requestId: string,
): Promise<MeasureEffect> {
  const order = { requestId, signal: AbortSignal.timeout(timeFor(claim)) };
  try {
    return await (errand === 'apply' ? service.apply(measure, image, order) : service.putBack(measure, image, order));
  } catch (error) {
    return { is: 'unclear', why: error instanceof Error ? error.message : 'no reason is known' };
  }
}

/** `seen`: what is kept of it for an undo, with its digest in the record. */
async function end(
  flow: Flow,
  { claim, known, measure }: Pick<Step, 'claim' | 'known' | 'measure'>,
  ended: Ended,
  seen: Seen | null = null,
): Promise<null> {
  await flow.store.transact(async (tx) => {
    // Whatever is held is held in the order of a press: the incident, its list, the record.
    await tx.incidents.lock(known.list.incident);
    if (!(await tx.measures.extend(claim.id, claim.by, claim.leaseMs))) throw new LostClaim();
    const image = ended.errand === 'apply' && ended.outcome === 'done' && seen?.is === 'there' ? seen.image : null;
    if (image) await tx.measures.keepImage(claim.id, measure.n, 'after', image);
    const after = image && flow.hash.digest(image);
    const note: Note = outcomeNote(known.list, measure, { ...ended, after });
    await record(flow, tx, [note]);
    await tx.cards.touch(claim.id);
    await announce(flow, tx, known.list.incident);
  });
  flow.observe({ what: 'copy', action: measure.kind, outcome: ended.outcome });
  return null;
}
