import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ClawbackError } from '../../core/error.ts';
import { folderTrouble } from '../../core/folder-trouble.ts';
import { lockTrouble, markAsUsed, openingTrouble, refuseDamage } from './damage.ts';
import { type Embedded, startEmbedded } from './pglite-calls.ts';

export interface EmbeddedDatabase {
  readonly pglite: Embedded;
  /** Cleans up what autovacuum would; everybody waits for its whole run, so the caller chooses when. */
  vacuum(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the embedded database in `folder`, for this process alone.
 * Throws ClawbackError with advice: 'store-busy' when another process has it, else where the folder or what is in it cannot be
 * used.
 */
export async function openPglite(folder: string, vacuumed: readonly string[]): Promise<EmbeddedDatabase> {
  makeFolder(folder);
  const lock = lockFolder(folder);
  try {
    refuseDamage(folder);
    const pglite = tellingWhereItBegins(await startEmbedded(folder, { died }));
    markAsUsed(folder);
    return {
      pglite,
      async vacuum() {
        for (const table of vacuumed) await pglite.exec(`vacuum (analyze) ${table}`);
      },
      async close() {
        await pglite.close();
        lock.close();
      },
    };
  } catch (cause) {
    lock.close();
    throw openingTrouble(folder, cause);
  }
}

/** As any error that nobody expects: the process ends, and whoever watches over it starts it anew. */
function died(cause: unknown): void {
  setImmediate(() => {
    throw new Error('the embedded database has ended by itself', { cause });
  });
}

/** Those above it are made at the start, where it is seen whether they can be. */
function makeFolder(folder: string): void {
  try {
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
  } catch (cause) {
    throw folderTrouble(folder, cause);
  }
}

/** Whether another process has this folder's database open. */
export function isFolderInUse(folder: string): boolean {
  if (!existsSync(join(folder, 'owner.lock'))) return false;
  try {
    lockFolder(folder).close();
    return false;
  } catch (error) {
    return error instanceof ClawbackError && error.code === 'store-busy';
  }
}

/** Two processes can open one PGlite folder and lose rows (issue 1106). The kernel frees this lock on any death. */
function lockFolder(folder: string): DatabaseSync {
  let lock: DatabaseSync | null = null;
  try {
    lock = new DatabaseSync(join(folder, 'owner.lock'));
    lock.exec('pragma busy_timeout=300; pragma locking_mode=exclusive; begin exclusive');
    return lock;
  } catch (cause) {
    lock?.close();
    throw lockTrouble(folder, cause);
  }
}

type Begin = Embedded['transaction'];
type Work = Parameters<Begin>[0];

/** Kysely waits until its work is called, and only then looks at what became of the transaction: one that cannot begin is told there. */
function tellingWhereItBegins(embedded: Embedded): Embedded {
  const begin: Begin = embedded.transaction;
  const transaction = (work: Work) => {
    const done = transactionOf(begin, work);
    // Kysely keeps it for itself: one that cannot begin any more would end the process, because nobody hears it.
    done.catch(() => undefined);
    return done;
  };
  return Object.defineProperties(
    { ...embedded, transaction: transaction as Begin },
    {
      closed: { get: () => embedded.closed },
    },
  );
}

async function transactionOf(begin: Begin, work: Work): Promise<unknown> {
  let hasBegun = false;
  try {
    return await begin((tx) => {
      hasBegun = true;
      return work(tx);
    });
  } catch (cause) {
    if (hasBegun) throw cause;
    const error = /^PGlite is clos/.test(String((cause as Error).message))
      ? new ClawbackError('unavailable', 'the embedded database is closed: this process ends', { cause })
      : cause;
    const no = () => Promise.reject(error);
    await work({ query: no, exec: no, rollback: no });
    throw error;
  }
}
