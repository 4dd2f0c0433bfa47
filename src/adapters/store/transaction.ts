import type { Kysely, Transaction } from 'kysely';
import { ClawbackError } from '../../core/error.ts';
import type { Tables } from './schema.ts';

/** Within this a transaction is tried again, milliseconds: whoever pressed a button still waits for the answer. */
const TRY_FOR_MS = 8_000;
/** Grows from this to a second: a database that is down is not knocked at all the time. */
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/**
 * PostgreSQL's own words for "nothing of it was kept": another held the row for too long (a frozen process), two stood
 * in each other's way, or the server took the transaction from a process that said nothing.
 */
const TAKEN_BACK = new Set(['55P03', '40P01', '40001', '25P03']);

/**
 * Runs `work` in one transaction. It is run again where the first try is known to have left nothing: `work` must have no
 * effect but on `trx`. Whether a transaction holds whose connection broke while it was being committed, nobody knows: that
 * is told to the caller. Throws ClawbackError 'unavailable' when the database cannot be had.
 */
export async function inTransaction<T>(
  db: Kysely<Tables>,
  work: (trx: Transaction<Tables>) => Promise<T>,
  clock: () => number = () => performance.now(),
): Promise<T> {
  const giveUpAt = clock() + TRY_FOR_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const tried = { committing: false };
    try {
      return await db.transaction().execute(async (trx) => {
        const result = await work(trx);
        tried.committing = true;
        return result;
      });
    } catch (error) {
      if (codeOf(error) === DISK_FULL)
        throw new ClawbackError('unavailable', 'the disk of the database is full: make room there', { cause: error });
      const trouble = troubleOf(error);
      if (trouble === null) throw error;
      const leftNothing = trouble === 'taken back' || !tried.committing;
      if (!leftNothing || clock() >= giveUpAt) {
        throw new ClawbackError('unavailable', 'the database cannot be reached just now', { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

type Trouble = 'taken back' | 'cut off';

/** Nobody makes room in the few seconds in which a transaction is tried again. */
const DISK_FULL = '53100';

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Null: the database is there and said what is wrong, or it is no matter of the database at all. */
function troubleOf(error: unknown): Trouble | null {
  if (!(error instanceof Error)) return null;
  const code = codeOf(error);
  if (TAKEN_BACK.has(code)) return 'taken back';
  return isCutOff(error, code) ? 'cut off' : null;
}

/** Classes 08 and 57P: the connection, or a server that is shutting down, starting or was told to end it. 53: it has no connection or memory left. */
const GONE = /^(08|57P|53)/;
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
]);
/** pg gives these no code. */
const WORDS = [
  /^Connection terminated/,
  /^Client has encountered a connection error/,
  /^timeout exceeded when trying to connect/,
  /^PostgreSQL was silent/,
  /^timeout expired/,
];

function isCutOff(error: Error, code: string): boolean {
  return GONE.test(code) || NETWORK.has(code) || WORDS.some((words) => words.test(error.message));
}
