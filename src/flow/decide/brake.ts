import type { Seat } from '../../core/ask/policy.ts';
import { type Cast, seatPeople } from '../../core/ask/tally.ts';
import type { Delivery, Source } from '../../core/find/source.ts';
import type { Actor } from '../../core/record/ledger.ts';
import { storable } from '../../core/text.ts';
import type { ChatUser, Reply } from '../../ports/desk.ts';
import type { Held } from '../../ports/held.ts';
import type { Brake, LiftVote, Tx } from '../../ports/store.ts';
import type { Bookkeeping, Deciding } from '../flow.ts';
import { heldBrake, liftVotesOf } from '../record/held.ts';
import { askForCards, type Note, personOf, record } from '../record/record.ts';
import { castKey, gather, othersIn } from './again.ts';
import { type Looked, said } from './decision.ts';
import { type NoStanding, type Standing, voterNow } from './standing.ts';

/** The kill switch. Stopping is easy on purpose; going on again takes as many people as the policy says. */

export const MAX_REASON = 300;
/** Each new try has learnt of a person more who voted meanwhile; there are never this many at once. */
const MOST_TRIES = 50;

export interface Stopper {
  readonly actor: Actor;
  readonly platform: Note['platform'];
  /** Shown on the cards. */
  readonly name: string;
}

/** Answers whether it was this call that stopped it. From the moment it returns no new chunk begins. */
export async function stop(flow: Bookkeeping, by: Stopper, reason: string): Promise<boolean> {
  const isNew = await flow.store.transact((tx) => stopNow(flow, tx, by, reason));
  if (isNew) await redrawCards(flow);
  return isNew;
}

/** The stop itself, in the transaction of what asks for it; `redrawCards` belongs after it. */
async function stopNow(flow: Bookkeeping, tx: Tx, by: Stopper, reason: string): Promise<boolean> {
  const words = storable(reason.trim().slice(0, MAX_REASON)) || 'no reason given';
  const brake = await tx.brake.lock();
  if (brake.stopped) return false;
  await tx.brake.stop(brake, storable(by.name.slice(0, 200)), words, flow.clock.now());
  await record(flow, tx, [
    { type: 'brake.stopped', actor: by.actor, platform: by.platform ?? null, detail: { reason: words } },
  ]);
  return true;
}

/** `stopped`: whether it was this delivery that stopped it, also when it is told so again. */
export type StopReceipt =
  | { readonly kind: 'accepted' | 'replayed'; readonly stopped: boolean }
  | { readonly kind: 'reused' };

/** Not a source that clawback.yaml could name: ids of stops and of alerts are apart. */
const stopsOf = (source: Source): string => `stop ${source.name}`;

/** A signed call. Who captured one cannot stop again with it once the stop was lifted. */
export async function stopOnce(
  flow: Bookkeeping,
  { source, id, body }: Delivery,
  reason: string,
): Promise<StopReceipt> {
  const key = { source: stopsOf(source), id };
  const receipt = await flow.store.transact<StopReceipt>(async (tx) => {
    const claim = await tx.incidents.claimDelivery(key, body, flow.clock.now());
    if (!claim.fresh) return claim.sameBody ? { kind: 'replayed', stopped: claim.first.created } : { kind: 'reused' };
    const stopped = await stopNow(flow, tx, callerOf(source), reason);
    await tx.incidents.bindDelivery(key, { incident: null, created: stopped });
    return { kind: 'accepted', stopped };
  });
  if (receipt.kind === 'accepted' && receipt.stopped) await redrawCards(flow);
  return receipt;
}

function callerOf({ name }: Source): Stopper {
  return {
    actor: { kind: 'source', id: name, name },
    platform: 'intake',
    name: `a signed call of source ${name}`,
  };
}

/**
 * A vote for going on; the last that is needed lifts the stop and sets the runs going that it held up. Everybody who
 * counts is looked at again at that moment.
 */
export async function lift(flow: Deciding, standing: Standing, by: Pick<ChatUser, 'platform' | 'id'>): Promise<Reply> {
  const file = await flow.stopFile();
  if (file !== null) return said({ code: 'stop-file-there' });
  const { policy } = flow.policy();
  const looked = new Map<string, Standing | NoStanding>();
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const answer = await flow.store.transact((tx) => liftBy(flow, tx, { standing, by, looked }, policy.stop.lift));
    if ('kind' in answer) return answer;
    if ('lifted' in answer) {
      await redrawCards(flow);
      return said({ code: 'lifted' });
    }
    for (const cast of answer.askAbout) looked.set(castKey(cast), await voterNow(flow, cast, null, policy));
  }
  throw new Error('the votes for going on change faster than they can be counted');
}

interface Lifter {
  readonly standing: Standing;
  readonly by: Pick<ChatUser, 'platform' | 'id'>;
  readonly looked: Looked;
}

async function liftBy(
  flow: Deciding,
  tx: Tx,
  { standing, by, looked }: Lifter,
  seats: readonly Seat[],
): Promise<Reply | { readonly lifted: true } | { readonly askAbout: readonly Cast[] }> {
  const { platform } = by;
  const brake = await heldBrake(tx);
  if (!brake.stopped) return said({ code: 'not-stopped' });
  if (!seats.some(({ role }) => standing.roles.includes(role))) return said({ code: 'lift-not-asked', seats });
  const { person, name, roles } = standing;
  const vote: LiftVote = { person, name, roles, platform, account: by.id };
  const { proven, forged } = await liftVotesOf(tx, brake);
  const earlier = proven.filter((cast) => cast.person !== person);
  const count = (votes: readonly LiftVote[]) => seatPeople(votes, seats);
  const gathered = gather({ earlier, vote, looked, count, conflict: () => null });
  if ('askAbout' in gathered) return gathered;
  const { result, starts, gone, refused } = gathered;
  for (const lost of gone) await tx.brake.withdrawLiftVote(brake.number, lost.vote.person);
  for (const vote of forged) await tx.brake.withdrawLiftVote(brake.number, vote.person);
  const isNew = refused === null && (await tx.brake.addLiftVote(brake.number, vote, flow.clock.now()));
  const detail = {
    count: result.people.length,
    needed: result.needed,
    seats,
    account: by.id,
    roles,
  };
  await record(flow, tx, [
    ...forged.map((vote) => goneNote({ vote, why: 'not in the record' })),
    ...gone.map(goneNote),
    ...(isNew || starts ? [{ type: 'brake.lift-voted', actor: personOf(standing), platform, detail } as const] : []),
  ]);
  if (refused) return said({ code: 'lift-not-counted' });
  if (starts) {
    const names = [...earlier, vote].filter((cast) => result.people.includes(cast.person)).map((cast) => cast.name);
    await goOn(flow, tx, brake, names);
    return { lifted: true };
  }
  const code = isNew ? 'lift-counted' : 'lift-repeated';
  return said({ code, counted: result.people.length, needed: result.needed, others: othersIn(gathered) });
}

function goneNote({ vote, why }: { readonly vote: LiftVote; readonly why: string }): Note {
  return {
    type: 'decision.withdrawn',
    outcome: why,
    detail: { person: vote.person, name: vote.name, action: 'lift' },
  };
}

async function goOn(flow: Deciding, tx: Tx, brake: Held<Brake>, names: readonly string[]): Promise<void> {
  await tx.brake.lift(brake);
  await record(flow, tx, [{ type: 'brake.lifted', detail: { people: names } }]);
  for (const run of await tx.runs.open()) await tx.jobs.send({ queue: 'run', run: run.id });
}

/** Outside the transaction of the stop itself: that one holds the brake, and nothing may wait for it longer than needed. */
async function redrawCards(flow: Bookkeeping): Promise<void> {
  await flow.store.transact(async (tx) => {
    for (const { id, state } of await tx.incidents.list(500)) {
      if (state !== 'open' && state !== 'running') continue;
      await tx.incidents.save(id, {}, flow.clock.now());
      await askForCards(flow, tx, id);
    }
  });
}

/** Asked before every chunk. A stop file is a stop like any other: taking it away does not lift it. */
export async function heedStopFile(flow: Deciding): Promise<boolean> {
  const file = await flow.stopFile();
  if (file === null) return false;
  await stop(flow, STOP_FILE, file);
  return true;
}

const STOP_FILE: Stopper = {
  actor: { kind: 'service', id: 'stop-file', name: 'The stop file' },
  platform: 'operator',
  name: 'the stop file',
};
