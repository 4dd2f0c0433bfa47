import { resolve } from 'node:path';
import { keepFolderPrivate, keepSecretPrivate } from './adapters/files/privacy.ts';
import { openRequestFolder } from './adapters/files/request-folder.ts';
import { createMetrics, type Metrics } from './adapters/http/health.ts';
import { operatorRoutes, operatorSocket } from './adapters/http/operator.ts';
import { listen } from './adapters/http/server.ts';
import { onBehalfOf } from './adapters/microsoft/on-behalf.ts';
import { beat } from './adapters/store/beat.ts';
import { type Database, openDatabase } from './adapters/store/database.ts';
import { createWorkers, FINISH_WITHIN_MS, type TenantJob, type Workers } from './adapters/store/jobs.ts';
import { freeLeasesOfTheDead } from './adapters/store/store.ts';
import { within } from './adapters/store/within.ts';
import { keepHouse, policyWatch, sealRequests, tellRefusals } from './chores.ts';
import { type ClockRecord, recordClocks } from './clock-record.ts';
import type { Loaded } from './config/load.ts';
import { ClawbackError } from './core/error.ts';
import { type Note, record } from './flow/record/record.ts';
import { sweep, work } from './flow/sweep.ts';
import type { Log } from './log.ts';
import { operatorAnswers } from './operator-answers.ts';
import { stopFileIn } from './stop-file.ts';
import { type TenantParts, wireTenant } from './tenant.ts';
import { createVitals, type Vitals } from './vitals.ts';
import { openWeb, serverEvents } from './web.ts';
import { createWitness } from './witness.ts';

const VERSION = '0.1.0';
/** How soon a database that takes nothing and a clock that is off are noticed. */
const LOOK_EVERY_MS = 5_000;
/** Of the 15 s in which it has to end: a press that was taken is answered as long as Graph and the database answer. */
const ANSWER_WITHIN_MS = 5_000;
/** How long before the queue hands over what has not ended: nothing of ours reaches a mailbox after that. */
const BREAK_OFF_BEFORE_MS = 1_000;

export interface App {
  readonly url: string;
  /**
   * Is not ready any more, takes requests for `answerOnMs` still, lets work under way finish, and closes everything. Safe to
   * call twice.
   */
  stop(answerOnMs?: number): Promise<void>;
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
    const noteFailed = (err: unknown, queue: string, tenant: string | null) => {
      // What an end breaks off is handed over, and no failure.
      if (engine.stopping && err instanceof ClawbackError && err.code === 'unavailable') return;
      metrics.count('job_failures', { queue });
      log.warn({ err, queue, tenant }, 'a job failed and will be tried again');
    };
    const weights = new Map(config.tenants.map(({ id, weight }) => [id, weight]));
    const workers = createWorkers(database.boss, noteFailed, weights);
    const engine: Engine = {
      workers,
      stopping: false,
      begunAt: performance.now(),
      givenAway: new AbortController(),
    };
    const requestFolder = openRequestFolder(folder, Date.now);
    releases.push(async () => requestFolder.close());
    const clocks = recordClocks(database, Date.now, log);
    const vitals = vitalsOf(engine, { database, folder, metrics, log, clocks });
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
        requestFolder,
        requestDays: config.requestLog.days,
        database,
        metrics,
        log,
        now,
        wake: (queues) => workers.wake(queues),
        mayBegin: () => !engine.stopping,
        givenAway: engine.givenAway.signal,
        mayWork: vitals.mayWork,
      });
      releases.push(parts.close);
      tenants.push(parts);
    }
    await freeLeasesOfTheDead(database);
    await workers.start(jobsFor(engine, tenants));
    await recordAll(tenants, { type: 'service.started', detail: { version: VERSION } });
    for (const { requests } of tenants) await requests.takeOver();
    clocks.open(tenants.map(({ flow }) => flow));
    releases.push(async () => {
      await tellRefusals(tenants, 'now');
      await sealRequests(tenants, 'now');
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
      async stop(answerOnMs = 0) {
        // Whoever shares out the requests looks elsewhere, while those that still come here are answered.
        engine.stopping = true;
        const noted = (err: unknown) => log.error({ err }, 'while stopping');
        const breakOff = setTimeout(() => engine.givenAway.abort(), FINISH_WITHIN_MS - BREAK_OFF_BEFORE_MS);
        const ended = workers.stop().catch(noted);
        await new Promise((resolve) => setTimeout(resolve, answerOnMs));
        await web.close().catch(noted);
        const answered = within(ANSWER_WITHIN_MS, Promise.all(tenants.map(({ desk }) => desk.idle())));
        await Promise.all([ended, answered]);
        clearTimeout(breakOff);
        engine.givenAway.abort();
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
  readonly workers: Workers;
  stopping: boolean;
  readonly givenAway: AbortController;
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
  { database, folder, metrics, log, clocks }: Surroundings & { readonly folder: string; readonly clocks: ClockRecord },
): Vitals {
  return createVitals({
    beat: () => beat(database.db, engine.workers.hasStarted()),
    clock: Date.now,
    steady: () => performance.now(),
    idleMs: () => performance.now() - engine.begunAt,
    folder,
    isOwnDisk: database.exclusive,
    measure: metrics.measure,
    clocks: (state, skewMs) => {
      clocks.change(state, skewMs);
      const about = { aheadOfDatabaseSeconds: Math.round(skewMs / 1_000) };
      if (state === 'agree') log.info(about, 'the clocks of this machine and of the database agree again');
      else log.error(about, `the clocks of this machine and of the database ${state}: set both by NTP`);
      if (engine.stopping) return;
      const change = state === 'differ too much' ? engine.workers.hold() : engine.workers.goOn();
      change.catch((err: unknown) => log.error({ err }, 'the workers could not be told'));
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

function jobsFor(engine: Engine, tenants: readonly TenantParts[]): (job: TenantJob) => Promise<void> {
  const byId = new Map(tenants.map((parts) => [parts.flow.tenant.id, parts]));
  return async (job) => {
    engine.begunAt = performance.now();
    const parts = byId.get(job.tenant);
    // A tenant taken out of the configuration: its jobs wait in the database, nothing of them is lost.
    if (!parts) throw new ClawbackError('config', `a job waits for tenant ${job.tenant}, which is not configured`);
    await onBehalfOf(causeOf(job), () => work(parts.flow, job));
  };
}

/** For what its requests are sent, as the log of requests has it. */
function causeOf(job: TenantJob): string {
  if ('run' in job) return job.run;
  return 'incident' in job && job.incident !== '' ? job.incident : job.queue;
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  return () => {
    running ??= run();
    return running;
  };
}
