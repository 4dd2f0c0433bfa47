import fs, { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { ClawbackError } from '../../core/error.ts';
import { folderTrouble } from '../../core/folder-trouble.ts';
import { lockTrouble, markAsUsed, openingTrouble, refuseDamage } from './damage.ts';

type Stream = { nfd?: number | null; node: unknown };
type Attributes = { mode?: number };
type NodeFiles = {
  stream_ops: Record<string, unknown>;
  node_ops: { setattr(node: unknown, attributes: Attributes): void };
  realPath(node: unknown): string;
};
type Emscripten = { NODEFS: NodeFiles };

/**
 * PGlite starts with fsync off, and its file system layer has no fsync operation, so that switching it on alone does
 * nothing (electric-sql/pglite issue 1107). This adds the operation. It also gives each file 0666 after making it,
 * whatever the process's umask: the rights of others are kept out here. It reaches into emscripten: the version is
 * pinned, and a test counts `syncs` per commit.
 */
class DurableNodeFS extends NodeFS {
  syncs = 0;
  override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const result = await super.init(...args);
    result.emscriptenOpts.preRun ??= [];
    const preRun = result.emscriptenOpts.preRun as ((module: Emscripten) => void)[];
    preRun.unshift(({ NODEFS }) => {
      NODEFS.stream_ops['fsync'] = (stream: Stream): number => this.#sync(stream, NODEFS.realPath);
      const { setattr } = NODEFS.node_ops;
      NODEFS.node_ops.setattr = (node, { mode, ...attributes }) =>
        setattr(node, mode === undefined ? attributes : { ...attributes, mode: mode & ~0o077 });
    });
    return result;
  }

  #sync(stream: Stream, realPath: (node: unknown) => string): number {
    this.syncs += 1;
    if (typeof stream.nfd === 'number') {
      fs.fsyncSync(stream.nfd);
      return 0;
    }
    const fd = fs.openSync(realPath(stream.node), 'r');
    try {
      fs.fsyncSync(fd);
    } finally {
      fs.closeSync(fd);
    }
    return 0;
  }
}

export interface EmbeddedDatabase {
  readonly pglite: PGlite;
  readonly fs: DurableNodeFS;
  /** Cleans up what autovacuum would; it stalls the loop for its whole run, so the caller chooses when. */
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
    const durable = new DurableNodeFS(join(folder, 'pg'));
    const startParams = [...PGlite.defaultStartParams.filter((flag) => flag !== '-F'), ...SETTINGS];
    const pglite = await PGlite.create({ fs: durable, startParams });
    yieldBeforeEachCall(pglite);
    markAsUsed(folder);
    return {
      pglite,
      fs: durable,
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

/**
 * One session needs neither a hundred seats nor a large pool of its own: the system keeps the pages of its files anyway, and
 * the default would take 160 MB of memory before the first row.
 */
const SETTINGS = ['wal_sync_method=fsync', 'shared_buffers=16MB', 'max_connections=5'].flatMap((one) => ['-c', one]);

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

/** A PGlite call is synchronous WASM behind a promise: without this, a busy loop of queries starves every socket. */
function yieldBeforeEachCall(pglite: PGlite): void {
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const { query, exec, transaction } = pglite;
  pglite.query = async (...args: Parameters<typeof query>) => {
    await turn();
    return query.apply(pglite, args) as never;
  };
  pglite.exec = async (...args: Parameters<typeof exec>) => {
    await turn();
    return exec.apply(pglite, args);
  };
  pglite.transaction = ((work: Parameters<typeof transaction>[0]) => {
    const done = turn().then(() => transactionOf(transaction.bind(pglite), work));
    // Kysely keeps it for itself: one that cannot begin any more would end the process, because nobody hears it.
    done.catch(() => undefined);
    return done;
  }) as never;
}

type Begin = PGlite['transaction'];
type Work = Parameters<Begin>[0];

/** Kysely waits until its work is called, and only then looks at what became of the transaction: one that cannot begin is told there. */
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
    await work({ query: () => Promise.reject(error), exec: () => Promise.reject(error) } as never);
    throw error;
  }
}
