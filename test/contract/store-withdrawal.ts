import { describe, expect, it } from 'vitest';
import type { WorkItem } from '../../src/ports/runs.ts';
import { voteOf } from '../support/cases.ts';
import { AT, done, item, itemsOf, rest, type StoreRig, seenCopy, seqs } from './store-rig.ts';

/** Copies that are not to be touched any more, and copies that were claimed and are not touched yet. */
export function withdrawalContract({ store, claim, finish, start, counts }: StoreRig): void {
  describe('a decision that is taken back', () => {
    const add = (vote = voteOf(1), staleBefore = '') =>
      store.transact((tx) => tx.decisions.add('CB-0001', vote, staleBefore));
    const withdraw = (vote = voteOf(1)) =>
      store.transact((tx) => tx.decisions.withdraw('CB-0001', vote.planDigest, vote.action, vote.person));

    it('is no decision any more, and may be made anew', async () => {
      await add();
      await withdraw();
      expect(await store.transact((tx) => tx.decisions.list('CB-0001'))).toEqual([]);
      expect(await add(voteOf(1, { platform: 'teams' }))).toBe(true);
    });

    it.each([
      ['of another plan', { planDigest: 'f'.repeat(64) }],
      ['about something else', { action: 'reject' as const }],
      ['of another person', { person: 'somebody else' }],
    ])('to take back one %s leaves it', async (_which, change) => {
      await add();
      await withdraw(voteOf(1, change));
      expect(await store.transact((tx) => tx.decisions.list('CB-0001'))).toHaveLength(1);
    });

    it('and made anew is the last in the list', async () => {
      for (const n of [1, 2]) await add(voteOf(n));
      await withdraw();
      await add();
      const people = (await store.transact((tx) => tx.decisions.list('CB-0001'))).map(({ person: who }) => who);
      expect(people).toEqual([voteOf(2).person, voteOf(1).person]);
    });
  });

  describe('skipping', () => {
    const skip = (mailboxes: readonly string[] | 'all', of = 'r1') =>
      store.transact((tx) => tx.work.skip(of, mailboxes, 'shielded', 'protected now'));

    it('ends what is open in these mailboxes, and says what it was', async () => {
      await start([...itemsOf(2, 2), item('other', 9)]);
      const skipped = await skip(['box1', 'other', 'nowhere']);
      expect([seqs(skipped), skipped[0], await counts()]).toMatchObject([
        [2, 3, 4],
        { mailbox: 'box1', outcome: 'shielded', detail: 'protected now', attempts: 0 },
        { open: 2, outcomes: { shielded: 3 } },
      ]);
    });

    it('what was skipped is never claimed', async () => {
      await start(itemsOf(2, 1));
      await skip(['box0']);
      expect(seqs(await claim())).toEqual([1]);
    });

    it('leaves what somebody holds', async () => {
      await start(itemsOf(1, 2));
      const held = await claim(1);
      expect([seqs(await skip(['box0'])), await finish(held.map((one) => done(one)))]).toEqual([[1], [0]]);
    });

    it('leaves what an effect was intended for: only a look can tell what became of it', async () => {
      await start(itemsOf(1, 1));
      const held = await claim();
      await store.transact((tx) =>
        tx.work.intend(
          'r1',
          held.map(({ seq, fence }) => ({ seq, fence, before: seenCopy })),
          AT,
        ),
      );
      await finish(held.map((one) => rest(one, { waitMs: 0 })));
      expect(await skip(['box0'])).toEqual([]);
    });

    it('takes what rests too', async () => {
      await start(itemsOf(1, 1));
      await finish((await claim()).map((one) => rest(one)));
      expect(seqs(await skip(['box0']))).toEqual([0]);
    });

    it('leaves what is done as it ended', async () => {
      await start(itemsOf(1, 1));
      await finish((await claim()).map((one) => done(one)));
      expect([await skip(['box0']), (await counts()).outcomes]).toMatchObject([[], { removed: 1, shielded: 0 }]);
    });

    it('of one run leaves the others', async () => {
      await start(itemsOf(1, 1));
      await start(itemsOf(1, 1), 'r2');
      await skip(['box0'], 'r2');
      expect(seqs(await claim())).toEqual([0]);
    });

    it('of all mailboxes ends whatever nobody holds', async () => {
      await start([...itemsOf(2, 1), item('other', 9)]);
      const held = await claim(1);
      expect([seqs(await skip('all')), seqs(held)]).toEqual([[1, 2], [0]]);
    });

    it('tells what it skipped as it was found, whatever was tried in between', async () => {
      await start(itemsOf(3, 1));
      await finish((await claim(2)).toReversed().map((one) => rest(one)));
      const skipped = await store.transact((tx) => tx.work.skip('r1', 'all', 'cancelled', 'stopped'));
      expect(seqs(skipped)).toEqual([0, 1, 2]);
    });

    it('of no mailbox skips nothing', async () => {
      await start(itemsOf(1, 1));
      expect(await skip([])).toEqual([]);
    });

    it('beside twenty claims: each copy is either held or skipped', async () => {
      await start(itemsOf(40, 2));
      const all = Array.from({ length: 40 }, (_none, n) => `box${n}`);
      const [skipped, ...taken] = await Promise.all([skip(all), ...Array.from({ length: 20 }, () => claim(3))]);
      const both = [...seqs(skipped), ...taken.flatMap((some) => seqs(some))];
      expect([both.length, new Set(both).size]).toEqual([80, 80]);
    });
  });

  describe('giving back', () => {
    const release = (held: readonly WorkItem[]) => store.transact((tx) => tx.work.release('r1', held));

    it('lets the next one have the copy at once, as if nobody had tried', async () => {
      await start(itemsOf(1, 1));
      await release(await claim());
      expect(await claim()).toMatchObject([{ seq: 0, attempts: 1, intentAt: null, outcome: null }]);
    });

    it('takes the right to finish away', async () => {
      await start(itemsOf(1, 1));
      const held = await claim();
      await release(held);
      expect([await finish(held.map((one) => done(one))), (await counts()).open]).toEqual([[], 1]);
    });

    it('after the lease was lost changes nothing', async () => {
      await start(itemsOf(1, 1));
      const late = await claim(1, 'r1', -1);
      const holder = await claim();
      await release(late);
      expect([await claim(), await finish(holder.map((one) => done(one)))]).toEqual([[], [0]]);
    });

    it('gives back what is named and keeps the rest', async () => {
      await start(itemsOf(1, 3));
      const held = await claim();
      await release(held.slice(1));
      expect([seqs(await claim()), await finish(held.slice(0, 1).map((one) => done(one)))]).toEqual([[1, 2], [0]]);
    });

    it('what is done stays done', async () => {
      await start(itemsOf(1, 1));
      const held = await claim();
      await finish(held.map((one) => done(one)));
      await release(held);
      expect([await claim(), (await counts()).outcomes.removed]).toEqual([[], 1]);
    });

    it('of nothing changes nothing', async () => {
      await start(itemsOf(1, 1));
      await claim();
      await release([]);
      expect(await claim()).toEqual([]);
    });
  });
}
