import { CompiledQuery } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Incident } from '../../src/core/incident/incident.ts';
import { DIGEST, planOf, voteOf } from '../support/cases.ts';
import { filedAs } from '../support/sealed-plans.ts';
import { AT, type DatabaseRig, done, itemsOf, MANNERS, run, type StoreRig } from './store-rig.ts';

const LATER = '2099-01-01T00:00:00.000Z';

/** Old incidents go with everything that is stored of them, and with nothing else. */
export function retentionContract({ store, incident, claim, finish, ledger }: StoreRig): void {
  const add = (id: string, change: Partial<Incident> = {}) =>
    store.transact((tx) => tx.incidents.createOrRepeat({ ...incident(id), state: 'settled', ...change }));
  const due = (limit = 100, after: { id: string; updatedAt: string } | null = null, before = LATER) =>
    store.transact((tx) => tx.retention.due(before, after, limit));
  const ties = (...ids: string[]) => store.transact((tx) => tx.retention.ties(ids));
  const remove = (id: string) => store.transact((tx) => tx.retention.remove(id));
  const carriedOut = async (id: string, of: string) => {
    await store.transact((tx) => tx.runs.start({ ...run(id), incident: of }, itemsOf(2, 1)));
    await finish(
      (await claim(10, id)).map((item) => done(item)),
      id,
    );
    await store.transact((tx) => tx.runs.finish(id, AT));
  };

  describe('old incidents', () => {
    it('are found by their last change, closed ones without a mark, page by page', async () => {
      const at = (n: number) => ({ updatedAt: `2025-01-0${n}T00:00:00.000Z` });
      await add('CB-0003', at(1));
      await add('CB-0002', at(2));
      await add('CB-0001', at(2));
      await add('CB-0004', { ...at(1), state: 'open' });
      await add('CB-0005', { ...at(1), state: 'running' });
      await add('CB-0006', { ...at(1), breach: 'a plan differs' });
      await add('CB-0007', at(4));
      const first = await due(2, null, '2025-01-04T00:00:00.000Z');
      const second = await due(2, first.at(-1) ?? null, '2025-01-04T00:00:00.000Z');
      expect([first, second]).toEqual([
        [
          { id: 'CB-0003', ...at(1) },
          { id: 'CB-0001', ...at(2) },
        ],
        [{ id: 'CB-0002', ...at(2) }],
      ]);
    });

    it('are tied to what grew out of them, what they grew out of, and what follows them', async () => {
      await add('CB-OLD');
      await add('CB-CHILD', { parent: 'CB-OLD', state: 'open' });
      await add('CB-NEXT', { previous: 'CB-OLD', state: 'closed' });
      const found = await ties('CB-OLD', 'CB-CHILD', 'CB-NOBODY');
      expect(found).toHaveLength(3);
      expect(found).toEqual(
        expect.arrayContaining([
          { incident: 'CB-OLD', bond: 'parent', state: 'open' },
          { incident: 'CB-OLD', bond: 'previous', state: 'closed' },
          { incident: 'CB-CHILD', bond: 'child', state: 'settled' },
        ]),
      );
      expect(await ties()).toEqual([]);
    });

    it('are tied to open ones that speak of them, or hold the same copy', async () => {
      const told = { incident: 'CB-OLD', action: 'purge', copies: 2, at: AT } as const;
      await add('CB-OLD');
      await add('CB-TOLD', { state: 'open', elsewhere: [told] });
      await add('CB-CLOSED', { state: 'settled', elsewhere: [told] });
      await add('CB-OTHERS', { state: 'open', elsewhere: [{ ...told, incident: 'CB-NEW' }] });
      await add('CB-SAME', { state: 'running' });
      await carriedOut('r1', 'CB-OLD');
      await carriedOut('r2', 'CB-SAME');
      await carriedOut('r3', 'CB-CLOSED');
      expect(await ties('CB-OLD')).toEqual([
        { incident: 'CB-OLD', bond: 'elsewhere', state: 'open' },
        { incident: 'CB-OLD', bond: 'copies', state: 'running' },
      ]);
    });

    it('go with everything that is stored of them, and leave what is not theirs', async () => {
      const seen = (id: string, digest: string, of: string) =>
        store.transact(async (tx) => [
          await tx.incidents.get(id),
          await tx.incidents.plan(digest),
          (await tx.decisions.list(id)).length,
          (await tx.runs.ofIncident(id)).length,
          (await tx.work.page(of, 0, 10)).length,
          (await tx.cards.of(id)).length,
          (await tx.flags.ofIncident(id)).length,
          (await tx.incidents.filedUnder([`mail ${id}`])).length,
        ]);
      const OTHER = 'f'.repeat(64);
      for (const [id, digest, of] of [
        ['CB-0001', DIGEST, 'r1'],
        ['CB-0002', OTHER, 'r2'],
      ] as const) {
        await add(id);
        await store.transact(async (tx) => {
          await tx.incidents.savePlan(filedAs(digest, planOf({ incident: id })));
          await tx.incidents.file(id, [`mail ${id}`, 'a common key']);
          await tx.decisions.add(id, voteOf(1, { planDigest: digest }), '');
          await tx.cards.ensure(id, 'slack', `key ${id}`);
          await tx.flags.raise([
            { mailbox: 'm', address: 'a@x.example', incident: id, reason: 'r', owner: 'o', at: AT },
          ]);
        });
        await carriedOut(of, id);
      }
      const other = await seen('CB-0002', OTHER, 'r2');
      await remove('CB-0001');
      expect(await seen('CB-0001', DIGEST, 'r1')).toEqual([null, null, 0, 0, 0, 0, 0, 0]);
      expect(await seen('CB-0002', OTHER, 'r2')).toEqual(other);
      expect(other.slice(2)).toEqual([1, 1, 2, 1, 1, 1]);
      expect(await store.transact((tx) => tx.incidents.idsAfter('', 10))).toEqual(['CB-0002']);
      const common = await store.transact((tx) => tx.incidents.filedUnder(['a common key']));
      expect(common.map(({ id }) => id)).toEqual(['CB-0002']);
    });

    it('make room for the same mail', async () => {
      await add('CB-0001');
      await remove('CB-0001');
      expect((await add('CB-0009', { dedupeKey: 'key of CB-0001' })).created).toBe(true);
    });

    it('take the message that gathered them along, unless more may be put into it', async () => {
      const manners = { ...MANNERS, newPerMinute: 0, linesPerGathering: 1 };
      for (const id of ['CB-0001', 'CB-0002']) {
        await add(id, { state: 'received' });
        await store.transact((tx) => tx.cards.ensure(id, 'slack', id));
      }
      const claimed = await store.transact((tx) => tx.cards.claim('slack', manners));
      const gatherings = await store.transact(async (tx) => [
        (await tx.cards.of('CB-0001'))[0]?.gathered ?? '',
        (await tx.cards.of('CB-0002'))[0]?.gathered ?? '',
      ]);
      const left = () =>
        store.transact(async (tx) => {
          const rows = await Promise.all(gatherings.map((gathering) => tx.cards.of(gathering)));
          return rows.map((cards) => cards.length);
        });
      expect([new Set(gatherings).size, await left()]).toEqual([2, [1, 1]]);
      // The one that is being sent this moment is given back by whoever sends it.
      const said = { ref: null, sentRevision: 1, posting: false, attempts: 0, again: false, restMs: 0, roomRestMs: 0 };
      if (claimed.kind === 'send')
        await store.transact((tx) => tx.cards.finish(claimed.card.incident, 'slack', claimed.lease, said));
      await remove('CB-0001');
      await remove('CB-0002');
      expect(await left()).toEqual([0, 1]);
    });

    it('stay where the transaction fails', async () => {
      await add('CB-0001');
      await carriedOut('r1', 'CB-0001');
      const fails = store.transact(async (tx) => {
        await tx.retention.remove('CB-0001');
        throw new Error('the power goes');
      });
      await expect(fails).rejects.toThrow('power');
      const kept = await store.transact(async (tx) => [
        (await tx.incidents.get('CB-0001'))?.id,
        (await tx.runs.ofIncident('CB-0001')).length,
        (await tx.work.page('r1', 0, 10)).length,
      ]);
      expect(kept).toEqual(['CB-0001', 1, 2]);
      expect(await ledger().read(0, 10)).toEqual([]);
    });
  });
}

/** A row into which somebody has written. */
export function tamperedRetentionContract({ store, incident, tenant, database }: DatabaseRig): void {
  it('an old incident stays where an open one may speak of it that cannot be read any more', async () => {
    for (const [id, state] of [
      ['CB-OLD', 'closed'],
      ['CB-TOLD', 'open'],
    ] as const)
      await store.transact((tx) => tx.incidents.createOrRepeat({ ...incident(id), state }));
    const written = ['[{"incident":"CB-OLD"', tenant(), 'CB-TOLD'];
    await database().db.executeQuery(
      CompiledQuery.raw('update incident set elsewhere = $1 where tenant = $2 and id = $3', written),
    );
    expect(await store.transact((tx) => tx.retention.ties(['CB-OLD', 'CB-OTHER']))).toEqual([
      { incident: 'CB-OLD', bond: 'elsewhere', state: 'open' },
    ]);
  });
}
