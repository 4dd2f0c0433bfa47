import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { createLedgerReader, seal } from '../../src/adapters/store/ledger.ts';
import { migrate } from '../../src/adapters/store/migrations.ts';
import { ERASED } from '../../src/core/record/personal.ts';
import { verifyLedger } from '../../src/flow/record/audit.ts';
import type { Tx } from '../../src/ports/store.ts';
import { policyOf, voteOf } from '../support/cases.ts';
import { everything, fill, linkOf } from './store-everything.ts';
import { AT, BODY, type DatabaseRig, entry, LEASE_MS } from './store-rig.ts';

/** What only a database that tenants and processes share has to keep. */
export function databaseContract(rig: DatabaseRig): void {
  const { store, storeOf } = rig;
  describe('workers', () => {
    const send = (tx: Tx) => tx.jobs.send({ queue: 'run', run: 'r1' });

    it('are woken when the transaction commits', async () => {
      await store.transact(send);
      expect(rig.woken()).toEqual(['run']);
    });

    it('are not woken when it does not', async () => {
      await store.transact((tx) => send(tx).then(() => Promise.reject(new Error('no')))).catch(() => undefined);
      expect(rig.woken()).toEqual([]);
    });
  });

  it('a delivery from before bodies were remembered is taken for the same when it comes again', async () => {
    const claim = () => store.transact((tx) => tx.incidents.claimDelivery({ source: 's', id: 'd' }, BODY, AT));
    await claim();
    await sql`update delivery set body = null where tenant = ${rig.tenant()}`.execute(rig.database().db);
    expect(await claim()).toEqual({ fresh: false, sameBody: true, first: { incident: null, created: false } });
  });

  it('a transaction that fails by itself is run once', async () => {
    let tries = 0;
    const failing = store.transact(async (tx) => {
      tries += 1;
      await tx.incidents.get('CB-0001');
      throw new Error('a fault of ours');
    });
    await expect(failing).rejects.toThrow('a fault of ours');
    expect(tries).toBe(1);
  });

  describe('the ledger', () => {
    it.each([
      ['changed', sql`update ledger set bytes = 'x'`],
      ['changed in no row', sql`update ledger set bytes = 'x' where false`],
      ['deleted', sql`delete from ledger`],
      ['emptied', sql`truncate ledger`],
    ])('cannot be %s', async (_name, statement) => {
      await store.transact((tx) => tx.ledger.append([entry(rig.tenant(), 'm')]));
      await expect(statement.execute(rig.database().db)).rejects.toThrow('append-only');
    });

    it('lets what opens it be taken away, all of it or some, and not be changed or put there', async () => {
      await store.transact((tx) => tx.ledger.append([entry(rig.tenant(), 'm'), entry(rig.tenant(), 'n')]));
      const write = (opened: unknown, seq: number) =>
        sql`update ledger set opened = ${opened} where tenant = ${rig.tenant()} and seq = ${seq}`.execute(
          rig.database().db,
        );
      const rows = await createLedgerReader(rig.database().db, rig.tenant()).read(0, 2);
      const openings = JSON.parse(rows[0]?.opened ?? '') as Record<string, [string, string]>;
      const { message, ...others } = openings;
      const changed = { ...openings, message: [message?.[0], 'x'] };
      await expect(write(JSON.stringify(changed), 1)).rejects.toThrow('can only be taken away');
      await write(JSON.stringify(others), 1);
      await expect(write(JSON.stringify(openings), 1)).rejects.toThrow('can only be taken away');
      await write(null, 2);
      const found = await store.transact((tx) => tx.ledger.find({ incident: 'CB-0001', types: ['copy.outcome'] }));
      expect(found.map((one) => [one.entry?.message, one.entry?.detail.address])).toEqual([
        [ERASED, ''],
        [ERASED, ERASED],
      ]);
      const reader = createLedgerReader(rig.database().db, rig.tenant());
      expect(await verifyLedger(reader, rig.tenant(), seal)).toMatchObject({ ok: true, entries: 2 });
    });
  });

  it('tenants do not see each other', async () => {
    await store.transact((tx) => fill(tx, rig));
    const other = randomUUID();
    const seen = await storeOf(other).transact(async (tx) => [
      ...(await everything(tx)),
      ...(await tx.work.claim('r1', 10, LEASE_MS)),
    ]);
    const entries = await createLedgerReader(rig.database().db, other).read(0, 10);
    expect([...seen, ...entries]).toEqual([]);
  });

  it('tenants that write in turn have a whole record each', async () => {
    const others = [rig.tenant(), randomUUID(), randomUUID()];
    const append = (tenant: string, n: number) =>
      storeOf(tenant).transact((tx) => tx.ledger.append([entry(tenant, `${n}a`), entry(tenant, `${n}b`)]));
    for (let n = 0; n < 3; n += 1) for (const tenant of others) await append(tenant, n);
    await Promise.all(others.map((tenant) => append(tenant, 3)));
    const seen = others.map(async (tenant) => {
      const reader = createLedgerReader(rig.database().db, tenant);
      const { ok, entries } = await verifyLedger(reader, tenant, seal);
      return [ok, entries, (await reader.head()).seq];
    });
    expect(await Promise.all(seen)).toEqual(others.map(() => [true, 8, 8]));
  });

  it('tenants do not stand in each other’s way', async () => {
    await store.transact((tx) => fill(tx, rig));
    const other = await storeOf(randomUUID()).transact(async (tx) => [
      (await tx.incidents.claimDelivery({ source: 's', id: 'd' }, BODY, AT)).fresh,
      await tx.decisions.add('CB-0001', voteOf(1), ''),
      await tx.people.add(linkOf(1)),
      await tx.policies.adopt('p1', policyOf(1, 1), AT),
      await tx.brake.lock(),
      await tx.brake.addLiftVote(
        1,
        { person: 'p1', name: 'Approver 1', roles: [], platform: 'slack', account: 'U0PERSON1' },
        AT,
      ),
      await tx.replays.claim('slack', 'k1', AT),
    ]);
    const off = { number: 0, stopped: false, by: null, reason: null, at: null };
    expect(other).toEqual([true, true, true, null, off, true, true]);
  });

  it('a schema that is up to date stays as it is', async () => {
    await Promise.all([migrate(rig.database().db), migrate(rig.database().db)]);
    expect(await store.transact((tx) => tx.incidents.list(1))).toEqual([]);
  });
}
