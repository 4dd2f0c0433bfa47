import { randomUUID } from 'node:crypto';
import { openDatabase } from '../../src/adapters/store/database.ts';
import { freshSalt } from '../../src/adapters/store/ledger.ts';
import { createStore } from '../../src/adapters/store/store.ts';
import { incidentOf } from './cases.ts';
import { entryOf } from './entries.ts';

/** A process of its own that writes until it is killed: after each commit it says how many there were. */

const [folder = '', tenant = ''] = process.argv.slice(2);

async function write(): Promise<void> {
  const database = await openDatabase({ kind: 'embedded', folder });
  const store = createStore(database, tenant, { id: randomUUID, salt: freshSalt, wake: () => undefined });
  process.stdout.write('open\n');
  for (let n = 1; ; n += 1) {
    await store.transact(async (tx) => {
      await tx.incidents.createOrRepeat(incidentOf('open', { tenant, id: `CB-${n}`, dedupeKey: `mail ${n}` }));
      await tx.ledger.append([entryOf('copy.intent', { attempt: n }, { tenant, incident: `CB-${n}` })]);
    });
    process.stdout.write(`${n}\n`);
  }
}

write().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
