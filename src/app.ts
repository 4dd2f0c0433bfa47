import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { keepFolderPrivate, keepSecretPrivate } from './adapters/files/privacy.ts';
import { createMetrics, type Metrics } from './adapters/http/health.ts';
import { operatorRoutes, operatorSocket } from './adapters/http/operator.ts';
import { listen } from './adapters/http/server.ts';
import { type Database, openDatabase } from './adapters/store/database.ts';
import { startWorkers, type Workers } from './adapters/store/jobs.ts';
import { sweepCaches } from './adapters/store/keyv.ts';
import { freeLeasesOfTheDead } from './adapters/store/store.ts';
import type { Loaded } from './config/load.ts';
import { ClawbackError } from './core/error.ts';
import { refusePolicy } from './flow/govern.ts';
import { type Note, record } from './flow/record.ts';
import { sweep, tidy, work } from './flow/sweep.ts';
import type { Log } from './log.ts';
import { operatorAnswers } from './operator-answers.ts';
import { type PolicyWatch, watchPolicy } from './policy-watch.ts';
import { type TenantParts, wireTenant } from './tenant.ts';
import { openWeb, serverEvents } from './web.ts';

const VERSION = '0.1.0';
/** How long after a lost lease somebody looks at what it held. */
const SWEEP_EVERY_MS = 10_000;
const TIDY_EVERY_MS = 15 * 60_000;
/** How soon a change of policy.yaml holds. */
const POLICY_EVERY_MS = 2_000;
/** How soon somebody looks whether refusals are to be put on record: once they are a minute old. */
const REFUSALS_EVERY_MS = 5_000;

export interface App {
  readonly url: string;
  /** Stops taking requests, lets work under way finish, and closes everything. Safe to call twice. */
  stop(): Promise<void>;
}

/** Opens, wires and starts the product. Throws ClawbackError with advice when something it needs is not there. */
export async function startApp(loaded: Loaded, log: Log, now: () => number = Date.now): Promise<App> {
  const { config, secrets } = loaded;
  const releases: (() => Promise<void>)[] = [];
  const release = once(async () => {
    for (const free of releases.reverse()) await free().catch((err: unknown) => log.error({ err }, 'while stopping'));
  });
  try {
    const folder = resolve(config.data);
    keepFolderPrivate(folder);
    for (const file of loaded.secretFiles) {
      const warning = keepSecretPrivate(file);
      if (warning) log.warn({ file }, warning);
    }
    const database = await openDatabase(
      secrets.databaseUrl ? { kind: 'server', url: secrets.databaseUrl } : { kind: 'embedded', folder },
    );
    releases.push(database.close);
    const metrics = createMetrics();
    let workers: Workers | null = null;
    const tenants: TenantParts[] = [];
    for (const tenant of config.tenants) {
      const parts = await wireTenant({
        tenant,
        policy: loaded.policy.policy,
        publicUrl: config.listen.publicUrl ?? null,
        pressesPerMinute: config.limits.pressesPerMinute,
        cardsPerMinute: config.limits.cardsPerMinute,
        stopFile: () => stopFileIn(folder),
        secrets,
        database,
        metrics,
        log,
        now,
        wake: (queues) => workers?.wake(queues),
      });
      releases.push(parts.close);
      tenants.push(parts);
    }
    await freeLeasesOfTheDead(database);
    workers = await runJobs(database, tenants, metrics, log);
    await recordAll(tenants, { type: 'service.started', detail: { version: VERSION } });
    releases.push(async () => {
      await tellRefusals(tenants, 'now');
      await recordAll(tenants, { type: 'service.stopped' });
    });
    releases.push(workers.stop, keepHouse(database, tenants, policyWatch(loaded, tenants, log), log));
    const operator = await listen(
      operatorRoutes(operatorAnswers(database, tenants)),
      { socket: operatorSocket(folder) },
      serverEvents(metrics, log, []),
    );
    releases.push(operator.close);
    const web = await openWeb(loaded, tenants, { database, metrics, log });
    releases.push(web.close);
    for (const { flow, start } of tenants) {
      await start();
      await sweep(flow, 'at start');
    }
    log.info({ url: web.url, tenants: config.tenants.map((tenant) => tenant.name) }, 'Clawback is ready');
    return { url: web.url, stop: release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function recordAll(tenants: readonly TenantParts[], note: Note): Promise<void> {
  for (const { flow } of tenants) await flow.store.transact((tx) => record(flow, tx, [note]));
}

async function tellRefusals(tenants: readonly TenantParts[], when: 'in time' | 'now'): Promise<void> {
  for (const { refusals } of tenants) await refusals.tell(when);
}

function runJobs(database: Database, tenants: readonly TenantParts[], metrics: Metrics, log: Log): Promise<Workers> {
  const byId = new Map(tenants.map((parts) => [parts.flow.tenant.id, parts]));
  return startWorkers(
    database.boss,
    async (job) => {
      const parts = byId.get(job.tenant);
      // A tenant taken out of the configuration: its jobs wait in the database, nothing of them is lost.
      if (!parts) throw new ClawbackError('config', `a job waits for tenant ${job.tenant}, which is not configured`);
      await work(parts.flow, job);
    },
    (err, queue, tenant) => {
      metrics.count('job_failures', { queue });
      log.warn({ err, queue, tenant }, 'a job failed and will be tried again');
    },
  );
}

/** Regular chores; answers how to end them. */
function keepHouse(
  database: Database,
  tenants: readonly TenantParts[],
  policy: PolicyWatch,
  log: Log,
): () => Promise<void> {
  let chore: Promise<unknown> = Promise.resolve();
  const every = (ms: number, what: () => Promise<unknown>) =>
    setInterval(() => {
      chore = chore.then(what).catch((err: unknown) => log.warn({ err }, 'a regular chore failed'));
    }, ms);
  const timers = [
    every(POLICY_EVERY_MS, () => policy.look()),
    every(SWEEP_EVERY_MS, async () => {
      for (const { flow } of tenants) await sweep(flow, 'later');
    }),
    every(REFUSALS_EVERY_MS, () => tellRefusals(tenants, 'in time')),
    every(TIDY_EVERY_MS, async () => {
      for (const { flow } of tenants) await tidy(flow);
      await sweepCaches(database.db, Date.now());
      await database.vacuum();
    }),
  ];
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await chore;
  };
}

function policyWatch({ policy, config }: Loaded, tenants: readonly TenantParts[], log: Log): PolicyWatch {
  return watchPolicy(policy, config, {
    async adopted(next, file) {
      for (const parts of tenants) await parts.govern(next, file);
      log.info({ file }, 'the policy was changed: it holds for new plans');
    },
    async refused(why) {
      log.error({ why }, 'the policy was changed and cannot be used: the one before holds');
      for (const { flow } of tenants) await refusePolicy(flow, why);
    },
  });
}

/** A file that stops everything for whoever can write to the data folder; its content is the reason. */
async function stopFileIn(folder: string): Promise<string | null> {
  try {
    return await readFile(join(folder, 'STOP'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    // It is there and cannot be read: that is no reason to go on.
    return 'the stop file cannot be read';
  }
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= run();
    return running;
  };
}
