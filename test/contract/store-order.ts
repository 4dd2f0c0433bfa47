import { describe, expect, it } from 'vitest';
import { voteOf } from '../support/cases.ts';
import { linkOf } from './store-everything.ts';
import { AT, done, entry, item, itemsOf, rest, run, type StoreRig, seqs } from './store-rig.ts';

const LATER = '2026-11-21T08:00:00.000Z';

/** What is told in an order keeps it, whatever was written last. */
export function orderContract({ store, incident, tenant, start, claim, finish, counts, ledger }: StoreRig): void {
  describe('the order', () => {
    it('of runs is that of their starts, also after one of them ended', async () => {
      for (const id of ['r2', 'r1', 'r3']) await start([], id);
      await store.transact((tx) => tx.runs.finish('r2', LATER));
      const runs = await store.transact((tx) => tx.runs.ofIncident(run('r1').incident));
      expect(runs.map(({ id }) => id)).toEqual(['r2', 'r1', 'r3']);
    });

    it('of incidents is the newest first, and of the same moment by their names', async () => {
      const at = (id: string, createdAt: string) =>
        store.transact((tx) => tx.incidents.createOrRepeat({ ...incident(id), createdAt }));
      await at('CB-0003', AT);
      await at('CB-0001', '2026-11-19T08:00:00.000Z');
      await at('CB-0004', LATER);
      await at('CB-0002', AT);
      const ids = ['CB-0001', 'CB-0002', 'CB-0003', 'CB-0004'];
      const [listed, first, filed] = await store.transact(async (tx) => [
        await tx.incidents.list(10),
        await tx.incidents.list(2),
        await tx.incidents.filedUnder(ids.map((id) => `key of ${id}`)),
      ]);
      const names = (some: readonly { id: string }[] | undefined) => some?.map(({ id }) => id);
      const order = ['CB-0004', 'CB-0002', 'CB-0003', 'CB-0001'];
      expect([names(listed), names(filed), names(first)]).toEqual([order, order, order.slice(0, 2)]);
    });

    it('of what is filed under one mail ends after the twenty newest', async () => {
      for (let n = 10; n < 33; n += 1)
        await store.transact(async (tx) => {
          await tx.incidents.createOrRepeat({ ...incident(`CB-${n}`), createdAt: `2026-11-20T08:00:${n}.000Z` });
          await tx.incidents.file(`CB-${n}`, ['one mail']);
        });
      const filed = await store.transact((tx) => tx.incidents.filedUnder(['one mail']));
      expect(filed.map(({ id }) => id)).toEqual(Array.from({ length: 20 }, (_none, n) => `CB-${32 - n}`));
    });

    it('of the keys of incidents is theirs alone, and nothing is known of one that is filed under none', async () => {
      await store.transact(async (tx) => {
        for (const id of ['CB-01', 'CB-02']) await tx.incidents.createOrRepeat(incident(id));
        await tx.incidents.file('CB-01', ['one', 'both', 'a third']);
        await tx.incidents.file('CB-02', ['both']);
      });
      const keysOf = (...ids: string[]) => store.transact((tx) => tx.incidents.keysOf(ids));
      expect(await keysOf('CB-02', 'CB-01', 'CB-03')).toEqual(
        new Map([
          ['CB-01', ['a third', 'both', 'one']],
          ['CB-02', ['both']],
        ]),
      );
      expect(await keysOf()).toEqual(new Map());
    });

    it('of copies on a page is by address, and within one mailbox as they were found', async () => {
      await start([item('zoe', 0), item('ann', 1), item('bob', 2), item('ann', 3)]);
      await finish((await claim(2)).map((one) => rest(one)));
      const [page, second] = await store.transact(async (tx) => [
        await tx.work.page('r1', 0, 10),
        await tx.work.page('r1', 1, 2),
      ]);
      expect([seqs(page ?? []), seqs(second ?? [])]).toEqual([
        [1, 3, 2, 0],
        [3, 2],
      ]);
    });

    it('of copies with one outcome is as they were found', async () => {
      await start(itemsOf(3, 1));
      const held = await claim();
      for (const one of held.toReversed()) await finish([done(one, { inTheAir: true })]);
      const [all, doubts] = await store.transact(async (tx) => [
        await tx.work.all('r1', 'removed'),
        await tx.work.ownDoubts('r1'),
      ]);
      expect([seqs(all ?? []), seqs(doubts ?? [])]).toEqual([
        [0, 1, 2],
        [0, 1, 2],
      ]);
    });

    it('of runs that hold the same copies is by their names', async () => {
      for (const id of ['r1', 'r9', 'r3']) await start(itemsOf(2, 1), id);
      await finish((await claim()).map((one) => done(one)));
      const shared = await store.transact((tx) => tx.work.sharedWith('r1', ['removed']));
      expect(shared).toEqual([
        { run: 'r3', copies: 2 },
        { run: 'r9', copies: 2 },
      ]);
    });

    it('of rooms, cards, flags, plans and people does not depend on who came first', async () => {
      const flag = (address: string) => ({
        mailbox: address,
        address,
        incident: 'CB-0001',
        reason: 'r',
        owner: 'o',
        at: AT,
      });
      await store.transact(async (tx) => {
        await tx.incidents.createOrRepeat(incident('CB-0001'));
        for (const platform of ['teams', 'slack'] as const) {
          await tx.cards.ensure('CB-0001', platform, `key in ${platform}`);
          await tx.rooms.died(platform, 'is_archived', AT);
        }
        await tx.flags.raise([flag('zoe@x.example'), flag('ann@x.example')]);
        await tx.people.add(linkOf(3));
        await tx.people.add(linkOf(2));
        await tx.people.add(linkOf(1, { at: LATER }));
      });
      const seen = await store.transact(async (tx) => [
        (await tx.cards.of('CB-0001')).map(({ platform }) => platform),
        (await tx.rooms.dead()).map(({ platform }) => platform),
        (await tx.flags.ofIncident('CB-0001')).map(({ address }) => address),
        (await tx.people.list()).map(({ account }) => account),
      ]);
      expect(seen).toEqual([
        ['slack', 'teams'],
        ['slack', 'teams'],
        ['ann@x.example', 'zoe@x.example'],
        ['U0PERSON2', 'U0PERSON3', 'U0PERSON1'],
      ]);
    });

    it('of votes to start again is that in which they were cast', async () => {
      const vote = (n: number) => ({ ...voteOf(n), roles: [], platform: 'slack', account: `U0PERSON${n}` });
      await store.transact(async (tx) => {
        for (const n of [3, 1, 2]) await tx.brake.addLiftVote(1, vote(n), AT);
        await tx.brake.withdrawLiftVote(1, voteOf(3).person);
        await tx.brake.addLiftVote(1, vote(3), AT);
      });
      const votes = await store.transact((tx) => tx.brake.liftVotes(1));
      expect(votes.map(({ person }) => person)).toEqual([1, 2, 3].map((n) => voteOf(n).person));
    });
  });

  describe('what goes in a thousand at a time', () => {
    it('goes in whole where it is a thousand', async () => {
      await start(itemsOf(1_000, 1));
      await store.transact((tx) =>
        tx.ledger.append(Array.from({ length: 1_000 }, (_none, n) => entry(tenant(), `m${n}`))),
      );
      expect([(await counts()).total, (await ledger().read(0, 2_000)).length]).toEqual([1_000, 1_000]);
    });

    it('is read by pages that hold no more than asked, in order, each behind the one before', async () => {
      await store.transact((tx) => tx.ledger.append(Array.from({ length: 5 }, (_none, n) => entry(tenant(), `m${n}`))));
      const page = async (after: number) => (await ledger().read(after, 2)).map(({ seq }) => seq);
      expect([await page(0), await page(2), await page(4)]).toEqual([[1, 2], [3, 4], [5]]);
      const own = await ledger().ofIncident('CB-0001', 1, 3);
      expect([own.map(({ seq }) => seq), await ledger().ofIncident('CB-9', 0, 3)]).toEqual([[2, 3, 4], []]);
    });

    it('changes nothing where it is nothing', async () => {
      await store.transact(async (tx) => {
        await tx.ledger.append([]);
        await tx.flags.raise([]);
        await tx.incidents.file('CB-0001', []);
      });
      expect([await ledger().read(0, 10), await store.transact((tx) => tx.incidents.filedUnder([]))]).toEqual([[], []]);
    });
  });
}
