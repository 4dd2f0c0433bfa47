import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, stderr, stdout } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { operatorSocket } from '../../src/adapters/http/operator.ts';
import { seal } from '../../src/adapters/store/ledger.ts';
import { askOperator } from '../../src/cli/operator.ts';
import { readEntry } from '../../src/core/record/codec.ts';
import type { SealedEntry } from '../../src/core/record/ledger.ts';
import { freePort } from '../../src/sandbox/cli/configuration.ts';
import { asAdmin, onServer } from '../support/server-database.ts';
import { bareLoop, bareSearch } from './bare.ts';
import { type Child, startChild } from './child.ts';
import { doubtsOf, lineOf, type Measured, type Phase, tableOf } from './figures.ts';
import { type Options, optionsOf } from './options.ts';
import type { Product } from './product.ts';
import { type Profile, topOf } from './profile.ts';
import type { StandIn } from './stand-in.ts';

/** npm run bench: the product and a loop by hand against the same stand-in, in processes of their own. See README.md. */

const TEN_MINUTES_MS = 600_000;
/** So long may a copy take before it is given up, where that is more than ten minutes in all. */
const PER_COPY_MS = 100;
const SETTLE_MS = 5_000;
const TOP = 30;

type Releases = (() => Promise<unknown> | unknown)[];

async function main(options: Options): Promise<void> {
  const releases: Releases = [];
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => reject(new Error(`ended by ${signal}`)));
  });
  const withinMs = Math.max(TEN_MINUTES_MS, options.copies * PER_COPY_MS) - 20_000;
  const late = delay(withinMs, undefined, { ref: false }).then(() => {
    throw new Error(`given up after ${withinMs / 1_000} s`);
  });
  try {
    const measured = await Promise.race([measure(options, releases), interrupted, late]);
    for (const doubt of doubtsOf(measured)) stderr.write(`DOUBT ${doubt}\n`);
    const line = lineOf(measured);
    stdout.write(options.json ? `${JSON.stringify(line)}\n` : tableOf(line));
    process.exitCode = measured.left === 0 && measured.decoysTouched === 0 ? 0 : 1;
  } finally {
    for (const release of releases.reverse()) await release();
  }
}

async function measure(options: Options, releases: Releases): Promise<Measured> {
  const { copies, serviceMs, wide } = options;
  const folder = mkdtempSync(join(tmpdir(), 'clawback-bench-'));
  releases.push(() => rmSync(folder, { recursive: true, force: true }));
  const databaseUrl = await databaseOn(options.store, releases);
  const standIn = startChild<StandIn>('stand-in.ts');
  releases.push(standIn.end);
  say(`a tenant with ${copies} copies and as many decoys`);
  const byHand = await standIn.ask('open', { copies, serviceMs });
  // Once for nothing: neither side is to be measured while it is still being compiled.
  await bareSearch(byHand, wide);
  say('by hand: search');
  const { ms: bareSearchMs } = await bareSearch(byHand, wide);
  say('by hand: search, move, read back');
  const { ms: bareMs } = await bareLoop(byHand, wide);
  const bareLeft = await standIn.ask('bareLeft');
  if (bareLeft > 0) throw new Error(`by hand ${bareLeft} copies are left`);

  const port = await freePort();
  const configFile = await standIn.ask('configure', { folder, port, ...(databaseUrl ? { databaseUrl } : {}) });
  say('the product: first start, start again');
  const first = await started(configFile, releases);
  await first.product.end();
  const { product, ms: coldStartMs } = await started(configFile, releases);
  await standIn.ask('connect', `http://127.0.0.1:${port}`);
  await delay(SETTLE_MS);
  const { rssMb: idleMb } = await product.ask('usage');

  const place = { product, standIn, ...options, withinMs: Math.max(TEN_MINUTES_MS, copies * PER_COPY_MS) };
  say('the product: plan');
  const { phase: plan, result: asked } = await phase(place, 'plan', async () => {
    const { incident, at } = await standIn.ask('report', configFile);
    const card = await standIn.ask('cardSays', { incident, words: '"purge"', withinMs: place.withinMs });
    return { incident, planMs: card.at - at };
  });
  const { incident, planMs } = asked;
  // Slack shows it a little later, and Teams the vote after that: nobody presses what is not there.
  await delay(SETTLE_MS / 2);
  await standIn.ask('pressInSlack', { who: 'dana', incident });
  await delay(SETTLE_MS / 2);
  say('the product: purge');
  const { phase: purge, result: done } = await phase(place, 'purge', async () => {
    const press = await standIn.ask('pressInTeams', { who: 'omar', incident });
    const card = await standIn.ask('cardSays', { incident, words: 'Purged', withinMs: place.withinMs });
    return { ...press, cardAt: card.at };
  });
  const end = await finished(folder);
  return {
    ...{ copies, serviceMs, wide, coldStartMs, idleMb, bareSearchMs, bareMs, planMs, plan, purge },
    store: databaseUrl === null ? 'embedded' : 'server',
    firstStartMs: first.ms,
    peakMb: (await product.ask('usage')).peakMb,
    purgeMs: end.at - done.at,
    cardMs: done.cardAt - done.at,
    pressMs: done.answered - done.at,
    removed: end.removed,
    left: await standIn.ask('left'),
    decoysTouched: await standIn.ask('decoysTouched'),
  };
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

interface Place {
  readonly product: Child<Product>;
  readonly standIn: Child<StandIn>;
  readonly profile: string | null;
}

/** What product and stand-in spent on it. */
async function phase<T>(
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

const LATEST = 200;

/** What the record says: when the run was finished, and what became of the copies. */
async function finished(folder: string): Promise<{ at: number; removed: number }> {
  const socket = operatorSocket(join(folder, 'data'));
  type Stored = { readonly head: { readonly seq: number }; readonly rows: readonly SealedEntry[] };
  const from = async (after: number) => (await askOperator<Stored[]>(socket, `/audit/entries?after=${after}`))[0];
  const head = (await from(2 ** 31 - 1))?.head.seq ?? 0;
  for (const row of (await from(Math.max(0, head - LATEST)))?.rows ?? []) {
    const read = readEntry(row, seal);
    if (read.is !== 'read' || read.entry.type !== 'run.finished') continue;
    const { summary } = read.entry.detail;
    return {
      at: Date.parse(read.entry.at),
      removed: summary.find(({ outcome }) => outcome === 'removed')?.copies ?? 0,
    };
  }
  throw new Error('the record knows of no finished run');
}

function say(line: string): void {
  stderr.write(`${(performance.now() / 1_000).toFixed(1).padStart(7)} s  ${line}\n`);
}

try {
  await main(optionsOf(argv.slice(2)));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
