import type { Incident } from '../../core/incident/incident.ts';
import { END_ENTRIES, type Ended, type EndName, endIn, endMark, endWords } from '../../core/record/ends.ts';
import type { Recorded } from '../../core/record/ledger.ts';
import type { Held } from '../../ports/held.ts';
import type { Job } from '../../ports/jobs.ts';
import type { End, ToldBack, ToldSource } from '../../ports/source.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';
import { spokenOfKey } from '../record/ended.ts';
import { entriesOf } from '../record/entries.ts';
import { joinedInto } from '../record/joined.ts';
import { announce, record } from '../record/record.ts';
import { isTampered } from '../record/trust.ts';

/**
 * Each loop is closed: whoever raised an alert is told what became of its mail, as the record has it. What is about to be said
 * is written down before, and what came of it afterwards; after a crash it is looked at before it is said again. It sets
 * nothing off there, and nothing here waits for it.
 */

type Errand = Extract<Job, { readonly queue: 'back' }>;
type Telling = Omit<Flow, 'effects' | 'excerpts' | 'evidence' | 'reader' | 'finders'>;

/** After the first try. Permissions are given and services come back within these; then it is at an end. */
const AGAIN_AFTER_MS: readonly number[] = [60_000, 300_000, 1_800_000, 7_200_000, 28_800_000];
/** Longer than anybody who is told may take: somebody else may be telling it at this moment. */
const UNDER_WAY_MS = 180_000;
/** Of one incident: one more tells the same vendor the same. */
const MOST_ALERTS = 20;
const DONE: ReadonlySet<string | null> = new Set(['told', 'known', 'nothing', 'given up']);

interface Wish {
  readonly to: ToldSource;
  readonly end: End;
  readonly ended: Ended;
  readonly nth: number;
}

export async function tellBack(flow: Telling, errand: Errand): Promise<void> {
  const { incident } = errand;
  let waitMs: number | null = null;
  const soonest = (ms: number | null) => {
    if (ms !== null) waitMs = Math.max(waitMs ?? 0, ms);
  };
  // Each is written down just before it is said: one that takes long leaves the others neither said nor under way.
  for (const alerted of await flow.store.transact((tx) => alertsOf(flow, tx, incident))) {
    const wish = await flow.store.transact((tx) => intended(flow, tx, incident, alerted));
    if (wish === 'busy') soonest(UNDER_WAY_MS);
    if (wish === 'busy' || wish === null) continue;
    const answer = await wish.to.tell(wish.end);
    soonest(await flow.store.transact((tx) => heard(flow, tx, incident, wish, answer)));
  }
  if (waitMs === null) return;
  const wait = waitMs;
  await flow.store.transact((tx) => tx.jobs.send({ ...errand, nth: errand.nth + 1 }, wait));
}

/** What is to be said now, written down before it is said; null for nothing. 'busy': somebody else is at it. */
async function intended(flow: Telling, tx: Tx, id: string, { to, alert }: Alerted): Promise<Wish | 'busy' | null> {
  const incident = await tx.incidents.lock(id);
  if (!incident || (await isTampered(flow, tx, incident))) return null;
  const ended = await endOf(tx, id);
  if (!ended) return null;
  const before = await triesOf(tx, id, { source: to.source, alert, ended: ended.seq });
  const last = before.at(-1);
  if (DONE.has(last?.outcome ?? null) && last?.type === 'loop.told') return null;
  if (last?.type === 'loop.intended' && Date.parse(flow.clock.now()) - Date.parse(last.at) < UNDER_WAY_MS)
    return 'busy';
  return intend(flow, tx, { incident, ended, to, alert, before });
}

/** As the record has it, and nothing else; null while there is none, or where the record itself differs. */
async function endOf(tx: Tx, incident: string): Promise<Ended | null> {
  const entries = await entriesOf(tx, { incident, types: END_ENTRIES });
  return entries.breach === null ? endIn(entries.value) : null;
}

interface Alerted {
  readonly to: ToldSource;
  readonly alert: string;
}

/** By the record: what stands in a row may have been written by anybody who has the database. */
async function alertsOf({ told = [] }: Telling, tx: Tx, incident: string): Promise<readonly Alerted[]> {
  const found = await tx.ledger.find({ incident, types: ['alert.received', 'alert.repeated'] });
  const all = new Map<string, Alerted>();
  for (const { entry } of found) {
    const to = told.find(({ source }) => source === entry?.detail.source);
    if (entry && to) all.set(spokenOfKey(to.source, entry.detail.alert), { to, alert: entry.detail.alert });
  }
  return [...all.values()].slice(0, MOST_ALERTS);
}

type Try = Recorded<'loop.intended' | 'loop.told'>;

async function triesOf(
  tx: Tx,
  incident: string,
  about: { readonly source: string; readonly alert: string; readonly ended: number },
): Promise<readonly Try[]> {
  const found = await tx.ledger.find({ incident, types: ['loop.intended', 'loop.told'] });
  return found
    .flatMap(({ entry }) => entry ?? [])
    .filter(
      ({ detail }) => detail.source === about.source && detail.alert === about.alert && detail.ended === about.ended,
    );
}

interface Intent extends Alerted {
  readonly incident: Held<Incident>;
  readonly ended: Ended;
  readonly before: readonly Try[];
}

async function intend(flow: Telling, tx: Tx, { incident, ended, to, alert, before }: Intent): Promise<Wish> {
  const nth = before.filter(({ type }) => type === 'loop.intended').length;
  const { id } = incident;
  const words = endWords(id, ended);
  const detail = { source: to.source, alert, end: ended.is, ended: ended.seq, nth, words };
  await record(flow, tx, [{ type: 'loop.intended', incident: id, planDigest: ended.planDigest, detail }]);
  const all = await tx.ledger.find({ incident: id, types: ['loop.intended'], newest: true });
  const own = all.at(-1)?.entry;
  // The record as it was when this was written into it: whoever is told can hold it against what they are shown later.
  const head = own ? ` Record: entry ${own.seq - 1}, SHA-256 ${own.prev}.` : '';
  const rows = (await tx.vendorRows.of(id)).filter(({ source }) => source === to.source).map(({ text }) => text);
  const whole = ended.whole ? await wholeEnd(tx, incident, ended.is, spokenOfKey(to.source, alert)) : null;
  const { verdict } = incident.alert;
  const end: End = { is: ended.is, alert, verdict, whole, words: `${words}${head}`, mark: endMark(id, ended), rows };
  return { to, end, ended, nth };
}

/**
 * One alert may speak of several mails: as long as people have not ended the case of one of them, or not every copy of it was
 * seen where it belongs, the alert is open. Bad is what one of them was.
 */
async function wholeEnd(tx: Tx, incident: Incident, is: EndName, key: string): Promise<EndName | null> {
  const ends: EndName[] = [is];
  for (const other of await tx.incidents.filedUnder([key])) {
    if (other.id === incident.id || other.parent !== null || (await joinedInto(tx, other)) !== null) continue;
    const end = await endOf(tx, other.id);
    if (!end?.whole) return null;
    ends.push(end.is);
  }
  return ends.find((end) => end === 'removed') ?? ends.find((end) => end === 'set-aside') ?? is;
}

/** Answers after how long it is tried again; null for never. */
async function heard(flow: Telling, tx: Tx, id: string, wish: Wish, answer: ToldBack): Promise<number | null> {
  const { to, end, ended, nth } = wish;
  if (!(await tx.incidents.lock(id))) return null;
  const after = answer.kind === 'failed' ? AGAIN_AFTER_MS[nth] : undefined;
  const outcome = answer.kind !== 'failed' ? answer.kind : after === undefined ? 'given up' : 'waits';
  const note = answer.kind === 'failed' || answer.kind === 'nothing' ? answer.why.slice(0, 300) : '';
  const detail = { source: to.source, alert: end.alert, end: ended.is, ended: ended.seq, nth, note };
  await record(flow, tx, [{ type: 'loop.told', incident: id, planDigest: ended.planDigest, outcome, detail }]);
  await announce(flow, tx, id);
  const asked = answer.kind === 'failed' ? (answer.waitMs ?? 0) : 0;
  return after === undefined ? null : Math.max(after, asked);
}
