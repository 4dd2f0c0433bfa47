import { randomUUID } from 'node:crypto';
import { CompiledQuery } from 'kysely';
import { describe, expect, it } from 'vitest';
import { seal } from '../../src/adapters/store/ledger.ts';
import type { Entry, Heading } from '../../src/core/record/ledger.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import type { LedgerQuestion } from '../../src/ports/store.ts';
import { DIGEST, planOf, policyOf, voteOf } from '../support/cases.ts';
import { entryOf } from '../support/entries.ts';
import { filedAs } from '../support/sealed-plans.ts';
import { AT, type DatabaseRig, entry, run, type StoreRig } from './store-rig.ts';

/** What decisions look up in the record, and what they look up of the plans. */
export function recordingContract(rig: StoreRig): void {
  const { store, incident } = rig;
  const written = (type: EntryType, change: Partial<Heading> = {}) =>
    entryOf(type, {}, { tenant: rig.tenant(), incident: 'CB-0001', ...change });
  const append = (...entries: readonly Entry[]) => store.transact((tx) => tx.ledger.append(entries));
  const linked = (account: string, platform: string | null = null) =>
    entryOf('account.linked', { account }, { tenant: rig.tenant(), incident: null, platform });
  const seqs = async (asked: LedgerQuestion) =>
    (await store.transact((tx) => tx.ledger.find(asked))).map(({ seq, entry: found }) => (found ? seq : -seq));

  describe('entries that are looked for', () => {
    it('are those of the incident and the types, oldest first', async () => {
      await append(written('plan.made'), written('stray'), written('plan.made', { incident: 'CB-0002' }));
      await append(written('run.started'), written('plan.made', { incident: null }));
      expect(await seqs({ incident: 'CB-0001', types: ['run.started', 'plan.made'] })).toEqual([1, 4]);
      expect(await seqs({ incident: null, types: ['plan.made'] })).toEqual([5]);
    });

    it('come as they were written', async () => {
      const reason = 'Größe "x" \u0000';
      const rejected = entryOf(
        'decision.rejected',
        { reason, roles: ['a', 'b'] },
        { ...written('stray'), planDigest: DIGEST },
      );
      await append(rejected);
      const [found] = await store.transact((tx) =>
        tx.ledger.find({ incident: 'CB-0001', types: ['decision.rejected'] }),
      );
      expect(found?.entry).toMatchObject({ planDigest: DIGEST, detail: { reason, roles: ['a', 'b'] } });
    });

    it.each(['U0', 'U0"', 'Größe \u0000 👩‍💻', 'a\nb'])(
      'hold %j in a personal field, and nothing like it',
      async (text) => {
        await append(linked(text), linked(`${text}1`), linked('U1', text));
        expect(await seqs({ incident: null, types: ['account.linked'], detail: ['account', text] })).toEqual([1]);
      },
    );

    it('hold a text in another field, and nothing like it', async () => {
      const grown = (child: string, run: string) => entryOf('plan.grown', { child, run }, { ...written('stray') });
      await append(grown('CB-0002', ''), grown('CB-0003', 'CB-0002'), grown('CB-00020', ''));
      expect(await seqs({ incident: 'CB-0001', types: ['plan.grown'], detail: ['child', 'CB-0002'] })).toEqual([1]);
    });

    it('come in pages', async () => {
      await append(...[1, 2, 3].map(() => written('copy.outcome')));
      const page = (afterSeq: number) => seqs({ incident: 'CB-0001', types: ['copy.outcome'], afterSeq, limit: 2 });
      expect([await page(0), await page(2), await page(3)]).toEqual([[1, 2], [3], []]);
    });

    it('are the last one of them where no more is asked for', async () => {
      await append(written('copy.outcome'), written('copy.outcome'), written('stray'));
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
        ...(await tx.incidents.unfinished(AT, AT)).map(({ id }) => id),
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
        `update ledger set bytes = replace(bytes, '"outcome":null', '"outcome":"x"') where tenant = $1 and seq = 2`,
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
      await store.transact((tx) => tx.ledger.append([entryOf('stray', {}, { ...entry(rig.tenant(), '5') })]));
      await intrude(
        [`update ledger set incident = 'CB-0001' where tenant = $1 and incident = $2`, rig.tenant(), other],
        [`update ledger set type = 'copy.outcome' where tenant = $1 and type = 'stray'`, rig.tenant()],
      );
      expect(await believed()).toEqual([1, 2, 3, -4, -5]);
    });

    it('whose opening was changed, however it is written', async () => {
      await three();
      await intrude(
        ['alter table ledger disable trigger ledger_openings'],
        [`update ledger set opened = replace(opened, '"1"]', '"9"]') where tenant = $1 and seq = 1`, rig.tenant()],
        [`update ledger set opened = '{}' where tenant = $1 and seq = 2`, rig.tenant()],
        [`update ledger set opened = 'nonsense' where tenant = $1 and seq = 3`, rig.tenant()],
        ['alter table ledger enable trigger ledger_openings'],
      );
      expect(await believed()).toEqual([-1, 2, -3]);
    });

    it('nor hidden from whoever looks for a value by writing another one beside it', async () => {
      const account = (name: string) =>
        entryOf('account.unlinked', { account: name }, { tenant: rig.tenant(), incident: null });
      await store.transact((tx) => tx.ledger.append(['U0', 'U0', 'U0', 'U1'].map(account)));
      const rewritten = (seq: number, value: string) =>
        [
          `update ledger set opened = jsonb_set(opened::jsonb, '{detail.account,1}', $3::jsonb)::text where tenant = $1 and seq = $2`,
          ...[rig.tenant(), seq, value],
        ] as const;
      await intrude(
        ['alter table ledger disable trigger ledger_openings'],
        rewritten(1, '"U1"'),
        // The same, and in other letters.
        [
          `update ledger set opened = replace(opened, '"U0"', '"\\u00550"') where tenant = $1 and seq = 2`,
          rig.tenant(),
        ],
        [`update ledger set opened = null where tenant = $1 and seq = 3`, rig.tenant()],
        ['alter table ledger enable trigger ledger_openings'],
      );
      const asked: LedgerQuestion = { incident: null, types: ['account.unlinked'], detail: ['account', 'U0'] };
      const found = await store.transact((tx) => tx.ledger.find(asked));
      expect(found.map(({ seq, entry: one }) => (one ? seq : -seq))).toEqual([-1, 2, 3]);
    });

    it('once the one before it is gone', async () => {
      await three();
      await intrude(['delete from ledger where tenant = $1 and seq = 1', rig.tenant()]);
      expect(await believed()).toEqual([-2, 3]);
    });
  });
}
