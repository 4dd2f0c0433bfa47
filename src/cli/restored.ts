import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { keepFolderPrivate } from '../adapters/files/privacy.ts';
import { PATIENCE, type Patience } from '../adapters/store/connection.ts';
import { type Database, openDatabase } from '../adapters/store/database.ts';
import { createLedgerReader, freshSalt } from '../adapters/store/ledger.ts';
import { continueRecord, readExport } from '../adapters/store/ledger-tail.ts';
import { createStore } from '../adapters/store/store.ts';
import type { Tenant } from '../config/schema.ts';
import { linesOf } from '../config/text-file.ts';
import { afterRestore, hear, type Since } from '../flow/restored.ts';
import { createWitness } from '../witness.ts';
import { chosenTenant, configToAsk } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

/** A large file is read in the middle of a transaction, and nobody waits for it. */
const FILE_PATIENCE: Patience = { ...PATIENCE, idleInTransaction: 120_000, statement: 120_000, silence: 130_000 };

/**
 * `clawback restored [record.jsonl]`: the database was put back from a copy. With no Clawback running: entries that were
 * kept elsewhere are put behind the copy's own, cases that may have gone on are marked, and everything is stopped.
 */
export async function restored(shell: Shell, args: Arguments): Promise<number> {
  const loaded = configToAsk(shell, args);
  const { tenant } = chosenTenant(loaded, args.tenant);
  const [file] = args.words;
  const kept = file === undefined ? [] : readExport(linesOf(resolve(shell.folder, file), 'the record'), file);
  const { databaseUrl: url } = loaded.secrets;
  const folder = loaded.config.data;
  keepFolderPrivate(folder);
  const address = url ? ({ kind: 'server', url } as const) : ({ kind: 'embedded', folder } as const);
  const database = await openDatabase(address, FILE_PATIENCE, 'alone');
  try {
    const { seq } = await createLedgerReader(database.db, tenant.id).head();
    const since: Since = new Map();
    const told = { kept, file: file ?? '' };
    const count = await continueRecord(database, tenant.id, told, (read) => hear(since, read));
    const { marked, gone } = await afterRestore(bookkeeping(database, tenant), seq, since);
    await createWitness(folder, database, [tenant]).note();
    shell.out(`${tenant.name}: the copy ends at entry ${seq}; ${count} entries were kept elsewhere and are back`);
    shell.out(`${tenant.name}: ${marked.length} cases are marked, nothing runs for them: ${listed(marked)}`);
    if (gone.length > 0) shell.out(`${tenant.name}: the copy does not know ${gone.length} cases: ${listed(gone)}`);
    shell.out(
      'Everything is stopped. Look at the marked cases (clawback audit show <id>) and report the mail anew where',
    );
    shell.out('something is left to do; then start Clawback, and go on with a quorum: /clawback lift in the chat.');
    return 0;
  } finally {
    await database.close();
  }
}

const MOST_LISTED = 20;

function listed(ids: readonly string[]): string {
  const shown = ids.slice(0, MOST_LISTED).join(', ') || 'none';
  return ids.length > MOST_LISTED ? `${shown} and ${ids.length - MOST_LISTED} more` : shown;
}

/** Cards are redrawn by whoever runs: they fall behind their incident here. */
function bookkeeping(database: Database, { id, name, mode }: Tenant) {
  return {
    tenant: { id, name, mode },
    store: createStore(database, id, { id: randomUUID, salt: freshSalt, wake: () => undefined }),
    rooms: [],
    clock: { now: () => new Date().toISOString(), id: randomUUID, incidentId: () => '' },
  };
}
