import { flagTerms } from '../../core/ask/flags.ts';
import { seatPeople } from '../../core/ask/tally.ts';
import { type MeasureList, mayBeDone, termsOf } from '../../core/find/measure-list.ts';
import type { Incident } from '../../core/incident/incident.ts';
import type { Recorded } from '../../core/record/ledger.ts';
import { votesOn } from '../../core/record/measures.ts';
import { standOf } from '../../core/record/measures-now.ts';
import type { Call } from '../../core/tell/call-words.ts';
import type { CallStep, TakenCall } from '../../ports/calls.ts';
import type { Nudge } from '../../ports/jobs.ts';
import type { CardRef, Platform } from '../../ports/rooms.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { knownList, type MadeList } from '../record/measures.ts';
import { record } from '../record/record.ts';
import { openByHand } from '../tell/measures.ts';
import { type Calling, quietFor, quietNow, whomToCall } from './called.ts';
import { type CalledPerson, calledHere } from './called-here.ts';
import { sayBelow } from './say-below.ts';

/** A message below the card of a list of measures that waits: each is called once for one step, in one chat, whatever comes again. */

/** A message below a card may take this long, milliseconds. */
const HOLD_MS = 3_000;

interface Known {
  readonly known: MadeList;
  /** Of its incident. */
  readonly alert: Incident['alert'];
  readonly step: Recorded<'measures.reminded'>;
  readonly ref: CardRef;
  readonly usable: ReadonlySet<Platform>;
  readonly asks: Extract<Call['asks'], { readonly is: 'measures' }>;
}

/** One of which nobody knows whether it arrived is taken for sent. In quiet hours nobody is called by name, as to a mail. */
export async function nudgeMeasures(flow: Deciding, job: Nudge): Promise<void> {
  const room = flow.rooms.find(({ platform }) => platform === job.platform);
  const now = room && (await flow.store.transact((tx) => knownOf(flow, tx, job)));
  if (!room || !now) return;
  const { list } = now.known;
  const quiet = quietNow(flow, now.alert);
  if (quiet !== null) await afterQuiet(flow, job, quiet);
  if (quiet !== null && job.afterQuiet) return;
  const calling =
    quiet === null ? await whomToCall(flow, now.asks.roles, flow.policy().policy, false) : quietFor(quiet);
  const own = calling.people.length === 0 ? new Set<string>() : await ownersOf(flow, list);
  // Nobody is called to a list about themselves, and whoever asked for it does not decide about it.
  const others = calling.people.filter((person) => !own.has(person.toLowerCase()) && list.asker.person !== person);
  const here = await calledHere(flow, others, job.platform, now.usable);
  const about: CallStep = { incident: list.incident, question: `${list.id} ${list.at}`, step: job.step };
  const taken = await flow.store.transact(async (tx): Promise<TakenCall | null> => {
    const waitMs = await tx.rooms.take(job.platform, HOLD_MS);
    if (waitMs > 0) {
      await tx.jobs.send(job, waitMs);
      return null;
    }
    const ids = here.map(({ person }) => person);
    const took = await tx.calls.take(about, job.platform, ids, flow.clock.now());
    if (took.people.length > 0) await recordCalled(flow, tx, job, now, calling.called, calledOf(here, took));
    return took;
  });
  if (!taken) return;
  const people = calledOf(here, taken);
  if (people.length === 0 && (!taken.message || job.afterQuiet))
    return flow.store.transact((tx) => tx.rooms.rest(job.platform, 0));
  const { called } = calling;
  const call: Call = { incident: list.id, asks: now.asks, rule: null, ...(called ? { called } : {}) };
  const named = people.map(({ account, name }) => ({ account, name }));
  await sayBelow(flow, room, job, { ref: now.ref, call, people: named, about, taken });
}

function afterQuiet(flow: Deciding, job: Nudge, until: number): Promise<void> {
  const waitMs = until - Date.parse(flow.clock.now());
  return flow.store.transact((tx) => tx.jobs.send({ ...job, afterQuiet: true }, waitMs));
}

/** Object ids of everybody whom a list is about, in lower case. Of lines for an administrator only an address is known. */
async function ownersOf({ directory }: Deciding, list: MeasureList): Promise<ReadonlySet<string>> {
  const people = list.measures.map(({ person }) => person);
  const lines = [...list.byHand, ...(list.unwritten ?? [])].map(({ address }) => address);
  // Of whom the directory says nothing now, nobody is kept from the call: what they may decide is looked at when they press.
  for (const address of new Set(lines))
    for (const { id } of await directory.byAddress(address).catch(() => [])) people.push(id);
  return new Set(people.map((person) => person.toLowerCase()));
}

const calledOf = (here: readonly CalledPerson[], { people }: TakenCall) =>
  here.filter(({ person }) => people.includes(person));

/** Null where it is not waited for any more, its card is not there, or the room takes nothing. */
async function knownOf(flow: Deciding, tx: Tx, job: Nudge): Promise<Known | null> {
  const known = await knownList(flow.hash, tx, job.incident);
  const incident = known.is === 'made' && (await tx.incidents.get(known.list.incident));
  if (known.is !== 'made' || !incident) return null;
  const step = known.account.reminded[job.step];
  const cards = await tx.cards.of(job.incident);
  const dead = (await tx.rooms.dead()).map(({ platform }) => platform);
  const ref = cards.find(({ platform }) => platform === job.platform)?.ref;
  if (!step || !ref || dead.includes(job.platform)) return null;
  const asks = await asksNow(flow, tx, known, step);
  const usable = cards.filter((card) => card.ref !== null && !dead.includes(card.platform));
  return (
    asks && { known, alert: incident.alert, step, ref, usable: new Set(usable.map(({ platform }) => platform)), asks }
  );
}

async function asksNow(
  flow: Deciding,
  tx: Tx,
  { list, account, digest }: MadeList,
  { detail }: Recorded<'measures.reminded'>,
): Promise<Known['asks'] | null> {
  const about = detail.about === 'votes' ? 'votes' : 'by hand';
  const kind = (['reminder', 'overdue', 'escalation'] as const).find((one) => one === detail.kind) ?? 'reminder';
  const named = detail.role === null ? null : [detail.role];
  const said = { is: 'measures', about, kind, dueAt: detail.dueAt } as const;
  if (about === 'votes') {
    if (standOf(list, account, flow.clock.now()) !== 'asked') return null;
    const all = mayBeDone(list).map(({ n }) => n);
    const seats = termsOf(list, all)?.seats ?? [];
    const left = seatPeople(votesOn(account, 'apply', digest, ''), seats).seats.map(({ role }) => role);
    return { ...said, roles: named ?? left, open: 0 };
  }
  const open = (await openByHand(flow, tx, list)).length + (list.unwritten?.length ?? 0);
  const roles = named ?? flagTerms(flow.policy().policy).review;
  return open === 0 ? null : { ...said, roles, open };
}

async function recordCalled(
  flow: Deciding,
  tx: Tx,
  { platform, step, afterQuiet: isLater }: Nudge,
  { known, asks }: Known,
  on: Calling['called'],
  called: readonly CalledPerson[],
): Promise<void> {
  const people = called.map(({ person, account }) => ({ person, account }));
  const why = typeof on === 'string' ? on : 'no on-call';
  const detail = { step, asks: asks.is, why, afterQuiet: isLater === true, roles: asks.roles, people };
  await record(flow, tx, [{ type: 'people.called', incident: known.list.incident, platform, detail }]);
}
