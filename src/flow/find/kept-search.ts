import { ClawbackError } from '../../core/error.ts';
import type { Lookup, Reader, Wanted } from '../../ports/reader.ts';
import type { ClaimedPart, Search, StoredAnswer } from '../../ports/searches.ts';
import type { Tx } from '../../ports/store.ts';
import type { Finding } from '../flow.ts';
import { announce, record } from '../record/record.ts';
import { lookNote } from './survey.ts';

/**
 * Looking into many mailboxes is work like any other: it is kept part by part, so that a crash costs the parts that were under
 * way, other processes help, and cards say how far it is. What was answered is believed only as far as the record bears it out.
 */

export interface KeptSearch {
  readonly locate: Reader['locate'];
  /** Whether it is in the record already. */
  isNoted(lookup: Lookup): boolean;
}

/** Mailboxes in a part: fewer are not worth keeping, as they are answered within a few seconds. */
const PART = 240;
/** Together they keep the mail adapter busy while each writes down what it was answered. */
const LANES = 4;
const HELPER_LANES = 2;
/** Jobs for other processes; where there are none, they find nothing left to do. */
const HELPERS = 3;
const LEASE_MS = 30_000;
const EXTEND_EVERY_MS = 8_000;
/** A list that is made a quarter of an hour after its first mailbox was looked into says what was, not what is. */
const FRESH_MS = 900_000;
const PROGRESS_EVERY_MS = 3_000;
/** How long others are left alone with the parts that they hold. */
const LOOK_EVERY_MS = 250;
/** Somebody who spoils answers as they are stored does not keep this going for ever. */
const MOST_ROUNDS = 3;

/** For the search that an incident's list is made of. */
export function keptSearch(flow: Finding, incident: string): KeptSearch {
  const noted = new Set<Lookup>();
  return {
    async locate(addresses, wanted) {
      if (addresses.length <= PART) return flow.reader.locate(addresses, wanted);
      const found = await lookIntoMany(flow, incident, addresses, wanted);
      for (const lookup of found) noted.add(lookup);
      return found;
    },
    isNoted: (lookup) => noted.has(lookup),
  };
}

/** Work on a search that another process has begun. */
export async function helpSearch(flow: Finding, search: Search): Promise<void> {
  const heed = pacer();
  await inLanes(HELPER_LANES, async () => {
    while (flow.mayBegin() && (await onePart(flow, search, heed, () => undefined)));
  });
}

/** In the order asked. Throws ClawbackError 'unavailable' where it has to be begun again, and Overtaken. */
async function lookIntoMany(
  flow: Finding,
  incident: string,
  addresses: readonly string[],
  wanted: Wanted,
): Promise<readonly Lookup[]> {
  // Defender is asked by other ids than mailboxes.
  const also = flow.engine ? { networkMessageIds: [...(wanted.networkMessageIds ?? [])].sort() } : {};
  const looksFor = { version: 1, internetMessageIds: [...wanted.internetMessageIds].sort(), ...also };
  const search = { incident, name: flow.hash.digest(looksFor) };
  const own = new Map<string, readonly Lookup[]>();
  const heed = pacer();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    await flow.store.transact((tx) => begin(flow, tx, search, addresses, wanted));
    await inLanes(LANES, async () => {
      do mustGoOn(flow);
      while (await onePart(flow, search, heed, (id, lookups) => own.set(id, lookups)));
    });
    const answered = await answersTo(flow, search, addresses, own, heed);
    if (answered) return answered;
  }
  throw new ClawbackError('unavailable', 'what was answered by mailboxes is not stored as the record says');
}

function mustGoOn({ mayBegin }: Finding): void {
  if (!mayBegin()) throw new ClawbackError('unavailable', 'this process ends: another goes on with the search');
}

/** Adds what is neither answered nor under way; what cannot be believed any more is looked into again. Throws Overtaken. */
async function begin(
  flow: Finding,
  tx: Tx,
  search: Search,
  addresses: readonly string[],
  wanted: Wanted,
): Promise<void> {
  // Held: whoever is just making the list ends first.
  if ((await tx.incidents.lock(search.incident))?.state !== 'received') throw new Overtaken();
  const since = Date.parse(flow.clock.now()) - FRESH_MS;
  const parts = await tx.searches.parts(search);
  const answered = parts.flatMap(({ id, answeredAt }) => (answeredAt === null ? [] : [id]));
  const good = await believed(tx, search, answered);
  const isGood = ({ id, addresses: asked, answeredAt }: (typeof parts)[number]) =>
    asked !== null && (answeredAt === null || (good.has(id) && Date.parse(answeredAt) >= since));
  const bad = parts.filter((part) => !isGood(part));
  await tx.searches.drop(
    search.incident,
    bad.map(({ id }) => id),
  );
  const known = new Set(parts.filter(isGood).flatMap(({ addresses: asked }) => asked ?? []));
  const left = [...new Set(addresses)].filter((address) => !known.has(address));
  const cut = Array.from({ length: Math.ceil(left.length / PART) }, (_, n) => left.slice(n * PART, (n + 1) * PART));
  await tx.searches.add(
    search,
    cut.map((part) => ({ id: flow.clock.id(), addresses: part, wanted })),
    flow.clock.now(),
  );
  if (cut.length <= LANES) return;
  for (let nth = 1; nth <= HELPERS; nth += 1) await tx.jobs.send({ queue: 'search', ...search, nth });
}

/** Looks into one part and puts down what was answered; false where there is none to be had. */
async function onePart(
  flow: Finding,
  search: Search,
  heed: Pacer,
  keep: (id: string, lookups: readonly Lookup[]) => void,
): Promise<boolean> {
  const part = await flow.store.transact((tx) => tx.searches.claim(search, flow.clock.id(), LEASE_MS));
  if (!part) return false;
  const extend = () => flow.store.transact((tx) => tx.searches.extend(search, part, LEASE_MS));
  // A failed extension is no harm: only whoever holds the part puts down what it was answered.
  const heartbeat = setInterval(() => void extend().catch(() => undefined), EXTEND_EVERY_MS);
  let lookups: readonly Lookup[];
  try {
    lookups = await flow.reader.locate(part.addresses, part.wanted);
  } finally {
    clearInterval(heartbeat);
  }
  if (await putDown(flow, search, part, lookups, heed)) keep(part.id, lookups);
  return true;
}

function putDown(
  flow: Finding,
  search: Search,
  part: ClaimedPart,
  lookups: readonly Lookup[],
  heed: Pacer,
): Promise<boolean> {
  return flow.store.transact(async (tx) => {
    const answer = await tx.searches.answer(search, part, lookups, flow.clock.now());
    if (answer === null) return false;
    const { incident, name } = search;
    const detail = { search: name, part: part.id, mailboxes: part.addresses.length, answer };
    const notes = lookups.map((lookup) => lookNote(incident, lookup));
    await record(flow, tx, [...notes, { type: 'search.kept', incident, detail }]);
    if (heed(Date.parse(flow.clock.now()))) await announce(flow, tx, incident);
    return true;
  });
}

/** Once every part has its answer. Null where one cannot be believed. */
async function answersTo(
  flow: Finding,
  search: Search,
  addresses: readonly string[],
  own: Map<string, readonly Lookup[]>,
  heed: Pacer,
): Promise<readonly Lookup[] | null> {
  for (;;) {
    const parts = await flow.store.transact((tx) => tx.searches.parts(search));
    const ids = parts.map(({ id }) => id);
    if (parts.every(({ answeredAt }) => answeredAt !== null)) {
      const others = ids.filter((id) => !own.has(id));
      const good = await flow.store.transact((tx) => believed(tx, search, others));
      const all = ids.flatMap((id) => own.get(id) ?? good.get(id)?.lookups ?? []);
      const byAddress = new Map(all.map((lookup) => [lookup.address, lookup]));
      const answers = addresses.flatMap((address) => byAddress.get(address) ?? []);
      return answers.length === addresses.length ? answers : null;
    }
    mustGoOn(flow);
    // Whoever holds the rest may have died with it.
    if (await onePart(flow, search, heed, (id, lookups) => own.set(id, lookups))) continue;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Of these parts those whose answer is what the record says that was answered. */
async function believed(tx: Tx, search: Search, ids: readonly string[]): Promise<ReadonlyMap<string, StoredAnswer>> {
  if (ids.length === 0) return new Map();
  const detail = ['search', search.name] as const;
  const kept = await tx.ledger.find({ incident: search.incident, types: ['search.kept'], detail });
  const recorded = new Set(kept.flatMap(({ entry }) => (entry ? [`${entry.detail.part} ${entry.detail.answer}`] : [])));
  const stored = await tx.searches.answers(search, ids);
  return new Map(
    [...stored].flatMap(([id, answer]) => (answer && recorded.has(`${id} ${answer.digest}`) ? [[id, answer]] : [])),
  );
}

/** Another process has made the list, or closed the incident: nobody needs what this one was looking for. */
export class Overtaken extends Error {}

async function inLanes(lanes: number, work: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: lanes }, work));
}

/** Whether it is time for another word on the card. */
type Pacer = (now: number) => boolean;

function pacer(): Pacer {
  let last = Number.NEGATIVE_INFINITY;
  return (now) => {
    const isTime = now - last >= PROGRESS_EVERY_MS;
    if (isTime) last = now;
    return isTime;
  };
}
