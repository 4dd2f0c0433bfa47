import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, inject, it } from 'vitest';
import { type Database, openDatabase } from '../../src/adapters/store/database.ts';
import { createLedgerReader, seal } from '../../src/adapters/store/ledger.ts';
import { createStore, freeLeasesOfTheDead } from '../../src/adapters/store/store.ts';
import { ClawbackError } from '../../src/core/error.ts';
import { verifyLedger } from '../../src/flow/audit.ts';
import { storeContract } from '../contract/store.ts';
import { DIGEST, incidentOf, TENANT_ID } from '../support/cases.ts';
import { freshDatabase, freshFolder } from '../support/database.ts';

storeContract('the embedded database', () => Promise.resolve(freshFolder()));
if (inject('databaseServer')) storeContract('a server', freshDatabase);

interface Writer {
  readonly process: ChildProcess;
  /** What it has said so far. */
  readonly said: { out: string; err: string };
  until(seen: (out: string) => boolean): Promise<void>;
  ended(): Promise<number | null>;
}

function startWriter(folder: string): Writer {
  const child = spawn(
    join(import.meta.dirname, '../../node_modules/.bin/node'),
    [join(import.meta.dirname, '../support/ledger-writer.ts'), folder, TENANT_ID],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const said = { out: '', err: '' };
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  child.stderr.on('data', (chunk: Buffer) => {
    said.err += chunk.toString();
  });
  child.stdout.on('data', (chunk: Buffer) => {
    said.out += chunk.toString();
  });
  return {
    process: child,
    said,
    async until(seen) {
      while (!seen(said.out)) {
        if (child.exitCode !== null) throw new Error(`the writer ended: ${said.err}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    ended: () => ended,
  };
}

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const fresh = freshFolder();
  try {
    return await work(fresh.folder);
  } finally {
    await fresh.drop();
  }
}

async function withDatabase<T>(folder: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ kind: 'embedded', folder });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

const busy = (folder: string) =>
  openDatabase({ kind: 'embedded', folder }).then(
    async (database) => {
      await database.close();
      return { code: 'it was opened', message: '' };
    },
    (error: unknown) => {
      if (error instanceof ClawbackError) return { code: error.code, message: error.message };
      throw error;
    },
  );

describe('one data folder belongs to one process', () => {
  it('a second process is refused, and told what to do', () =>
    withFolder((folder) =>
      withDatabase(folder, async () => {
        const writer = startWriter(folder);
        expect([await writer.ended(), writer.said.err]).toEqual([
          1,
          expect.stringMatching(/in use by another Clawback process.*DATABASE_URL/),
        ]);
      }),
    ));

  it('this process is refused while another has it', () =>
    withFolder(async (folder) => {
      const writer = startWriter(folder);
      await writer.until((out) => out.includes('open'));
      const answer = await busy(folder);
      writer.process.kill('SIGKILL');
      await writer.ended();
      expect([answer.code, answer.message.includes(folder)]).toEqual(['store-busy', true]);
    }));

  it('a second opening in the same process is refused too', () =>
    withFolder((folder) => withDatabase(folder, async () => expect((await busy(folder)).code).toBe('store-busy'))));

  it('a refused opening does not disturb the owner', () =>
    withFolder((folder) =>
      withDatabase(folder, async (database) => {
        await busy(folder);
        const { rows } = await sql<{ n: number }>`select 1 as n`.execute(database.db);
        expect(rows).toEqual([{ n: 1 }]);
      }),
    ));

  it('is free again once it was closed', () =>
    withFolder(async (folder) => {
      await withDatabase(folder, () => Promise.resolve());
      expect((await busy(folder)).code).toBe('it was opened');
    }));
});

describe('what was committed stays', () => {
  it.each([3, 11, 24])('a process killed after %i commits leaves all of them, in one whole chain', (commits) =>
    withFolder(async (folder) => {
      const writer = startWriter(folder);
      await writer.until((out) => out.includes(`\n${commits}\n`));
      writer.process.kill('SIGKILL');
      await writer.ended();
      const acknowledged = Number(writer.said.out.trim().split('\n').at(-1));
      await withDatabase(folder, async (database) => {
        const { ok, entries } = await verifyLedger(createLedgerReader(database.db, TENANT_ID), TENANT_ID, seal);
        const { rows } = await sql<{ n: number }>`select count(*)::int as n from incident`.execute(database.db);
        expect([ok, entries >= acknowledged, rows[0]?.n === entries]).toEqual([true, true, true]);
      });
    }),
  );

  it('every commit reaches the disk before it is answered', () =>
    withFolder((folder) =>
      withDatabase(folder, async (database) => {
        const store = createStore(database, TENANT_ID, { id: () => 'id', wake: () => undefined });
        const lazy: number[] = [];
        for (let n = 0; n < 20; n += 1) {
          const before = database.syncs() ?? 0;
          await store.transact((tx) =>
            tx.incidents.createOrRepeat(incidentOf('open', { id: `CB-${n}`, dedupeKey: `mail ${n}` })),
          );
          if ((database.syncs() ?? 0) <= before) lazy.push(n);
        }
        expect(lazy).toEqual([]);
      }),
    ));

  it('the work of a killed process goes on at once, under a new fence', () =>
    withFolder(async (folder) => {
      const open = (database: Database) => createStore(database, TENANT_ID, { id: () => 'id', wake: () => undefined });
      const items = [{ mailbox: 'm', address: 'a@x.example', message: '1', folderId: 'f', folder: 'F', before: null }];
      await withDatabase(folder, async (database) => {
        await open(database).transact(async (tx) => {
          await tx.runs.start(
            {
              id: 'r',
              incident: 'CB-0001',
              action: 'purge',
              planDigest: DIGEST,
              state: 'running',
              approvedBy: [],
              startedAt: '',
              finishedAt: null,
            },
            items,
          );
          await tx.work.claim('r', 1, 3_600_000);
        });
      });
      await withDatabase(folder, async (database) => {
        await freeLeasesOfTheDead(database);
        expect((await open(database).transact((tx) => tx.work.claim('r', 1, 1_000))).map(({ fence }) => fence)).toEqual(
          ['2'],
        );
      });
    }));

  it('a folder survives being opened many times', () =>
    withFolder(async (folder) => {
      for (let n = 0; n < 3; n += 1) await withDatabase(folder, (database) => database.vacuum());
      expect(
        await withDatabase(
          folder,
          async (database) =>
            (await sql<{ n: number }>`select count(*)::int as n from schema_migration`.execute(database.db)).rows[0]?.n,
        ),
      ).toBeGreaterThan(0);
    }));
});

describe('a server that is not there', () => {
  it('is said without its password', async () => {
    const error: unknown = await openDatabase({
      kind: 'server',
      url: 'postgres://clawback:hidden-word@127.0.0.1:9/none',
    }).catch((cause: unknown) => cause);
    expect([error instanceof ClawbackError && error.code, String(error).includes('hidden-word')]).toEqual([
      'unavailable',
      false,
    ]);
  });
});
