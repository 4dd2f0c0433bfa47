import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, inject, it } from 'vitest';
import { type Database, openDatabase } from '../../src/adapters/store/database.ts';
import { createWorkers, type TenantJob } from '../../src/adapters/store/jobs.ts';
import { createLedgerReader, freshSalt, seal } from '../../src/adapters/store/ledger.ts';
import { createStore, freeLeasesOfTheDead } from '../../src/adapters/store/store.ts';
import { ClawbackError } from '../../src/core/error.ts';
import { verifyLedger } from '../../src/flow/record/audit.ts';
import type { Job } from '../../src/ports/jobs.ts';
import type { Store } from '../../src/ports/store.ts';
import { memoryContract, storeContract } from '../contract/store.ts';
import { locksContract } from '../contract/store-locks.ts';
import { run } from '../contract/store-rig.ts';
import { alertOf, DIGEST, incidentOf, TENANT_ID } from '../support/cases.ts';
import { freshDatabase, freshFolder } from '../support/database.ts';
import { asFirstRelease, planOfTheFirstRelease } from '../support/old-database.ts';

storeContract('the embedded database', () => Promise.resolve(freshFolder()));
if (inject('databaseServer')) storeContract('a server', freshDatabase, locksContract);
memoryContract();

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
        const store = createStore(database, TENANT_ID, { id: () => 'id', salt: freshSalt, wake: () => undefined });
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
      const open = (database: Database) =>
        createStore(database, TENANT_ID, { id: () => 'id', salt: freshSalt, wake: () => undefined });
      const items = [{ mailbox: 'm', address: 'a@x.example', message: '1', folderId: 'f', folder: 'F', before: null }];
      await withDatabase(folder, async (database) => {
        await open(database).transact(async (tx) => {
          await tx.runs.start(run('r'), items);
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

/** Rows of the first release, column by column: it is its schema that counts here, not what today's code would write. */
const OF_THE_FIRST_RELEASE = [
  `insert into incident (tenant, id, dedupe_key, alert, alerts, state, revision, plan_digest, deadline, run_id, closed_by,
                         reason, created_at, updated_at)
   select '${TENANT_ID}', id, id, '${JSON.stringify(alertOf())}', 3, state, 5, '${DIGEST}', deadline, run_id, null, null,
          '2026-11-20T08:00:00.000Z', '2026-11-20T08:00:00.000Z'
     from (values ('CB-OPEN', 'open', '2026-11-20T09:00:00.000Z', null), ('CB-PURGED', 'purged', null, 'r1'))
       as t(id, state, deadline, run_id)`,
  `insert into plan values ('${TENANT_ID}', '${DIGEST}', 'CB-PURGED', '${JSON.stringify(planOfTheFirstRelease())}')`,
  `insert into decision (tenant, incident, plan_digest, action, person, name, platform, at)
   values ('${TENANT_ID}', 'CB-PURGED', '${DIGEST}', 'purge', 'p1', 'Approver 1', 'slack', '2026-11-20T08:10:00.000Z')`,
  `insert into run (tenant, id, incident, action, plan_digest, state, approved_by, started_at, finished_at)
   values ('${TENANT_ID}', 'r1', 'CB-PURGED', 'purge', '${DIGEST}', 'finished', '["p1"]', '2026-11-20T08:12:00.000Z', null)`,
  `insert into work_item (tenant, run, seq, mailbox, address, message, folder_id, folder, state, outcome)
   select '${TENANT_ID}', 'r1', n, 'box' || n / 2, 'a@x.example', 'm' || n, 'f', 'F', 'done', 'removed'
     from generate_series(0, 3) as n`,
  `insert into ledger (tenant, seq, type, at, bytes, hash) values ('${TENANT_ID}', 1, 'stray', '', 'bytes', 'hash')`,
];

describe('a database of the first release', () => {
  const withOld = async (work: (store: Store, database: Database) => Promise<void>) => {
    const fresh = await freshDatabase();
    try {
      await asFirstRelease(fresh.address, OF_THE_FIRST_RELEASE);
      const database = await openDatabase(fresh.address);
      await work(
        createStore(database, TENANT_ID, { id: () => 'id', salt: freshSalt, wake: () => undefined }),
        database,
      ).finally(() => database.close());
    } finally {
      await fresh.drop();
    }
  };
  it('keeps its cases, votes, runs and copies', () =>
    withOld(async (store) => {
      const kept = await store.transact(async (tx) => [
        await tx.incidents.get('CB-PURGED'),
        await tx.decisions.list('CB-PURGED'),
        await tx.runs.ofIncident('CB-PURGED'),
        (await tx.work.counts('r1')).outcomes.removed,
      ]);
      expect(kept).toMatchObject([
        {
          state: 'settled',
          alerts: 3,
          revision: 5,
          planDigest: DIGEST,
          runId: 'r1',
          askers: [],
          parent: null,
          lastRun: { action: 'purge', mode: 'live', planDigest: DIGEST },
        },
        [{ person: 'p1', name: 'Approver 1', at: '2026-11-20T08:10:00.000Z', reason: null, signIn: null }],
        [{ id: 'r1', mode: 'live', cause: 'approved', approvedBy: ['p1'], rescopedAt: null }],
        4,
      ]);
    }));

  it('keeps its record, byte for byte', () =>
    withOld(async (_store, database) => {
      expect(await createLedgerReader(database.db, TENANT_ID).read(0, 10)).toEqual([
        { seq: 1, incident: null, type: 'stray', bytes: 'bytes', hash: 'hash', opened: null },
      ]);
    }));

  it('counts its last hour towards the caps', () =>
    withOld(async (store) => {
      expect(await store.transact((tx) => tx.runs.usage('2026-11-20T08:00:00.000Z'))).toEqual([
        { approvedBy: ['p1'], mailboxes: 2 },
      ]);
    }));

  it('looks again where a decision was waiting, and allows nothing on an old plan but the undo', () =>
    withOld(async (store) => {
      const { incident, plan } = await store.transact(async (tx) => ({
        incident: await tx.incidents.get('CB-OPEN'),
        plan: await tx.incidents.plan(DIGEST),
      }));
      const asked = Object.entries(plan?.terms ?? {}).filter(([, { is }]) => is === 'asked');
      expect([incident, asked.map(([action]) => action)]).toMatchObject([
        { state: 'received', planDigest: null, deadline: null },
        ['restore'],
      ]);
    }));
});

/** Sends the jobs to workers that fail at their first `nudge`; answers what was worked on in the end. */
async function workOn(database: Database, jobs: readonly Job[]): Promise<readonly TenantJob[]> {
  const done: TenantJob[] = [];
  const all = Promise.withResolvers<void>();
  let hasFailed = false;
  const handle = async (job: TenantJob) => {
    if (job.queue === 'nudge' && !hasFailed) {
      hasFailed = true;
      throw new Error('the chat does not answer');
    }
    done.push(job);
    if (done.length === jobs.length) all.resolve();
  };
  const workers = createWorkers(database.boss, () => undefined);
  await workers.start(handle);
  const store = createStore(database, TENANT_ID, { id: () => 'id', salt: freshSalt, wake: workers.wake });
  for (const job of jobs) await store.transact((tx) => tx.jobs.send(job));
  await all.promise;
  await workers.stop();
  return done;
}

describe('workers', () => {
  it('get every kind of job, and get one again that failed', () =>
    withFolder((folder) =>
      withDatabase(folder, async (database) => {
        const jobs: readonly Job[] = [
          { queue: 'scope', incident: 'CB-0001' },
          { queue: 'run', run: 'r1' },
          { queue: 'deliver', incident: 'CB-0001', platform: 'slack' },
          { queue: 'expire', incident: 'CB-0001' },
          { queue: 'remind', incident: 'CB-0001' },
          { queue: 'nudge', incident: 'CB-0001', platform: 'teams', step: 2 },
        ];
        const done = await workOn(database, jobs);
        expect(done).toHaveLength(jobs.length);
        expect(done).toEqual(expect.arrayContaining(jobs.map((job) => ({ ...job, tenant: TENANT_ID }))));
      }),
    ));
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
