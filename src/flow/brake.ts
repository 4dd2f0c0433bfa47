import type { Actor } from '../core/ledger.ts';
import { seatWords } from '../core/rule.ts';
import type { Delivery, Source } from '../core/source.ts';
import { seatPeople } from '../core/tally.ts';
import { inertOr } from '../core/text.ts';
import type { ChatUser, Reply } from '../ports/desk.ts';
import type { Brake, Tx } from '../ports/store.ts';
import type { Bookkeeping, Flow } from './flow.ts';
import { askForCards, type Note, personOf, record } from './record.ts';
import type { Standing } from './standing.ts';

/** The kill switch. Stopping is easy on purpose; going on again takes as many people as the policy says. */

const MAX_REASON = 300;

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
  const words = reason.trim().slice(0, MAX_REASON).toWellFormed().replaceAll('\0', '') || 'no reason given';
  const brake = await tx.brake.lock();
  if (brake.stopped) return false;
  await tx.brake.stop(by.name, words, flow.clock.now());
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

/** A vote for going on; the last that is needed lifts the stop and sets the runs going that it held up. */
export async function lift(flow: Flow, standing: Standing, by: Pick<ChatUser, 'platform' | 'id'>): Promise<Reply> {
  const { platform } = by;
  const file = await flow.stopFile();
  if (file !== null) return said('The stop file is still there: whoever put it there has to take it away first.');
  const { stop: rules } = flow.policy().policy;
  const result = await flow.store.transact(async (tx) => {
    const brake = await tx.brake.lock();
    if (!brake.stopped) return said('Clawback is not stopped.');
    if (!rules.lift.some(({ role }) => standing.roles.includes(role)))
      return said(`Your roles are not asked for this: it takes ${seatWords(rules.lift)}.`);
    const { person, name, roles } = standing;
    if (
      !(await tx.brake.addLiftVote(brake.number, { person, name, roles, platform, account: by.id }, flow.clock.now()))
    )
      return said('Your vote is counted already. It takes another person to go on.');
    const votes = await tx.brake.liftVotes(brake.number);
    const { people, needed, approved } = seatPeople(votes, rules.lift);
    await record(flow, tx, [
      {
        type: 'brake.lift-voted',
        actor: personOf(standing),
        platform,
        detail: { count: people.length, needed, seats: seatWords(rules.lift) },
      },
    ]);
    if (!approved) return said(`Your vote counts: ${people.length} of ${needed} to go on.`);
    await goOn(
      flow,
      tx,
      votes.filter((vote) => people.includes(vote.person)).map((vote) => vote.name),
    );
    return null;
  });
  if (result) return result;
  await redrawCards(flow);
  return said('The stop is lifted. What was held up goes on.');
}

async function goOn(flow: Flow, tx: Tx, names: readonly string[]): Promise<void> {
  await tx.brake.lift();
  await record(flow, tx, [{ type: 'brake.lifted', detail: { people: names.join(', ') } }]);
  for (const run of await tx.runs.open()) await tx.jobs.send({ queue: 'run', run: run.id });
}

/** Outside the transaction of the stop itself: that one holds the brake, and nothing may wait for it longer than needed. */
async function redrawCards(flow: Bookkeeping): Promise<void> {
  await flow.store.transact(async (tx) => {
    for (const { id, state } of await tx.incidents.list(500)) {
      if (!['open', 'flagged', 'contained', 'running'].includes(state)) continue;
      await tx.incidents.save(id, {}, flow.clock.now());
      await askForCards(flow, tx, id);
    }
  });
}

/** Asked before every chunk. A stop file is a stop like any other: taking it away does not lift it. */
export async function heedStopFile(flow: Flow): Promise<boolean> {
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

/** For `status`: one line, or none. */
export function brakeLine(brake: Brake): string[] {
  if (!brake.stopped) return [];
  return [`STOPPED by ${inertOr(brake.by, 'somebody', 80)}: ${inertOr(brake.reason, 'no reason given', 200)}`];
}

function said(line: string): Reply {
  return { kind: 'said', lines: [line] };
}
