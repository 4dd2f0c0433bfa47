import { randomUUID } from 'node:crypto';
import { CompiledQuery } from 'kysely';
import { describe, expect, it } from 'vitest';
import { seal } from '../../src/adapters/store/ledger.ts';
import type { Entry } from '../../src/core/record/ledger.ts';
import type { LedgerQuestion } from '../../src/ports/store.ts';
import { DIGEST, planOf, policyOf, voteOf } from '../support/cases.ts';
import { filedAs } from '../support/sealed-plans.ts';
import { AT, type DatabaseRig, entry, run, type StoreRig } from './store-rig.ts';

/** What decisions look up in the record, and what they look up of the plans. */
export function recordingContract(rig: StoreRig): void {
  const { store, incident } = rig;
  const append = (...changes: readonly Partial<Entry>[]) =>
    store.transact((tx) => tx.ledger.append(changes.map((change) => ({ ...entry(rig.tenant(), 'm'), ...change }))));
  const seqs = async (asked: LedgerQuestion) =>
    (await store.transact((tx) => tx.ledger.find(asked))).map(({ seq, entry: found }) => (found ? seq : -seq));

  describe('entries that are looked for', () => {
    it('are those of the incident and the types, oldest first', async () => {
      await append({ type: 'plan.made' }, { type: 'stray' }, { incident: 'CB-0002', type: 'plan.made' });
      await append({ type: 'run.started' }, { incident: null, type: 'plan.made' });
      expect(await seqs({ incident: 'CB-0001', types: ['run.started', 'plan.made'] })).toEqual([1, 4]);
      expect(await seqs({ incident: null, types: ['plan.made'] })).toEqual([5]);
    });

    it('come as they were written', async () => {
      await append({ type: 'plan.made', planDigest: DIGEST, detail: { copies: 3, who: 'Größe "x" \u0000' } });
      const [found] = await store.transact((tx) => tx.ledger.find({ incident: 'CB-0001', types: ['plan.made'] }));
      expect(found?.entry).toMatchObject({ planDigest: DIGEST, detail: { copies: 3, who: 'Größe "x" \u0000' } });
    });

    it.each(['U0', 'U0"', 'Größe \u0000 👩‍💻'])('hold %j in a field, and nothing like it', async (text) => {
      await append({ detail: { account: text } }, { detail: { account: `${text}1` } }, { detail: { other: text } });
      expect(await seqs({ incident: 'CB-0001', types: ['copy.outcome'], detail: ['account', text] })).toEqual([1]);
    });

    it('come in pages', async () => {
      await append({}, {}, {});
      const page = (afterSeq: number) => seqs({ incident: 'CB-0001', types: ['copy.outcome'], afterSeq, limit: 2 });
      expect([await page(0), await page(2), await page(3)]).toEqual([[1, 2], [3], []]);
    });

    it('are the last one of them where no more is asked for', async () => {
      await append({}, {}, { type: 'stray' });
      const newest = (type: Entry['type']) => seqs({ incident: 'CB-0001', types: [type], newest: true });
      expect([await newest('copy.outcome'), await newest('stray'), await newest('plan.made')]).toEqual([[2], [3], []]);
    });

    it('are seen by the transaction that writes them', async () => {
      const found = await store.transact(async (tx) => {
        await tx.ledger.append([entry(rig.tenant(), 'm')]);
        return tx.ledger.find({ incident: 'CB-0001', types: ['copy.outcome'] });
      });
      expect(found.map(({ seq, entry: one }) => [seq, one?.message])).toEqual([[1, 'm']]);
    });
  });

  describe('an incident that was tampered with', () => {
    it('says so, and is left to nobody to look after', async () => {
      await store.transact(async (tx) => {
        await tx.incidents.createOrRepeat({ ...incident('CB-0001'), deadline: AT });
        await tx.incidents.createOrRepeat({ ...incident('CB-0002'), deadline: AT });
        await tx.incidents.save('CB-0001', { breach: 'a plan was changed' }, AT);
      });
      const seen = await store.transact(async (tx) => [
        ...(await Promise.all(['CB-0001', 'CB-0002', 'CB-0003'].map((id) => tx.incidents.breach(id)))),
        ...(await tx.incidents.unfinished(AT)).map(({ id }) => id),
      ]);
      expect(seen).toEqual(['a plan was changed', null, null, 'CB-0002']);
    });
  });

  it('every incident that a row or an entry speaks of is listed once, in order, in pages', async () => {
    await store.transact(async (tx) => {
      await tx.incidents.createOrRepeat(incident('CB-0003'));
      await tx.incidents.savePlan(filedAs('p', planOf({ incident: 'CB-0005' })));
      await tx.decisions.add('CB-0002', voteOf(1), '');
      await tx.runs.start({ ...run('r1'), incident: 'CB-0004' }, []);
      await tx.ledger.append(['CB-0001', 'CB-0003', null].map((id) => ({ ...entry(rig.tenant(), 'm'), incident: id })));
    });
    const page = (after: string) => store.transact((tx) => tx.incidents.idsAfter(after, 3));
    expect([await page(''), await page('CB-0003'), await page('CB-0005')]).toEqual([
      ['CB-0001', 'CB-0002', 'CB-0003'],
      ['CB-0004', 'CB-0005'],
      [],
    ]);
  });

  it('every policy that was ever adopted is listed', async () => {
    await store.transact((tx) => tx.policies.adopt('two', policyOf(1, 1), AT));
    await store.transact((tx) => tx.policies.adopt('one', policyOf(2, 1), AT));
    expect(await store.transact((tx) => tx.policies.digests())).toEqual(['one', 'two']);
  });
}

/** What an entry has to fit before it is believed. Each change is made as somebody would who has the database. */
export function tamperedRecordContract(rig: DatabaseRig): void {
  const { store } = rig;

  /** The trigger is the tenant's neighbours' too: it goes and comes back within one transaction. */
  const intrude = (...statements: readonly (readonly [string, ...unknown[]])[]) =>
    rig
      .database()
      .db.transaction()
      .execute(async (trx) => {
        const all = [['alter table ledger disable trigger ledger_append_only'], ...statements] as const;
        for (const [statement, ...values] of all) await trx.executeQuery(CompiledQuery.raw(statement, values));
        await trx.executeQuery(CompiledQuery.raw('alter table ledger enable trigger ledger_append_only'));
      });
  const believed = async () => {
    const found = await store.transact((tx) => tx.ledger.find({ incident: 'CB-0001', types: ['copy.outcome'] }));
    return found.map(({ seq, entry: one }) => (one ? seq : -seq));
  };
  const three = () =>
    store.transact((tx) => tx.ledger.append(['1', '2', '3'].map((message) => entry(rig.tenant(), message))));
  const forged = (seq: number, prev: string) => {
    const bytes = seal.canonical({ ...entry(rig.tenant(), 'forged'), seq, prev });
    return [bytes, seal.leafHash(bytes)] as const;
  };
  const hashOf = async (seq: number) =>
    (await rig.ledger().read(0, 10)).find((row) => row.seq === seq)?.hash ?? '0'.repeat(64);

  describe('an entry is not believed', () => {
    it('whose bytes were changed', async () => {
      await three();
      await intrude([
        `update ledger set bytes = replace(bytes, '"message":"2"', '"message":"4"') where tenant = $1`,
        rig.tenant(),
      ]);
      expect(await believed()).toEqual([1, -2, 3]);
    });

    it.each([1, 2, 3])('whose bytes were changed with their hash (number %i)', async (seq) => {
      await three();
      const [bytes, hash] = forged(seq, await hashOf(seq - 1));
      await intrude([
        'update ledger set bytes = $2, hash = $3 where tenant = $1 and seq = $4',
        rig.tenant(),
        bytes,
        hash,
        seq,
      ]);
      expect((await believed()).find((one) => Math.abs(one) === seq)).toBe(-seq);
    });

    it('that was put behind the end', async () => {
      await three();
      const [bytes, hash] = forged(4, await hashOf(3));
      await intrude([
        `insert into ledger values ($1, 4, 'CB-0001', 'copy.outcome', 'x', $2, $3)`,
        rig.tenant(),
        bytes,
        hash,
      ]);
      expect(await believed()).toEqual([1, 2, 3, -4]);
    });

    it('that is filed under another incident or type than it speaks of', async () => {
      await three();
      const other = randomUUID();
      await store.transact((tx) => tx.ledger.append([{ ...entry(rig.tenant(), '4'), incident: other }]));
      await store.transact((tx) => tx.ledger.append([{ ...entry(rig.tenant(), '5'), type: 'stray' }]));
      await intrude(
        [`update ledger set incident = 'CB-0001' where tenant = $1 and incident = $2`, rig.tenant(), other],
        [`update ledger set type = 'copy.outcome' where tenant = $1 and type = 'stray'`, rig.tenant()],
      );
      expect(await believed()).toEqual([1, 2, 3, -4, -5]);
    });

    it('once the one before it is gone', async () => {
      await three();
      await intrude(['delete from ledger where tenant = $1 and seq = 1', rig.tenant()]);
      expect(await believed()).toEqual([-2, 3]);
    });
  });
}
