import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Database } from './adapters/store/database.ts';
import { createLedgerReader } from './adapters/store/ledger.ts';
import { ClawbackError } from './core/error.ts';

/**
 * Beside the database, in the data folder: how far the record of each tenant had come when this machine last looked. A
 * database that does not know that entry was put back from an older copy, or is another one: it believes that runs still
 * go on which have ended, and waits for decisions that were made.
 */
export interface Witness {
  /** Throws ClawbackError 'unavailable' where the database is behind. */
  check(): Promise<void>;
  note(): Promise<void>;
}

const FILE = 'record-seen.json';
const Seen = z.record(z.string(), z.object({ seq: z.int().min(1), hash: z.string() }));
type Seen = z.infer<typeof Seen>;

export function createWitness(
  folder: string,
  database: Database,
  tenants: readonly { id: string; name: string }[],
): Witness {
  const file = join(folder, FILE);
  const readerOf = (id: string) => createLedgerReader(database.db, id);
  return {
    async check() {
      const seen = readSeen(file);
      for (const { id, name } of tenants) {
        const last = seen[id];
        if (!last) continue;
        const [entry] = await readerOf(id).read(last.seq - 1, 1);
        if (entry?.seq === last.seq && entry.hash === last.hash) continue;
        throw new ClawbackError(
          'unavailable',
          `the database does not hold entry ${last.seq} of the record of ${name} as it was written from here: it was put back from an older copy, or it is another database. What was done since is not in it, so nothing is started. Say so with clawback restored [record.jsonl] (README, \u201cBackup and restore\u201d)`,
        );
      }
    },
    async note() {
      const seen: Seen = readSeen(file);
      for (const { id } of tenants) {
        const { seq, hash } = await readerOf(id).head();
        if (seq > 0) seen[id] = { seq, hash };
      }
      writeFileSync(`${file}.new`, `${JSON.stringify(seen)}\n`, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}

/** A file that cannot be read is as good as none: it is a help, and not what the record rests on. */
function readSeen(file: string): Seen {
  try {
    return Seen.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}
