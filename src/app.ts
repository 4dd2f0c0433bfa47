import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { createMetrics, healthz, type Metrics, readyz } from './adapters/http/health.ts';
import { createIntake } from './adapters/http/intake.ts';
import { operatorRoutes, operatorSocket } from './adapters/http/operator.ts';
import { type Handler, type Listening, listen } from './adapters/http/server.ts';
import { type Database, openDatabase } from './adapters/store/database.ts';
import { startWorkers, type Workers } from './adapters/store/jobs.ts';
import { sweepCaches } from './adapters/store/keyv.ts';
import { createLedgerReader, seal } from './adapters/store/ledger.ts';
import { freeLeasesOfTheDead } from './adapters/store/store.ts';
import type { Loaded } from './config/load.ts';
import { ClawbackError } from './core/error.ts';
import { verifyLedger } from './flow/audit.ts';
import { receive } from './flow/intake.ts';
import { type Note, record } from './flow/record.ts';
import { tellIncident } from './flow/story.ts';
import { sweep, tidy, work } from './flow/sweep.ts';
import type { Log } from './log.ts';
import { slackRoute, teamsRoute } from './routing.ts';
import { type TenantParts, wireTenant } from './tenant.ts';

const VERSION = '0.1.0';
/** How long after a lost lease somebody looks at what it held. */
const SWEEP_EVERY_MS = 10_000;
const TIDY_EVERY_MS = 15 * 60_000;
const ENTRIES_AT_ONCE = 2_000;

export interface App {
  readonly url: string;
  /** Stops taking requests, lets work under way finish, and closes everything. Safe to call twice. */
  stop(): Promise<void>;
}

/** Opens, wires and starts the product. Throws ClawbackError with advice when something it needs is not there. */
export async function startApp({ config, secrets }: Loaded, log: Log, now: () => number = Date.now): Promise<App> {
  const releases: (() => Promise<void>)[] = [];
  const release = once(async () => {
    for (const free of releases.reverse()) await free().catch((err: unknown) => log.error({ err }, 'while stopping'));
  });
  try {
    const folder = resolve(config.data);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
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
    releases.push(() => recordAll(tenants, { type: 'service.stopped' }));
    releases.push(workers.stop, keepHouse(database, tenants, log));
    const operator = await listen(
      operatorRoutes(auditAnswers(database, tenants)),
      { socket: operatorSocket(folder) },
      events(metrics, log),
    );
    releases.push(operator.close);
    const web = await openWeb(config.listen, tenants, database, metrics, log);
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
function keepHouse(database: Database, tenants: readonly TenantParts[], log: Log): () => Promise<void> {
  let chore: Promise<unknown> = Promise.resolve();
  const every = (ms: number, what: () => Promise<unknown>) =>
    setInterval(() => {
      chore = chore.then(what).catch((err: unknown) => log.warn({ err }, 'a regular chore failed'));
    }, ms);
  const timers = [
    every(SWEEP_EVERY_MS, async () => {
      for (const { flow } of tenants) await sweep(flow, 'later');
    }),
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

function openWeb(
  at: { host: string; port: number },
  tenants: readonly TenantParts[],
  database: Database,
  metrics: Metrics,
  log: Log,
): Promise<Listening> {
  const intake = createIntake(
    tenants.map(({ flow, intakeSecrets }) => ({
      name: flow.tenant.name,
      secrets: intakeSecrets,
      take: (alert, delivery) => receive(flow, alert, delivery),
    })),
  );
  const routes = new Map<string, Handler>([
    ['POST /intake/alerts', intake],
    ['POST /slack/events', slackRoute(tenants)],
    ['POST /api/messages', teamsRoute(tenants)],
    ['GET /healthz', healthz],
    [
      'GET /readyz',
      readyz({ database: () => probe(database), ...Object.assign({}, ...tenants.map((parts) => parts.checks)) }),
    ],
    ['GET /metrics', metrics.handler],
  ]);
  return listen(routes, at, events(metrics, log));
}

async function probe(database: Database): Promise<string | null> {
  await database.db.selectFrom('ledger_head').select('tenant').limit(1).execute();
  return null;
}

function events(metrics: Metrics, log: Log) {
  return {
    refused: (route: string, why: string) => {
      metrics.count('refusals', { route, reason: why.slice(0, 60) });
      log.warn({ route, why }, 'request refused');
    },
    failed: (route: string, err: unknown) => log.error({ route, err }, 'request failed'),
    answered: (route: string, status: number, ms: number) =>
      metrics.time('http', { route, status: String(status) }, ms / 1_000),
  };
}

function auditAnswers(database: Database, tenants: readonly TenantParts[]) {
  const chosen = (name: string | null) =>
    tenants.filter(({ flow }) => name === null || flow.tenant.name === name || flow.tenant.id === name);
  return {
    async verify(name: string | null) {
      const results = [];
      for (const { flow } of chosen(name)) {
        const reader = createLedgerReader(database.db, flow.tenant.id);
        results.push({ tenant: flow.tenant.name, ...(await verifyLedger(reader, flow.tenant.id, seal)) });
      }
      return results;
    },
    async show(name: string | null, incident: string) {
      const lines: string[] = [];
      for (const { flow } of chosen(name))
        lines.push(...(await tellIncident(createLedgerReader(database.db, flow.tenant.id), incident)));
      return lines;
    },
    async entries(name: string | null, afterSeq: number) {
      const results = [];
      for (const { flow } of chosen(name)) {
        const reader = createLedgerReader(database.db, flow.tenant.id);
        const head = await reader.head();
        results.push({ tenant: flow.tenant.id, head, rows: await reader.read(afterSeq, ENTRIES_AT_ONCE) });
      }
      return results;
    },
  };
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= run();
    return running;
  };
}
