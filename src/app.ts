import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { keepFolderPrivate, keepSecretPrivate } from './adapters/files/privacy.ts';
import { createMetrics, type Metrics } from './adapters/http/health.ts';
import { operatorRoutes, operatorSocket } from './adapters/http/operator.ts';
import { listen } from './adapters/http/server.ts';
import { beat } from './adapters/store/beat.ts';
import { type Database, openDatabase } from './adapters/store/database.ts';
import { startWorkers, type Workers } from './adapters/store/jobs.ts';
import { sweepCaches } from './adapters/store/keyv.ts';
import { freeLeasesOfTheDead } from './adapters/store/store.ts';
import { within } from './adapters/store/within.ts';
import type { Loaded } from './config/load.ts';
import { ClawbackError } from './core/error.ts';
import { refusePolicy } from './flow/govern.ts';
import { type Note, record } from './flow/record.ts';
import { retirement } from './flow/retire.ts';
import { sweep, tidy, work } from './flow/sweep.ts';
import type { Log } from './log.ts';
import { operatorAnswers } from './operator-answers.ts';
import { type PolicyWatch, watchPolicy } from './policy-watch.ts';
import { type TenantParts, wireTenant } from './tenant.ts';
import { createVitals, type Vitals } from './vitals.ts';
import { openWeb, serverEvents } from './web.ts';
import { createWitness, type Witness } from './witness.ts';

const VERSION = '0.1.0';
/** How long after a lost lease somebody looks at what it held. */
const SWEEP_EVERY_MS = 10_000;
/** How soon a database that takes nothing and a clock that is off are noticed. */
const LOOK_EVERY_MS = 5_000;
/** Of the 15 s in which a process has to end. */
const CHORE_WITHIN_MS = 2_000;
/** Of the 15 s in which it has to end: a press that was taken is answered as long as Graph and the database answer. */
const ANSWER_WITHIN_MS = 6_000;
const TIDY_EVERY_MS = 15 * 60_000;
const RETIRE_EVERY_MS = 10 * 60_000;
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
    const witness = createWitness(folder, database, config.tenants);
    await witness.check();
    const metrics = createMetrics();
    const engine: Engine = { workers: null, stopping: false, begunAt: performance.now() };
    const vitals = vitalsOf(engine, { database, folder, metrics, log });
    await vitals.look();
    vitals.mayWork();
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
        wake: (queues) => engine.workers?.wake(queues),
        mayWork: vitals.mayWork,
      });
      releases.push(parts.close);
      tenants.push(parts);
    }
    await freeLeasesOfTheDead(database);
    const workers = await runJobs(engine, { database, tenants, metrics, log });
    await recordAll(tenants, { type: 'service.started', detail: { version: VERSION } });
    releases.push(async () => {
      await tellRefusals(tenants, 'now');
      await recordAll(tenants, { type: 'service.stopped' });
      await witness.note();
    });
    releases.push(
      workers.stop,
      keepHouse(database, tenants, { policy: policyWatch(loaded, tenants, log), witness, log }),
    );
    releases.push(keepLooking(vitals));
    const operator = await listen(
      operatorRoutes(operatorAnswers(database, tenants)),
      { socket: operatorSocket(folder) },
      serverEvents(metrics, log, []),
    );
    releases.push(operator.close);
    const checks = { process: async () => (engine.stopping ? 'is stopping' : null), ...vitals.checks };
    const web = await openWeb(loaded, tenants, { checks, metrics, log });
    releases.push(web.close);
    for (const { flow, start } of tenants) {
      await start();
      // Whoever was frozen meanwhile goes on: the next regular look does the same, a little later.
      await sweep(flow, 'at start').catch((err: unknown) => {
        if (!(err instanceof ClawbackError) || err.code !== 'unavailable') throw err;
        log.warn({ err }, 'the first look at what is left to do failed');
      });
    }
    log.info({ url: web.url, tenants: config.tenants.map((tenant) => tenant.name) }, 'Clawback is ready');
    return {
      url: web.url,
      async stop() {
        // Whoever shares out the requests looks elsewhere, while those that still come here are answered.
        engine.stopping = true;
        const ended = workers.stop().catch((err: unknown) => log.error({ err }, 'while stopping'));
        const answered = within(ANSWER_WITHIN_MS, Promise.all(tenants.map(({ desk }) => desk.idle())));
        await Promise.all([ended, answered]);
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** What moves the work of this process. */
interface Engine {
  workers: Workers | null;
  stopping: boolean;
  /** When the last job was begun, on a clock that only goes forward. */
  begunAt: number;
}

interface Surroundings {
  readonly database: Database;
  readonly metrics: Metrics;
  readonly log: Log;
}

function vitalsOf(
  engine: Engine,
  { database, folder, metrics, log }: Surroundings & { readonly folder: string },
): Vitals {
  return createVitals({
    beat: () => beat(database.db, engine.workers !== null),
    clock: Date.now,
    steady: () => performance.now(),
    idleMs: () => performance.now() - engine.begunAt,
    folder: database.exclusive ? folder : null,
    measure: metrics.measure,
    clocks: (state, skewMs) => {
      const about = { aheadOfDatabaseSeconds: Math.round(skewMs / 1_000) };
      if (state === 'agree') log.info(about, 'the clocks of this machine and of the database agree again');
      else log.error(about, `the clocks of this machine and of the database ${state}: set both by NTP`);
      if (engine.stopping) return;
      const change = state === 'differ too much' ? engine.workers?.hold() : engine.workers?.goOn();
      change?.catch((err: unknown) => log.error({ err }, 'the workers could not be told'));
    },
  });
}

/** Apart from the other chores: those can take long, and this is what shows that they do. */
function keepLooking(vitals: Vitals): () => Promise<void> {
  const timer = setInterval(() => void vitals.look(), LOOK_EVERY_MS);
  return () => Promise.resolve(clearInterval(timer));
}

async function recordAll(tenants: readonly TenantParts[], note: Note): Promise<void> {
  for (const { flow } of tenants) await flow.store.transact((tx) => record(flow, tx, [note]));
}

async function tellRefusals(tenants: readonly TenantParts[], when: 'in time' | 'now'): Promise<void> {
  for (const { refusals } of tenants) await refusals.tell(when);
}

async function runJobs(
  engine: Engine,
  { database, tenants, metrics, log }: Surroundings & { readonly tenants: readonly TenantParts[] },
): Promise<Workers> {
  const byId = new Map(tenants.map((parts) => [parts.flow.tenant.id, parts]));
  engine.workers = await startWorkers(
    database.boss,
    async (job) => {
      engine.begunAt = performance.now();
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
  return engine.workers;
}

/** Regular chores; answers how to end them. */
function keepHouse(
  database: Database,
  tenants: readonly TenantParts[],
  { policy, witness, log }: { readonly policy: PolicyWatch; readonly witness: Witness; readonly log: Log },
): () => Promise<void> {
  let chore: Promise<unknown> = Promise.resolve();
  const every = (ms: number, what: () => Promise<unknown>) => {
    // One turn that has not come yet is enough: while the database hangs they would pile up.
    let waits = false;
    return setInterval(() => {
      if (waits) return;
      waits = true;
      chore = chore
        .then(() => {
          waits = false;
          return what();
        })
        .catch((err: unknown) => log.warn({ err }, 'a regular chore failed'));
    }, ms);
  };
  const retire = tenants.map(({ flow }) => retirement(flow));
  const timers = [
    every(POLICY_EVERY_MS, () => policy.look()),
    every(SWEEP_EVERY_MS, async () => {
      for (const { flow } of tenants) await sweep(flow, 'later');
      // Last, and whatever comes of it: a disk that is full keeps nobody from what is left to do.
      await witness.note();
    }),
    every(REFUSALS_EVERY_MS, () => tellRefusals(tenants, 'in time')),
    every(RETIRE_EVERY_MS, async () => {
      for (const turn of retire) await turn();
    }),
    every(TIDY_EVERY_MS, async () => {
      for (const { flow } of tenants) await tidy(flow);
      await sweepCaches(database.db, Date.now());
      await database.vacuum();
    }),
  ];
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await within(CHORE_WITHIN_MS, chore);
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
