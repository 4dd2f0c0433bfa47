import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/adapters/store/database.ts';
import { createLedgerReader, digestOf, freshSalt, seal } from '../../src/adapters/store/ledger.ts';
import { createStore } from '../../src/adapters/store/store.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { auditTenant } from '../../src/flow/record/audit.ts';
import { caseBreach } from '../../src/flow/record/trust.ts';
import { alertOf, person, TENANT_ID } from '../support/cases.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';
import type {} from '../support/entries.ts';
import { type Old, sealOld } from '../support/entries.ts';
import { asFirstRelease, planOfTheFirstRelease } from '../support/old-database.ts';

/** What the first release wrote has its entries too, in the words of then: after an update it is believed as it stands. */

const AT = '2026-11-20T08:10:00.000Z';
const plan = planOfTheFirstRelease({ incident: 'CB-PURGED' });
const digest = digestOf(plan);
const two = [person(1).entraId, person(2).entraId];

const entry = (type: EntryType, change: Old) => ({
  tenant: TENANT_ID,
  at: AT,
  incident: 'CB-PURGED',
  planDigest: digest,
  ...change,
  type,
});
const vote = (n: number) =>
  entry('decision.approved', {
    actor: { kind: 'person', id: person(n).entraId, name: person(n).name },
    platform: 'slack',
    detail: { action: 'purge', count: n, needed: 2 },
  });
const sealed = sealOld([
  entry('alert.received', { planDigest: null, detail: { alert: 'a' } }),
  entry('plan.made', { detail: { copies: plan.copies.length } }),
  vote(1),
  vote(2),
  entry('run.started', { detail: { action: 'purge', run: 'r1', copies: 2, approvedBy: two.join(' ') } }),
  ...plan.copies.map(({ mailbox, message }) =>
    entry('copy.outcome', { mailbox, message, outcome: 'removed', detail: { action: 'purge' } }),
  ),
  entry('run.finished', { detail: { action: 'purge', run: 'r1', copies: 2, summary: 'removed 2' } }),
]);
const last = sealed.at(-1);

const ROWS = [
  `insert into incident (tenant, id, dedupe_key, alert, alerts, state, revision, plan_digest, run_id, created_at, updated_at)
   values ('${TENANT_ID}', 'CB-PURGED', 'k', '${JSON.stringify(alertOf())}', 1, 'purged', 5, '${digest}', 'r1', '${AT}', '${AT}')`,
  `insert into plan values ('${TENANT_ID}', '${digest}', 'CB-PURGED', '${seal.canonical(plan)}')`,
  ...two.map(
    (who) => `insert into decision (tenant, incident, plan_digest, action, person, name, platform, at)
   values ('${TENANT_ID}', 'CB-PURGED', '${digest}', 'purge', '${who}', 'Approver', 'slack', '${AT}')`,
  ),
  `insert into run (tenant, id, incident, action, plan_digest, state, approved_by, started_at, finished_at)
   values ('${TENANT_ID}', 'r1', 'CB-PURGED', 'purge', '${digest}', 'finished', '${JSON.stringify(two)}', '${AT}', '${AT}')`,
  ...plan.copies.map(
    (
      { mailbox, message, address },
      seq,
    ) => `insert into work_item (tenant, run, seq, mailbox, address, message, folder_id, folder, state, outcome)
   values ('${TENANT_ID}', 'r1', ${seq}, '${mailbox}', '${address}', '${message}', 'f', 'F', 'done', 'removed')`,
  ),
  ...sealed.map(
    ({ seq, type, bytes, hash }) => `insert into ledger (tenant, seq, incident, type, at, bytes, hash)
   values ('${TENANT_ID}', ${seq}, 'CB-PURGED', '${type}', '${AT}', '${bytes}', '${hash}')`,
  ),
  `insert into ledger_head values ('${TENANT_ID}', ${last?.seq}, '${last?.hash}')`,
];

describe('a purge of the first release, after the update', () => {
  let fresh: FreshDatabase;
  let database: Database;
  const store = () => createStore(database, TENANT_ID, { id: () => 'id', salt: freshSalt, wake: () => undefined });
  const hash = { digest: digestOf };
  beforeAll(async () => {
    fresh = await freshDatabase();
    await asFirstRelease(fresh.address, ROWS);
    database = await openDatabase(fresh.address);
  });
  afterAll(async () => {
    await database.close();
    await fresh.drop();
  });

  it('agrees with its record', async () => {
    const reader = createLedgerReader(database.db, TENANT_ID);
    expect(await auditTenant({ reader, store: store(), hash, seal, tenant: TENANT_ID }, [])).toMatchObject({
      ok: true,
      entries: sealed.length,
      differences: [],
    });
  });

  it('can be decided on: its plan is the one that was sealed', async () => {
    const breach = await store().transact(async (tx) => {
      const incident = await tx.incidents.get('CB-PURGED');
      return incident && caseBreach({ hash }, tx, incident);
    });
    expect(breach).toBeNull();
  });
});
