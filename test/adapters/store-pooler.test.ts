import { sql } from 'kysely';
import { expect, inject, onTestFinished, test } from 'vitest';
import { PATIENCE } from '../../src/adapters/store/connection.ts';
import { openDatabase } from '../../src/adapters/store/database.ts';
import { probeStore } from '../../src/adapters/store/probe.ts';
import { freshDatabase } from '../support/database.ts';
import { type Mode, startPooler } from '../support/pooler.ts';

/** What stands between Clawback and its database server. Nothing can stand before the embedded one. */

async function behind(mode: Mode): Promise<string> {
  const { address, drop } = await freshDatabase();
  const { url, close } = await startPooler(address.kind === 'server' ? address.url : '', mode);
  onTestFinished(async () => {
    await close();
    await drop();
  });
  return url;
}

const onServer: readonly [string, () => Promise<void>][] = [
  [
    'a pooler in session mode: the timeouts of each connection are in force',
    async () => {
      const database = await openDatabase({ kind: 'server', url: await behind('session') });
      onTestFinished(() => database.close());
      const { rows } = await sql<{ name: string; setting: string }>`
        select name, setting from pg_settings where name like '%timeout'`.execute(database.db);
      const inForce = Object.fromEntries(rows.map(({ name, setting }) => [name, Number(setting)]));
      expect(inForce).toMatchObject({
        lock_timeout: PATIENCE.lock,
        idle_in_transaction_session_timeout: PATIENCE.idleInTransaction,
        statement_timeout: PATIENCE.statement,
      });
    },
  ],
  [
    'a pooler in transaction mode: nothing is started, and the advice says which mode',
    async () => {
      const url = await behind('transaction');
      await expect(openDatabase({ kind: 'server', url })).rejects.toThrow('pool_mode = session');
    },
  ],
  [
    'the doctor sees which of the two it is',
    async () => {
      expect((await probeStore({ kind: 'server', url: await behind('session') })).keepsWhatIsSet).toBe(true);
      expect((await probeStore({ kind: 'server', url: await behind('transaction') })).keepsWhatIsSet).toBe(false);
    },
  ],
  [
    'a pooler that knows a word of the sign-in not: the advice names what can be taken out',
    async () => {
      const url = `${await behind('session')}?options=-c%20lock_timeout%3D1`;
      await expect(openDatabase({ kind: 'server', url })).rejects.toThrow('Take options= out of DATABASE_URL');
    },
  ],
];

const embedded: typeof onServer = [
  [
    'the embedded database keeps what is set',
    async () => {
      const { address, drop } = await freshDatabase();
      onTestFinished(drop);
      expect(await probeStore(address)).toMatchObject({ state: 'reached', keepsWhatIsSet: true });
    },
  ],
];

test.each(inject('databaseServer') ? onServer : embedded)('%s', (_what, story) => story());
