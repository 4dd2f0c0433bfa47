import { statfs } from 'node:fs/promises';
import type { Check } from './adapters/http/health.ts';
import type { Beat } from './adapters/store/beat.ts';
import { ClawbackError } from './core/error.ts';

/** From here on the clocks are an alarm: times on cards and in the record are not to be relied on to the second. */
const SKEW_ALARM_MS = 30_000;
/** Beyond this no work is done: Slack and Entra turn down what is 5 minutes off, and deadlines mean something else here. */
const SKEW_MOST_MS = 4 * 60_000;
/** So far below a limit they have to come before it counts as left: a clock that stands right at it is told once. */
const SKEW_BACK_MS = 5_000;
/** A look that takes longer is told as one that failed, though it may still come back. */
const ANSWERS_WITHIN_MS = 3_000;
/** What was seen is this fresh when somebody asks, milliseconds. */
const FRESH_MS = 1_000;
/** Longer than any throttling makes a due job wait for a worker. */
const QUEUE_STANDS_MS = 60_000;
const DISK_LEAST_BYTES = 100 * 2 ** 20;
const DISK_ALARM_BYTES = 500 * 2 ** 20;

export interface VitalsOptions {
  readonly beat: () => Promise<Beat>;
  /** Milliseconds since 1970, as this machine has it. */
  readonly clock: () => number;
  /** Milliseconds that only go forward. */
  readonly steady: () => number;
  /** How long no job was begun here, milliseconds. */
  readonly idleMs: () => number;
  /** The data folder. */
  readonly folder: string;
  /** The embedded database is in it; a server has a disk of its own, and here is only what is kept beside it. */
  readonly isOwnDisk: boolean;
  /** Bytes that are free there. */
  readonly free?: (folder: string) => Promise<number>;
  /** Told when the clocks begin to differ, when they differ too much, and when they agree again. */
  readonly clocks: (state: ClockState, skewMs: number) => void;
  readonly measure: (name: 'clock_skew_seconds' | 'queue_oldest_seconds', value: number) => void;
}

export type ClockState = 'agree' | 'differ' | 'differ too much';

export interface Vitals {
  /** Looks at the database once; whoever asks meanwhile gets the same look. Never throws. */
  look(): Promise<void>;
  readonly checks: Readonly<Record<string, Check>>;
  /** Throws ClawbackError 'unavailable' while the clocks differ too much to work. */
  mayWork(): void;
}

/** Whether this process can do its work: the database takes what is written, the queue moves, the clocks agree. */
export function createVitals(options: VitalsOptions): Vitals {
  const { clock, steady } = options;
  let looking: Promise<void> | null = null;
  let beganAt = 0;
  let seen: { readonly at: number; readonly failure: string | null } | null = null;
  let last: Beat | null = null;
  let skewMs = 0;
  let clocks: ClockState = 'agree';

  async function lookOnce(): Promise<void> {
    beganAt = steady();
    const wall = clock();
    try {
      last = await options.beat();
      const tookMs = steady() - beganAt;
      seen = { at: steady(), failure: null };
      judge(skewBetween(wall, last.databaseNow, tookMs));
      options.measure('queue_oldest_seconds', (last.oldestDueMs ?? 0) / 1_000);
    } catch (error) {
      seen = { at: steady(), failure: error instanceof Error ? error.message : String(error) };
    }
  }

  function judge(skew: number): void {
    skewMs = skew;
    options.measure('clock_skew_seconds', skew / 1_000);
    const state = stateOf(skew, clocks);
    if (state !== clocks) options.clocks(state, skew);
    clocks = state;
  }

  function look(): Promise<void> {
    looking ??= lookOnce().finally(() => {
      looking = null;
    });
    return looking;
  }

  /** A look that is fresh, or what is known when none comes. */
  async function fresh(): Promise<void> {
    if (seen && steady() - seen.at < FRESH_MS) return;
    await Promise.race([look(), new Promise((resolve) => setTimeout(resolve, ANSWERS_WITHIN_MS).unref())]);
  }

  return {
    look,
    mayWork() {
      if (clocks === 'differ too much') throw new ClawbackError('unavailable', tooFar(skewMs));
    },
    checks: {
      database: async () => {
        await fresh();
        if (looking && steady() - beganAt >= ANSWERS_WITHIN_MS)
          return `has not answered for ${minutesOrSeconds(steady() - beganAt)}`;
        return seen === null ? 'has not answered yet' : seen.failure;
      },
      clock: async () => {
        await fresh();
        if (clocks === 'differ too much') return tooFar(skewMs);
        return clocks === 'differ' ? { remark: `this machine’s clock is ${inWords(skewMs)}` } : null;
      },
      queue: async () => {
        await fresh();
        const waits = last?.oldestDueMs ?? 0;
        if (waits < QUEUE_STANDS_MS || options.idleMs() < QUEUE_STANDS_MS) return null;
        return `the oldest job is due for ${minutesOrSeconds(waits)}, and nothing was begun for ${minutesOrSeconds(options.idleMs())}`;
      },
      disk: diskCheck(options),
    },
  };
}

/**
 * How far the machine is ahead of the database, at the least: the database read its clock somewhere between question and
 * answer, and a slow answer proves no difference.
 */
function skewBetween(wall: number, databaseNow: number, tookMs: number): number {
  const early = wall - databaseNow;
  const late = early + tookMs;
  if (early > 0) return early;
  return Math.min(late, 0);
}

function stateOf(skewMs: number, before: ClockState): ClockState {
  const off = Math.abs(skewMs);
  const back = (limit: number, isBeyond: boolean) => (isBeyond ? limit - SKEW_BACK_MS : limit);
  if (off > back(SKEW_MOST_MS, before === 'differ too much')) return 'differ too much';
  return off >= back(SKEW_ALARM_MS, before !== 'agree') ? 'differ' : 'agree';
}

function inWords(skewMs: number): string {
  return `${minutesOrSeconds(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead of' : 'behind'} the database’s`;
}

function tooFar(skewMs: number): string {
  return `this machine’s clock is ${inWords(skewMs)}, and nothing is done beyond ${minutesOrSeconds(SKEW_MOST_MS)}: set both by NTP`;
}

function diskCheck({ folder, isOwnDisk, free = freeIn }: VitalsOptions): Check {
  return async () => {
    const bytes = await free(folder);
    const says = `${Math.floor(bytes / 2 ** 20)} MB are free where ${folder} is`;
    if (bytes < DISK_LEAST_BYTES) return isOwnDisk ? `only ${says}` : { remark: `only ${says}` };
    return bytes < DISK_ALARM_BYTES ? { remark: says } : null;
  };
}

function minutesOrSeconds(ms: number): string {
  return ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} minutes`;
}

async function freeIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
