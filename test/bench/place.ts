import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stderr } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { operatorSocket } from '../../src/adapters/http/operator.ts';
import { seal } from '../../src/adapters/store/ledger.ts';
import { askOperator } from '../../src/cli/operator.ts';
import { readEntry } from '../../src/core/record/codec.ts';
import type { Entry, SealedEntry } from '../../src/core/record/ledger.ts';
import { freePort } from '../../src/sandbox/cli/configuration.ts';
import { asAdmin, onServer } from '../support/server-database.ts';
import { type Child, startChild } from './child.ts';
import type { Phase } from './figures.ts';
import { copiesInAll, type Options } from './options.ts';
import type { Product } from './product.ts';
import { type Profile, topOf } from './profile.ts';
import type { StandIn } from './stand-in.ts';

/** Product and stand-in in processes of their own, and an incident from its alert to its end in them. */

export type Releases = (() => Promise<unknown> | unknown)[];

export interface Place {
  readonly standIn: Child<StandIn>;
  /** The one that people and detectors talk to; others may work beside it. */
  readonly product: Child<Product>;
  readonly configFile: string;
  /** Where an incident that is not over by then is given up. */
  readonly withinMs: number;
  readonly profile: string | null;
}

export interface Ready {
  readonly place: Place;
  /** From the first start of all, with everything still to be made, to ready. */
  readonly firstStartMs: number;
  readonly coldStartMs: number;
  readonly idleMb: number;
}

const TEN_MINUTES_MS = 600_000;
/** So long may a copy take before it is given up, where that is more than ten minutes in all. */
const PER_COPY_MS = 100;
export const SETTLE_MS = 5_000;
const TOP = 30;

export function longestMs(options: Options): number {
  return Math.max(TEN_MINUTES_MS, copiesInAll(options) * PER_COPY_MS);
}

export async function openStandIn(mailboxes: number, serviceMs: number, releases: Releases): Promise<Child<StandIn>> {
  const standIn = startChild<StandIn>('stand-in.ts');
  releases.push(standIn.end);
  say(`a tenant with ${mailboxes} mailboxes`);
  await standIn.ask('open', { mailboxes, serviceMs });
  return standIn;
}

/** Starts the product, ends it and starts it again, `processes` times on one database. */
export async function openProduct(
  options: Options,
  standIn: Child<StandIn>,
  releases: Releases,
  processes = 1,
): Promise<Ready> {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-bench-'));
  releases.push(() => rmSync(folder, { recursive: true, force: true }));
  const databaseUrl = await databaseOn(options.store, releases);
  const configure = async (name: string) => {
    const port = await freePort();
    const where = { folder: join(folder, name), port, ...(databaseUrl ? { databaseUrl } : {}) };
    return { url: `http://127.0.0.1:${port}`, file: await standIn.ask('configure', where) };
  };
  const { url, file: configFile } = await configure('1');
  say('the product: first start, start again');
  const first = await started(configFile, releases);
  await first.product.end();
  const { product, ms: coldStartMs } = await started(configFile, releases);
  for (let n = 2; n <= processes; n += 1) await started((await configure(String(n))).file, releases);
  await standIn.ask('connect', url);
  await delay(SETTLE_MS);
  const { rssMb: idleMb } = await product.ask('usage');
  const place = { standIn, product, configFile, withinMs: longestMs(options), profile: options.profile };
  return { place, firstStartMs: first.ms, coldStartMs, idleMb };
}

/** A database of its own on the server; null where it is embedded. */
async function databaseOn(store: string, releases: Releases): Promise<string | null> {
  if (store === 'embedded') return null;
  const name = `clawback_bench_${randomUUID().replaceAll('-', '')}`;
  await asAdmin(store, `create database ${name}`);
  releases.push(() => asAdmin(store, `drop database ${name} with (force)`));
  return onServer(store, name);
}

async function started(configFile: string, releases: Releases): Promise<{ product: Child<Product>; ms: number }> {
  const begun = performance.now();
  const product = startChild<Product>('product.ts');
  releases.push(product.end);
  await product.ask('start', configFile);
  return { product, ms: performance.now() - begun };
}

export interface Planned {
  readonly incident: string;
  readonly planMs: number;
}

/** From the accepted alert to the card that asks. */
export async function planned({ standIn, configFile, withinMs }: Place, name: string): Promise<Planned> {
  const { incident, at } = await standIn.ask('report', { configFile, name });
  const card = await standIn.ask('cardSays', { incident, words: '"purge"', withinMs });
  return { incident, planMs: card.at - at };
}

/** The vote before the one that decides. Nobody presses what is not there: each waits until the chat shows it. */
export async function halfApproved({ standIn, withinMs }: Place, incident: string): Promise<void> {
  await standIn.ask('slackAsks', { incident, withinMs });
  await standIn.ask('pressInSlack', { who: 'dana', incident });
  await standIn.ask('cardSays', { incident, words: '1 of 2 given', withinMs });
}

export interface Purged {
  /** From the press that decides to the end in the record; to the card that says so; to the answer to that press. */
  readonly purgeMs: number;
  readonly cardMs: number;
  readonly pressMs: number;
  /** Copies that the run itself reports as removed. */
  readonly removed: number;
}

export async function purged(place: Place, incident: string): Promise<Purged> {
  const { standIn, withinMs } = place;
  const press = await standIn.ask('pressInTeams', { who: 'omar', incident });
  const card = await standIn.ask('cardSays', { incident, words: 'Purged', withinMs });
  const end = await finished(place, incident);
  return {
    purgeMs: end.at - press.at,
    cardMs: card.at - press.at,
    pressMs: press.answered - press.at,
    removed: end.removed,
  };
}

/** What product and stand-in spent on it. */
export async function phase<T>(
  { product, standIn, profile }: Place,
  name: 'plan' | 'purge',
  work: () => Promise<T>,
): Promise<{ phase: Phase; result: T }> {
  await standIn.ask('reset');
  await product.ask('watch');
  if (profile !== null) await product.ask('startProfile');
  const before = { product: await product.ask('usage'), standIn: await standIn.ask('stats') };
  const result = await work();
  const after = { product: await product.ask('usage'), standIn: await standIn.ask('stats') };
  if (profile !== null) await profiled(product, name === 'purge' ? profile : `${profile}.plan.cpuprofile`, name);
  const { operations, statuses, batches, mostBatches, cpuMs } = after.standIn;
  return {
    phase: {
      ...{ operations, statuses, batches, mostBatches },
      productCpuMs: after.product.cpuMs - before.product.cpuMs,
      standInCpuMs: cpuMs - before.standIn.cpuMs,
      stallMs: after.product.stallMs,
    },
    result,
  };
}

async function profiled(product: Child<Product>, file: string, what: string): Promise<void> {
  await product.ask('endProfile', file);
  stderr.write(`\n${what}: ${file}\n${topOf(JSON.parse(readFileSync(file, 'utf8')) as Profile, TOP)}\n`);
}

/** Entries of the record after that one, in order, and the number of its last. */
export async function recordAfter(
  { configFile }: Place,
  after: number,
): Promise<{ head: number; last: number; entries: readonly Entry[] }> {
  const socket = operatorSocket(join(configFile, '..', 'data'));
  type Stored = { readonly head: { readonly seq: number }; readonly rows: readonly SealedEntry[] };
  const [stored] = await askOperator<Stored[]>(socket, `/audit/entries?after=${after}`);
  const rows = stored?.rows ?? [];
  const entries = rows.flatMap((row) => {
    const read = readEntry(row, seal);
    return read.is === 'read' ? [read.entry] : [];
  });
  return { head: stored?.head.seq ?? 0, last: rows.at(-1)?.seq ?? after, entries };
}

const LATEST = 1_000;

/** What the record says: when the run was finished, and what became of the copies. */
async function finished(place: Place, incident: string): Promise<{ at: number; removed: number }> {
  const { head } = await recordAfter(place, 2 ** 31 - 1);
  for (let after = Math.max(0, head - LATEST); after >= 0; after -= LATEST) {
    const { entries } = await recordAfter(place, after);
    for (const entry of entries) {
      if (entry.type !== 'run.finished' || entry.incident !== incident) continue;
      const removed = entry.detail.summary.find(({ outcome }) => outcome === 'removed')?.copies ?? 0;
      return { at: Date.parse(entry.at), removed };
    }
  }
  throw new Error(`the record knows of no finished run of ${incident}`);
}

export function say(line: string): void {
  stderr.write(`${(performance.now() / 1_000).toFixed(1).padStart(7)} s  ${line}\n`);
}
