import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ClawbackError } from '../../core/error.ts';
import { wholeLines } from '../../core/record/request-lines.ts';
import type { Segment } from '../../ports/requests.ts';
import { createRequestLog, type OwnRequestLog, segmentOf } from './request-log.ts';

/**
 * Where the logs of requests are while they are written: `requests` in the data folder. Each process has files of its own and
 * a lock that the kernel frees on any death: what the dead have left is taken over by whoever starts next.
 */
export interface RequestFolder {
  log(tenant: string): OwnRequestLog;
  /** What processes that are gone have left of this tenant. */
  left(tenant: string): readonly Segment[];
  /** It is kept elsewhere now, or nothing of it can be read. */
  takeAway(segment: string): void;
  close(): void;
}

const FILE = /^([0-9a-f-]{36})\.([0-9a-f-]{36})\.([0-9a-f-]{36})\.jsonl$/;

/** Throws ClawbackError 'config' where nothing can be written there. */
export function openRequestFolder(dataFolder: string, clock: () => number): RequestFolder {
  const folder = join(dataFolder, 'requests');
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
  const own: string = randomUUID();
  const locks = new Map<string, DatabaseSync>([[own, ownLock(folder, own)]]);
  const files = () => readdirSync(folder).flatMap((name) => partsOf(name) ?? []);
  const isOurs = (process: string): boolean => {
    const lock = locks.get(process) ?? takeLock(folder, process);
    if (lock) locks.set(process, lock);
    return lock !== null;
  };
  return {
    log: (tenant) =>
      createRequestLog({
        fileOf: (segment) => join(folder, `${own}.${tenant}.${segment}.jsonl`),
        clock,
        ids: randomUUID,
      }),
    left(tenant) {
      const theirs = files().filter((file) => file.tenant === tenant && file.process !== own && isOurs(file.process));
      return theirs.flatMap(({ name, segment }) => {
        const whole = wholeLines(readFileSync(join(folder, name), 'utf8'));
        if (whole) return [segmentOf(segment, whole)];
        rmSync(join(folder, name), { force: true });
        return [];
      });
    },
    takeAway(segment) {
      for (const one of files()) if (one.segment === segment) rmSync(join(folder, one.name), { force: true });
    },
    close() {
      const needed = new Set(files().map(({ process }) => process));
      for (const [process, lock] of locks) {
        if (!needed.has(process)) rmSync(lockFile(folder, process), { force: true });
        lock.close();
      }
    },
  };
}

function partsOf(name: string) {
  const [, process, tenant, segment] = FILE.exec(name) ?? [];
  return process && tenant && segment ? { name, process, tenant, segment } : null;
}

const lockFile = (folder: string, process: string) => join(folder, `${process}.lock`);

/** Without it another process would take what this one is writing for what a dead one has left. */
function ownLock(folder: string, own: string): DatabaseSync {
  const lock = takeLock(folder, own);
  if (lock) return lock;
  const why = `no file can be made in ${folder}, where requests to Microsoft are written down before they are sent`;
  throw new ClawbackError('config', `${why}: make room there, or take away what is in its place`, { field: 'data' });
}

/** Null while its process lives. */
function takeLock(folder: string, process: string): DatabaseSync | null {
  let lock: DatabaseSync | null = null;
  try {
    lock = new DatabaseSync(lockFile(folder, process));
    lock.exec('pragma busy_timeout=0; pragma locking_mode=exclusive; begin exclusive');
    return lock;
  } catch {
    lock?.close();
    return null;
  }
}
