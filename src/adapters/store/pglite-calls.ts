import { Worker } from 'node:worker_threads';
import type { Results } from '@electric-sql/pglite';
import { ClawbackError } from '../../core/error.ts';
import type { Asked, Told } from './pglite-words.ts';

/** The embedded database as the queries of this thread see it. */
export interface Embedded extends Queries {
  /** Whoever asks for one waits until the one before it is over; so does what is asked outside of it. */
  transaction<T>(work: (tx: Queries & { rollback(): Promise<void> }) => Promise<T>): Promise<T>;
  close(): Promise<void>;
  readonly closed: boolean;
  readonly ready: boolean;
  readonly waitReady: Promise<void>;
  syncs(): number;
}

interface Queries {
  query<T>(
    sql: string,
    parameters?: readonly unknown[],
    options?: { rowMode?: 'array' | 'object' },
  ): Promise<Results<T>>;
  exec(sql: string): Promise<Results[]>;
}

type Question = Asked extends infer One ? (One extends Asked ? Omit<One, 'id'> : never) : never;

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

const THREAD = new URL('./pglite-thread.ts', import.meta.url);
/** Nothing of it lives long: rows go through. */
const LIMITS = { maxYoungGenerationSizeMb: 8 };

/**
 * The engine has no time limit of its own, and there are states that it never comes out of: where its disk is full when it
 * needs room for its log, it turns in circles, also once there is room again. The longest that we ask of it, cleaning up a
 * large table, takes well below this.
 */
const STUCK_MS = 5 * 60_000;
/** Counted in looks: whoever was frozen with its thread has not waited for it. */
const LOOKS = 10;
/** Whoever opens it after a crash waits until its log is replayed. */
const OPENING = 3;

/** The id of no question. */
const PING = -1;

interface Starting {
  /** Told when the thread has ended and nobody had closed it: nothing can be written down any more. */
  readonly died: (why: unknown) => void;
  readonly thread?: URL;
  /** After this long in one statement the thread is ended. */
  readonly stuckMs?: number;
}

/** Opens it in a thread of its own. Rejects with what opening it threw. */
export async function startEmbedded(
  folder: string,
  { died, thread = THREAD, stuckMs = STUCK_MS }: Starting,
): Promise<Embedded> {
  const syncs = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const worker = new Worker(thread, {
    workerData: { folder, syncs },
    execArgv: [],
    resourceLimits: LIMITS,
  });
  const waiting = new Map<number, Waiting>();
  let last = 0;
  // Whoever opens it is told of its end by that.
  let opening = true;
  let closing = false;
  let closed = false;
  let why: unknown = null;
  /** Looks since it was asked for a sign of life and gave none; null while it is not being asked. */
  let silent: number | null = null;

  const gone = () =>
    new ClawbackError('unavailable', 'the embedded database is closed: this process ends', { cause: why });

  function look(): void {
    if (silent === null && waiting.size === 0) return;
    if (silent === null) worker.postMessage({ what: 'ping', id: PING });
    silent = (silent ?? 0) + 1;
    const looksOfOne = opening ? OPENING * LOOKS : LOOKS;
    if (silent <= looksOfOne) return;
    const seconds = Math.round((stuckMs * looksOfOne) / LOOKS / 1_000);
    why ??= new Error(`${opening ? 'opening it' : 'one statement'} has been running for ${seconds} s`);
    void worker.terminate();
  }

  function hear(told: Told): void {
    silent = null;
    if (told.id === PING) return;
    const asker = waiting.get(told.id);
    waiting.delete(told.id);
    // Only while somebody waits for an answer does it keep the process from ending.
    if (waiting.size === 0) worker.unref();
    if ('failed' in told) asker?.reject(errorOf(told.failed));
    else asker?.resolve(told.value as never);
  }

  function end(): void {
    closed = true;
    clearInterval(looks);
    for (const { reject } of waiting.values()) reject(gone());
    waiting.clear();
    if (!opening && !closing) died(why);
  }

  function wait<T>(id: number): Promise<T> {
    return new Promise((resolve, reject) => {
      if (closed) {
        reject(gone());
        return;
      }
      waiting.set(id, { resolve, reject });
      worker.ref();
    });
  }

  function ask<T>(question: Question): Promise<T> {
    last += 1;
    const id = last;
    const answer = wait<T>(id);
    if (!closed) worker.postMessage({ ...question, id });
    return answer;
  }

  const queriesOf = (transaction: number | null): Queries => ({
    query: (sql, parameters = [], options = {}) => {
      const { rowMode } = options;
      return ask({ what: 'query', transaction, sql, parameters, options: rowMode ? { rowMode } : {} });
    },
    exec: (sql) => ask({ what: 'exec', transaction, sql }),
  });

  worker.on('message', hear);
  worker.on('error', (error) => {
    why = error;
  });
  worker.on('exit', end);
  const looks = setInterval(look, stuckMs / LOOKS).unref();
  await wait(0).catch((error: unknown) => {
    throw why ?? error;
  });
  opening = false;

  return {
    ...queriesOf(null),
    async transaction(work) {
      last += 1;
      const transaction = last;
      await ask({ what: 'begin', transaction });
      let isOver = false;
      const finish = async (commit: boolean) => {
        isOver = true;
        await ask({ what: 'end', transaction, commit });
      };
      try {
        const result = await work({ ...queriesOf(transaction), rollback: () => finish(false) });
        if (!isOver) await finish(true);
        return result;
      } catch (error) {
        if (!isOver) await finish(false);
        throw error;
      }
    },
    async close() {
      closing = true;
      const ended = new Promise((resolve) => worker.once('exit', resolve));
      await ask({ what: 'close' });
      worker.ref();
      await ended;
    },
    get closed() {
      return closed;
    },
    ready: true,
    waitReady: Promise.resolve(),
    syncs: () => Atomics.load(new Int32Array(syncs), 0),
  };
}

function errorOf({ name, message, stack, fields }: Extract<Told, { failed: unknown }>['failed']): Error {
  return Object.assign(new Error(message), { name, stack }, fields);
}
