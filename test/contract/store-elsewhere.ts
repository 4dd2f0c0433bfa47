import { describe, expect, it } from 'vitest';
import { LONGEST_REQUEST_MS } from '../../src/core/lease.ts';
import type { WorkItem } from '../../src/ports/runs.ts';
import { AT, done, itemsOf, rest, type StoreRig, seenCopy, seqs } from './store-rig.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Two runs about the same copy: the second begins when nothing of the first can reach it any more. */
export function elsewhereContract({ store, claim, finish, start }: StoreRig): void {
  const dueMs = (run: string) => store.transact(async (tx) => (await tx.work.nextDueMs(run)) ?? -1);
  const intend = (items: readonly WorkItem[], run = 'r1', at = AT) =>
    store.transact((tx) =>
      tx.work.intend(
        run,
        items.map(({ seq, fence }) => ({ seq, fence, before: seenCopy })),
        at,
      ),
    );
  const both = async () => {
    await start(itemsOf(1, 1));
    await start(itemsOf(1, 1), 'r2');
  };
  /** A holder that intended something and was frozen past its lease. */
  const frozen = async (run = 'r1') => {
    const held = await claim(1, run, 250);
    expect(await intend(held, run)).toEqual([0]);
    await pause(300);
    return held;
  };

  describe('a copy in two runs', () => {
    it('is in one hand at a time', async () => {
      await both();
      expect([seqs(await claim()), seqs(await claim(1, 'r2'))]).toEqual([[0], []]);
      expect(await dueMs('r2')).toBeGreaterThan(0);
      expect(await dueMs('r2')).toBeLessThanOrEqual(1_000);
    });

    it('goes to the second soon after the first is done with it', async () => {
      await both();
      const held = await claim();
      await claim(1, 'r2');
      await finish(held.map((one) => done(one)));
      await pause((await dueMs('r2')) + 20);
      expect(seqs(await claim(1, 'r2'))).toEqual([0]);
    });

    it('goes to the second at once where the first had an answer to everything', async () => {
      await both();
      const held = await claim();
      await intend(held);
      await finish(held.map((one) => done(one)));
      expect(seqs(await claim(1, 'r2'))).toEqual([0]);
    });

    it('waits where the lease of the first has only just ended: a request of it may be under way', async () => {
      await both();
      await claim(1, 'r1', -1);
      expect(await claim(1, 'r2')).toEqual([]);
      expect(await dueMs('r2')).toBeGreaterThan(LONGEST_REQUEST_MS - 10_000);
      expect(await dueMs('r2')).toBeLessThanOrEqual(LONGEST_REQUEST_MS);
    });

    it('waits where the first was overtaken in the middle, however soon somebody else finished', async () => {
      await start(itemsOf(1, 1));
      await frozen();
      await finish((await claim()).map((one) => done(one)));
      await start(itemsOf(1, 1), 'r2');
      expect(await claim(1, 'r2')).toEqual([]);
      expect(await dueMs('r2')).toBeGreaterThan(LONGEST_REQUEST_MS - 10_000);
    });

    it('waits where a request of the first was given up on', async () => {
      await both();
      await finish((await claim()).map((one) => done(one, { outcome: 'stillThere', inTheAir: true })));
      expect(await claim(1, 'r2')).toEqual([]);
      expect(await dueMs('r2')).toBeGreaterThan(LONGEST_REQUEST_MS - 10_000);
    });

    it('waits where a request of the first was given up on, and the first is to try again', async () => {
      await both();
      await finish((await claim()).map((one) => rest(one, { inTheAir: true })));
      expect(await claim(1, 'r2')).toEqual([]);
      expect(await dueMs('r2')).toBeGreaterThan(LONGEST_REQUEST_MS - 10_000);
    });

    it('is told with every run that holds it, and with what became of it there', async () => {
      await start(itemsOf(2, 1));
      await start(itemsOf(1, 1), 'r2');
      await finish((await claim()).map((one) => done(one)));
      const [copy] = itemsOf(1, 1);
      const asked = copy ? [copy, copy, { mailbox: copy.mailbox, message: 'another' }] : [];
      const held = await store.transact((tx) => tx.work.holders(asked));
      const own = { mailbox: copy?.mailbox, message: copy?.message };
      expect(held).toEqual([
        { run: 'r1', ...own, outcome: 'removed' },
        { run: 'r2', ...own, outcome: null },
      ]);
      expect(await store.transact((tx) => tx.work.holders([]))).toEqual([]);
    });

    it('the same run does not wait for itself', async () => {
      await start(itemsOf(1, 1));
      await finish((await claim()).map((one) => rest(one, { waitMs: 0, inTheAir: true })));
      expect(seqs(await claim(1, 'r1', -1))).toEqual([0]);
      expect(seqs(await claim())).toEqual([0]);
    });
  });

  describe('a copy in doubt', () => {
    const inDoubt = (run: string) => store.transact(async (tx) => seqs(await tx.work.inDoubt(run)));
    const runsInDoubt = (run: string) => store.transact((tx) => tx.work.runsInDoubt(run));

    it('is none that was answered in time', async () => {
      await both();
      const held = await claim();
      await intend(held);
      await finish(held.map((one) => done(one)));
      expect([await inDoubt('r1'), await inDoubt('r2'), await runsInDoubt('r1')]).toEqual([[], [], []]);
    });

    it('is known in every run that holds it', async () => {
      await start(itemsOf(2, 1));
      await start(itemsOf(2, 1), 'r2');
      await frozen();
      await claim();
      expect([await inDoubt('r1'), await inDoubt('r2')]).toEqual([[0], [0]]);
      expect([await runsInDoubt('r1'), await runsInDoubt('r2')]).toEqual([['r2'], []]);
    });

    it('is told apart from one that another run set out to act on later', async () => {
      const later = (run: string) => store.transact((tx) => tx.work.actedOnLater(run));
      await start(itemsOf(2, 1));
      await start(itemsOf(2, 1), 'r2');
      const first = await claim(1);
      await intend(first);
      await finish(first.map((one) => done(one)));
      expect([await later('r1'), await later('r2')]).toEqual([[], []]);
      const second = await claim(2, 'r2');
      await intend(second, 'r2', '2099-01-01T00:00:00.000Z');
      expect([await later('r1'), await later('r2')]).toEqual([[0], []]);
      const since = (at: string) => store.transact((tx) => tx.work.actedOnSince('r1', at));
      expect([await since(AT), await since('2099-01-01T00:00:00.000Z')]).toEqual([[0, 1], []]);
    });

    it('is told apart by whose request it was', async () => {
      const own = (run: string) => store.transact(async (tx) => seqs(await tx.work.ownDoubts(run)));
      await start(itemsOf(2, 1));
      await start(itemsOf(2, 1), 'r2');
      await store.transact((tx) => tx.work.doubt('r1', [1]));
      expect([await own('r1'), await own('r2')]).toEqual([[1], []]);
      const doubtedBy = (run: string) => store.transact((tx) => tx.work.doubtedBy(run));
      expect([await doubtedBy('r1'), await doubtedBy('r2')]).toEqual([[], [{ seq: 1, run: 'r1' }]]);
    });

    it('is none where nothing could come any more when the other run set out to act', async () => {
      await start(itemsOf(1, 1));
      await start(itemsOf(1, 1), 'r2');
      await store.transact((tx) => tx.work.doubt('r1', [0]));
      await intend(await claim(1, 'r2'), 'r2', '2099-01-01T00:00:00.000Z');
      expect([await inDoubt('r1'), await inDoubt('r2')]).toEqual([[0], []]);
      expect(await store.transact((tx) => tx.work.doubtedBy('r2'))).toEqual([]);
    });

    it('is corrected by what is seen later, where it still stands as it was told', async () => {
      await start(itemsOf(2, 1));
      const [first, second] = await claim();
      if (!first || !second) throw new Error('two were to be claimed');
      await finish([done(first, { outcome: 'stillThere' }), done(second, { outcome: 'failed' })]);
      const corrections = [first, second].map(({ seq }) => ({
        ...({ seq, was: 'stillThere', outcome: 'removed' } as const),
        ...{ detail: 'seen later', requestId: 'r2' },
      }));
      expect(await store.transact((tx) => tx.work.correct('r1', corrections))).toEqual([0]);
      const items = await store.transact((tx) => tx.work.page('r1', 0, 10));
      expect(items.map(({ outcome, detail }) => [outcome, detail])).toEqual([
        ['removed', 'seen later'],
        ['failed', 'seen'],
      ]);
    });

    it('is one that was answered late, whoever holds it by now', async () => {
      await start(itemsOf(2, 1));
      await store.transact((tx) => tx.work.doubt('r1', [1]));
      expect(await inDoubt('r1')).toEqual([1]);
      expect(seqs(await claim())).toEqual([0, 1]);
    });
  });
}
