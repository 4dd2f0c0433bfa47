import { describe, expect, it } from 'vitest';
import { noOutcomes } from '../../src/core/action/outcome.ts';
import type { WorkItem } from '../../src/ports/runs.ts';
import { AT, done, item, itemsOf, LEASE_MS, rest, type StoreRig, seenCopy, seqs } from './store-rig.ts';

/** Of the same mailbox as the first of `itemsOf`, and no copy of it. */
const others = (count: number) => Array.from({ length: count }, (_none, n) => item('box0', 100 + n));

/** Copies of a run: claimed, intended, finished and counted. */
export function workContract({ store, claim, finish, start, counts }: StoreRig): void {
  describe('claiming work', () => {
    it('takes no more than four of one mailbox', async () => {
      await start(itemsOf(1, 10));
      expect([seqs(await claim()), seqs(await claim())]).toEqual([[0, 1, 2, 3], []]);
    });

    it('takes no more than four of one mailbox over two runs', async () => {
      await start(itemsOf(1, 3));
      await start(others(3), 'r2');
      expect([(await claim()).length, (await claim(100, 'r2')).length]).toEqual([3, 1]);
    });

    it('goes on with a mailbox as its copies are done', async () => {
      await start(itemsOf(1, 6));
      const first = await claim();
      await finish(first.slice(0, 2).map((one) => done(one)));
      expect(seqs(await claim())).toEqual([4, 5]);
    });

    it('takes no more than it was asked for', async () => {
      await start(itemsOf(20, 1));
      expect((await claim(7)).length).toBe(7);
    });

    it('fills up from mailboxes that are not busy', async () => {
      await start([...itemsOf(1, 30), item('other', 1), item('third', 2)]);
      expect(new Set((await claim(6)).map(({ mailbox }) => mailbox))).toEqual(new Set(['box0', 'other', 'third']));
    });

    it('twenty claims at once take each copy once', async () => {
      await start(itemsOf(40, 2));
      const taken = (await Promise.all(Array.from({ length: 20 }, () => claim(5)))).flat();
      expect([taken.length, new Set(seqs(taken)).size]).toEqual([80, 80]);
    });

    it('ten claims at once of two runs keep to four per mailbox', async () => {
      await start(itemsOf(1, 10));
      await start(itemsOf(1, 10), 'r2');
      const taken = (await Promise.all(Array.from({ length: 10 }, (_none, n) => claim(3, n % 2 ? 'r1' : 'r2')))).flat();
      expect(taken.length).toBe(4);
    });

    it('a copy that rests is not due', async () => {
      await start(itemsOf(1, 1));
      await finish((await claim()).map((one) => rest(one)));
      expect(await claim()).toEqual([]);
    });

    it('a copy whose rest is over is due', async () => {
      await start(itemsOf(1, 1));
      await finish((await claim()).map((one) => rest(one, { waitMs: 0 })));
      expect(seqs(await claim())).toEqual([0]);
    });

    it('a lease that ran out gives the copy to the next, under a new fence', async () => {
      await start(itemsOf(1, 1));
      const [first] = await claim(1, 'r1', -1);
      const [second] = await claim();
      expect(Number(second?.fence)).toBe(Number(first?.fence) + 1);
    });

    it('a lease that its holder extends stays with it', async () => {
      await start(itemsOf(1, 1));
      const held = await claim(1, 'r1', 300);
      const kept = await store.transact((tx) => tx.work.extend('r1', held, LEASE_MS));
      await new Promise((resolve) => setTimeout(resolve, 400));
      expect([kept, await claim()]).toEqual([[0], []]);
    });

    it('a lease that is extended ends after the time that was asked for', async () => {
      await start(itemsOf(1, 1));
      await store.transact(async (tx) => tx.work.extend('r1', await tx.work.claim('r1', 1, 5_000), 3_600_000));
      const due = await store.transact((tx) => tx.work.nextDueMs('r1'));
      expect([due !== null && due > 3_000_000, due !== null && due <= 3_600_000]).toEqual([true, true]);
    });

    it('a lease that was lost cannot be extended', async () => {
      await start(itemsOf(1, 1));
      const lost = await claim(1, 'r1', -1);
      const [second] = await claim(1, 'r1', -1);
      expect(await store.transact((tx) => tx.work.extend('r1', lost, LEASE_MS))).toEqual([]);
      expect(Number((await claim())[0]?.fence)).toBe(Number(second?.fence) + 1);
    });

    it('a lease that ran out is not extended, even where nobody else has taken the copy', async () => {
      await start(itemsOf(1, 1));
      const over = await claim(1, 'r1', -1);
      expect(await store.transact((tx) => tx.work.extend('r1', over, LEASE_MS))).toEqual([]);
      expect((await claim()).length).toBe(1);
    });

    it.each([
      ['a result', (one: WorkItem) => done(one, { outcome: 'failed' })],
      ['a rest', (one: WorkItem) => rest(one)],
    ])('%s that comes after the lease was lost changes nothing', async (_name, late) => {
      await start(itemsOf(1, 1));
      const [first] = await claim(1, 'r1', -1);
      const [second] = await claim();
      const answered = await finish([late(first as WorkItem)]);
      expect([answered, await finish([done(second as WorkItem)]), (await counts()).outcomes.removed]).toEqual([
        [],
        [0],
        1,
      ]);
    });

    it('a throttling that is told too late lets the mailbox go on', async () => {
      await start(itemsOf(1, 6));
      const [first] = await claim(1, 'r1', -1);
      await claim(1);
      await finish([rest(first as WorkItem, { wholeMailbox: true })]);
      expect((await claim()).length).toBe(3);
    });

    it('a throttled mailbox rests with all its copies, in every run', async () => {
      await start([...itemsOf(1, 6), item('other', 1)]);
      await start(itemsOf(1, 2), 'r2');
      const [first] = await claim(1);
      await finish([rest(first as WorkItem, { wholeMailbox: true, countsAsAttempt: false })]);
      expect([(await claim()).map(({ mailbox }) => mailbox), await claim(100, 'r2')]).toEqual([['other'], []]);
    });

    it('a copy that rests by itself leaves the others of its mailbox due', async () => {
      await start(itemsOf(1, 3));
      const [first] = await claim(1);
      await finish([rest(first as WorkItem)]);
      expect(seqs(await claim())).toEqual([1, 2]);
    });

    it('throttling is no attempt of the copy', async () => {
      await start(itemsOf(1, 1));
      const [first] = await claim();
      await finish([rest(first as WorkItem, { waitMs: 0, countsAsAttempt: false })]);
      expect((await claim())[0]?.attempts).toBe(1);
    });

    it('what is done is never claimed again', async () => {
      await start(itemsOf(1, 1));
      await finish((await claim()).map((one) => done(one)));
      expect(await claim()).toEqual([]);
    });

    it('a result counts once, however often it is told', async () => {
      await start(itemsOf(1, 1));
      const [one] = await claim();
      await finish([done(one as WorkItem)]);
      expect([await finish([done(one as WorkItem, { outcome: 'failed' })]), (await counts()).outcomes.failed]).toEqual([
        [],
        0,
      ]);
    });
  });

  describe('the intent before the act', () => {
    const intend = (items: readonly WorkItem[], before = seenCopy) =>
      store.transact((tx) =>
        tx.work.intend(
          'r1',
          items.map(({ seq, fence }) => ({ seq, fence, before })),
          AT,
        ),
      );

    it('is written only by whoever holds the copy', async () => {
      await start(itemsOf(1, 1));
      const late = await claim(1, 'r1', -1);
      const holder = await claim();
      expect([await intend(late), await intend(holder)]).toEqual([[], [0]]);
    });

    it('keeps the first picture of the copy', async () => {
      await start(itemsOf(1, 1));
      const first = await claim();
      await intend(first);
      await finish(first.map((one) => rest(one, { waitMs: 0 })));
      const second = await claim();
      await intend(second, { ...seenCopy, folderId: 'recoverable' });
      await finish(second.map((one) => rest(one, { waitMs: 0 })));
      expect((await claim())[0]).toMatchObject({ intentAt: AT, before: { folderId: 'inbox' } });
    });

    it('taken back is as if it had never been: the copy may be skipped, and the next picture is a new one', async () => {
      await start([item('box0', 0), item('box1', 1)]);
      const first = await claim();
      await intend(first);
      await finish(first.map((one) => rest(one, { waitMs: 0, takenBack: { before: one.before } })));
      expect((await claim(1))[0]).toMatchObject({ intentAt: null, before: null });
      expect(seqs(await store.transact((tx) => tx.work.skip('r1', 'all', 'cancelled', 'left alone')))).toEqual([1]);
    });

    it('taken back leaves what is to be put back as it was given', async () => {
      const before = { ...seenCopy, folderId: 'archive' };
      await start([{ ...item('box0', 0), before }]);
      const first = await claim();
      await intend(first);
      await finish(first.map((one) => rest(one, { waitMs: 0, takenBack: { before: one.before } })));
      expect((await claim())[0]).toMatchObject({ intentAt: null, before });
    });

    it('gives way to a picture that the end brings: what is to be put back then is told with what was seen since', async () => {
      await start(itemsOf(2, 2));
      const held = await claim(2);
      await intend(held);
      const asPut = { isRead: true, flag: 'flagged', flagDates: null, categories: ['Mine'] };
      const end = { done: true, outcome: 'removed', detail: '', requestId: '' } as const;
      await finish(
        held.map(({ seq, fence }) => ({
          ...{ seq, fence, ...end },
          before: seq === 0 ? { ...seenCopy, junk: 'inside', asPut } : undefined,
        })),
      );
      const kept = await store.transact((tx) => tx.work.all('r1', 'removed'));
      expect(kept.map(({ before }) => before)).toEqual([{ ...seenCopy, junk: 'inside', asPut }, seenCopy]);
    });

    it('is not written under a lease that ran out, even where nobody else has taken the copy', async () => {
      await start(itemsOf(1, 1));
      expect(await intend(await claim(1, 'r1', -1))).toEqual([]);
    });

    it('is not written for what is done', async () => {
      await start(itemsOf(1, 1));
      const held = await claim();
      await finish(held.map((one) => done(one)));
      expect(await intend(held)).toEqual([]);
    });
  });

  describe('counting a run', () => {
    it('says how many are open and what was seen', async () => {
      await start(itemsOf(5, 1));
      const [a, b] = await claim(2);
      await finish([done(a as WorkItem), done(b as WorkItem, { outcome: 'stillThere' })]);
      const outcomes = { ...noOutcomes(), removed: 1, stillThere: 1 };
      expect(await counts()).toEqual({ total: 5, open: 3, resting: 0, outcomes });
    });

    it('names the mailboxes behind an outcome, each once, the first few of each, and counts them all', async () => {
      await start([item('zoe', 0), item('ann', 1), item('ann', 2), item('bob', 3), item('cas', 4), item('dee', 5)]);
      const held = await claim();
      const outcomes = ['failed', 'stillThere', 'stillThere', 'stillThere', 'stillThere', 'removed'] as const;
      await finish(held.map((one) => done(one, { outcome: outcomes[one.seq] ?? 'failed' })));
      const behind = await store.transact((tx) => tx.work.troubled('r1', ['stillThere', 'notAllowed', 'failed'], 2));
      expect(behind).toEqual([
        { outcome: 'stillThere', addresses: ['ann@contoso.example', 'bob@contoso.example'], mailboxes: 3 },
        { outcome: 'failed', addresses: ['zoe@contoso.example'], mailboxes: 1 },
      ]);
    });

    it('says when the next copy is due', async () => {
      await start(itemsOf(1, 1));
      const due = () => store.transact((tx) => tx.work.nextDueMs('r1'));
      const now = await due();
      const [one] = await claim();
      const leased = await due();
      await finish([done(one as WorkItem)]);
      expect([now, (leased ?? 0) > 0 && (leased ?? 0) <= LEASE_MS, await due()]).toEqual([0, true, null]);
    });

    it('says how long a resting copy rests', async () => {
      await start(itemsOf(1, 1));
      await finish((await claim()).map((one) => rest(one, { waitMs: 900_000 })));
      const due = await store.transact((tx) => tx.work.nextDueMs('r1'));
      expect((due ?? 0) > 0 && (due ?? 0) <= 900_000).toBe(true);
    });

    it('says what became of each copy, and why where it failed', async () => {
      await start(itemsOf(3, 1));
      await start(itemsOf(1, 1), 'r2');
      const [first, second] = (await claim(2)) as [WorkItem, WorkItem];
      await finish([done(first), done(second, { outcome: 'failed', detail: '503 busy' })]);
      const ends = await store.transact((tx) => tx.work.ends('r1'));
      expect(Object.fromEntries(ends)).toEqual({
        'box0 box0-0': { outcome: 'removed', detail: null },
        'box1 box1-1': { outcome: 'failed', detail: '503 busy' },
        'box2 box2-2': { outcome: 'waiting', detail: null },
      });
    });

    it('holds ten thousand copies', async () => {
      await start(itemsOf(10_000, 1));
      const page = await store.transact((tx) => tx.work.page('r1', 9_990, 20));
      expect([(await counts()).total, page.length, (await claim(400)).length]).toEqual([10_000, 10, 400]);
    });

    it('a run without copies has nothing due', async () => {
      await start([]);
      expect([(await counts()).total, await store.transact((tx) => tx.work.nextDueMs('r1'))]).toEqual([0, null]);
    });
  });
}
