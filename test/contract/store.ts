import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { createLedgerReader, seal } from '../../src/adapters/store/ledger.ts';
import { migrate } from '../../src/adapters/store/migrations.ts';
import { verifyLedger } from '../../src/flow/audit.ts';
import type { Tx } from '../../src/ports/store.ts';
import { DIGEST, planOf, voteOf } from '../support/cases.ts';
import type { FreshDatabase } from '../support/database.ts';
import { AT, entry, itemsOf, LEASE_MS, run, type StoreRig, useStore } from './store-rig.ts';
import { stateContract } from './store-state.ts';
import { workContract } from './store-work.ts';

/** What every engine behind the store has to keep, run against a real one. */
export function storeContract(engine: string, fresh: () => Promise<FreshDatabase>): void {
  describe(`the store on ${engine}`, () => {
    const rig = useStore(fresh);
    workContract(rig);
    stateContract(rig);
    recordContract(rig);
  });
}

function recordContract(rig: StoreRig): void {
  const { store, storeOf, incident, jobs } = rig;
  describe('jobs', () => {
    const send = (tx: Tx) => tx.jobs.send({ queue: 'run', run: 'r1' });

    it('exist when the transaction commits', async () => {
      await store.transact(send);
      expect([await jobs(), rig.woken()]).toEqual([['run'], ['run']]);
    });

    it('do not exist when it does not', async () => {
      await store.transact((tx) => send(tx).then(() => Promise.reject(new Error('no')))).catch(() => undefined);
      expect([await jobs(), rig.woken()]).toEqual([[], []]);
    });

    it('nothing of a failed transaction stays', async () => {
      const work = async (tx: Tx) => {
        await tx.decisions.add('CB-0001', voteOf(1), '');
        await tx.ledger.append([entry(rig.tenant(), 'm')]);
        await send(tx);
        throw new Error('the power goes');
      };
      await store.transact(work).catch(() => undefined);
      const head = await createLedgerReader(rig.database().db, rig.tenant()).head();
      expect([await store.transact((tx) => tx.decisions.list('CB-0001')), head.seq, await jobs()]).toEqual([[], 0, []]);
    });

    it('wished for a hundred times are one', async () => {
      await Promise.all(Array.from({ length: 100 }, () => store.transact(send)));
      expect(await jobs()).toEqual(['run']);
    });

    it('three approvals at once start one run', async () => {
      await store.transact((tx) => tx.incidents.createOrRepeat(incident('CB-0001')));
      const approve = (n: number) =>
        store.transact(async (tx) => {
          const row = await tx.incidents.lock('CB-0001');
          await tx.decisions.add('CB-0001', voteOf(n), '');
          if (row?.state !== 'open' || (await tx.decisions.list('CB-0001')).length < 2) return;
          await tx.incidents.save('CB-0001', { state: 'running', runId: 'r1' }, AT);
          await tx.runs.start(run('r1'), itemsOf(3, 1));
          await send(tx);
        });
      await Promise.all([approve(1), approve(2), approve(3)]);
      const runs = await store.transact((tx) => tx.runs.open());
      expect([await jobs(), runs.length]).toEqual([['run'], 1]);
    });
  });

  describe('the ledger', () => {
    const append = (...messages: string[]) =>
      store.transact((tx) => tx.ledger.append(messages.map((message) => entry(rig.tenant(), message))));
    const verified = () => verifyLedger(createLedgerReader(rig.database().db, rig.tenant()), rig.tenant(), seal);

    it('stays one whole chain under twenty writers', async () => {
      await Promise.all(Array.from({ length: 20 }, (_none, n) => append(`${n}a`, `${n}b`, `${n}c`)));
      expect(await verified()).toMatchObject({ ok: true, entries: 60 });
    });

    it('has no gap where a writer failed', async () => {
      const failing = () =>
        store.transact((tx) => tx.ledger.append([entry(rig.tenant(), 'x')]).then(() => Promise.reject(new Error('x'))));
      await Promise.all([
        append('1'),
        failing().catch(() => undefined),
        append('2'),
        failing().catch(() => undefined),
        append('3'),
      ]);
      expect(await verified()).toMatchObject({ ok: true, entries: 3 });
    });

    it('keeps every character', async () => {
      await append('m');
      const [row] = await createLedgerReader(rig.database().db, rig.tenant()).read(0, 1);
      expect(JSON.parse(row?.bytes ?? '').detail.text).toBe('Größe \u0000 \u2028 👩‍💻');
    });

    it('takes thousands of entries at once', async () => {
      await append(...Array.from({ length: 3_500 }, (_none, n) => `m${n}`));
      expect(await verified()).toMatchObject({ ok: true, entries: 3_500 });
    });

    it.each([
      ['changed', sql`update ledger set bytes = 'x'`],
      ['changed in no row', sql`update ledger set bytes = 'x' where false`],
      ['deleted', sql`delete from ledger`],
      ['emptied', sql`truncate ledger`],
    ])('cannot be %s', async (_name, statement) => {
      await append('m');
      await expect(statement.execute(rig.database().db)).rejects.toThrow('append-only');
    });
  });

  it('tenants do not see each other', async () => {
    await store.transact(async (tx) => {
      await tx.incidents.createOrRepeat(incident('CB-0001'));
      await tx.incidents.savePlan(planOf(), DIGEST);
      await tx.incidents.claimDelivery('s', 'd', AT);
      await tx.decisions.add('CB-0001', voteOf(1), '');
      await tx.runs.start(run('r1'), itemsOf(2, 1));
      await tx.cards.ensure('CB-0001', 'slack', 'k');
      await tx.flags.raise([
        { mailbox: 'm', address: 'a@x.example', incident: 'CB-0001', reason: 'r', owner: 'o', at: AT },
      ]);
      await tx.ledger.append([entry(rig.tenant(), 'm')]);
    });
    const other = randomUUID();
    const seen = await storeOf(other).transact(async (tx) => [
      await tx.incidents.get('CB-0001'),
      await tx.incidents.lock('CB-0001'),
      await tx.incidents.plan(DIGEST),
      await tx.runs.get('r1'),
      (await tx.incidents.claimDelivery('s', 'd', AT)).incident,
      ...(await tx.incidents.list(10)),
      ...(await tx.incidents.unfinished('2099-01-01T00:00:00.000Z')),
      ...(await tx.decisions.list('CB-0001')),
      ...(await tx.runs.ofIncident('CB-0001')),
      ...(await tx.runs.open()),
      ...(await tx.work.claim('r1', 10, LEASE_MS)),
      ...(await tx.work.page('r1', 0, 10)),
      ...(await tx.cards.of('CB-0001')),
      ...(await tx.cards.behind()),
      ...(await tx.flags.ofIncident('CB-0001')),
    ]);
    const entries = await createLedgerReader(rig.database().db, other).read(0, 10);
    expect([...seen.filter((row) => row !== null), ...entries]).toEqual([]);
  });

  it('a schema that is up to date stays as it is', async () => {
    await Promise.all([migrate(rig.database().db), migrate(rig.database().db)]);
    expect(await store.transact((tx) => tx.incidents.list(1))).toEqual([]);
  });
}
