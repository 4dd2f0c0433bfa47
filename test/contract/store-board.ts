import { describe, expect, it } from 'vitest';
import { noOutcomes } from '../../src/core/action/outcome.ts';
import type { Incident } from '../../src/core/incident/incident.ts';
import { DIGEST, planOf, voteOf } from '../support/cases.ts';
import { filedAs, sealed } from '../support/sealed-plans.ts';
import { AT, done, itemsOf, LEASE_MS, run, type StoreRig } from './store-rig.ts';

/** Many incidents at once, and who was called to which of them. */

const OTHER = 'f'.repeat(64);
const at = (hour: number) => `2026-11-20T${String(hour).padStart(2, '0')}:00:00.000Z`;

export function boardContract(rig: StoreRig): void {
  const { store, incident } = rig;
  const there = (id: string, change: Partial<Incident> = {}) =>
    store.transact(async (tx) => {
      await tx.incidents.createOrRepeat({ ...incident(id), deadline: null, ...change });
    });
  const rank = (ranks: Readonly<Record<string, number>>) =>
    store.transact(async (tx) => {
      for (const [id, one] of Object.entries(ranks)) await tx.board.rank(id, one);
    });
  const ids = (found: { readonly incidents: readonly Incident[] }) => found.incidents.map(({ id }) => id);

  describe('what is open', () => {
    it('comes with what ranks highest in front, and is counted where there is more', async () => {
      await there('CB-1');
      await there('CB-2', { state: 'received' });
      await there('CB-3');
      await there('CB-4', { state: 'running' });
      await there('CB-5', { state: 'closed' });
      await rank({ 'CB-2': -3, 'CB-3': -1.5, 'CB-4': -1, 'CB-1': -470_000.25, 'CB-5': 9 });
      const found = await store.transact((tx) => tx.board.open(3));
      expect([ids(found), found.total]).toEqual([['CB-4', 'CB-3', 'CB-2'], 4]);
    });

    it('comes by their names where nothing else tells them apart', async () => {
      for (const id of ['CB-6', 'CB-4', 'CB-2', 'CB-5', 'CB-1']) await there(id);
      await rank({ 'CB-5': 1 });
      const open = async (limit: number) => ids(await store.transact((tx) => tx.board.open(limit)));
      const order = ['CB-5', 'CB-1', 'CB-2', 'CB-4', 'CB-6'];
      expect([await open(10), await open(2)]).toEqual([order, order.slice(0, 2)]);
    });
  });

  it('who followed its link is the most that anybody saw', async () => {
    await there('CB-1');
    const clicked = async (people: number) => {
      await store.transact((tx) => tx.board.clicked('CB-1', people));
      return (await store.transact((tx) => tx.incidents.get('CB-1')))?.clicked;
    };
    expect([await clicked(3), await clicked(2), await clicked(5)]).toEqual([3, 3, 5]);
  });

  it('what is open comes a few at a time, by name, with where it stands', async () => {
    for (const id of ['CB-3', 'CB-1', 'CB-2']) await there(id);
    await there('CB-4', { state: 'closed' });
    await rank({ 'CB-2': -7.25 });
    const page = async (after: string, limit: number) =>
      (await store.transact((tx) => tx.board.openAfter(after, limit))).map(({ incident: { id }, rank: one }) => [
        id,
        one,
      ]);
    expect([await page('', 2), await page('CB-2', 2)]).toEqual([
      [
        ['CB-1', 0],
        ['CB-2', -7.25],
      ],
      [['CB-3', 0]],
    ]);
  });

  describe('what ended', () => {
    it('comes newest first, from that time on, without what people called not malicious', async () => {
      await there('CB-1', { state: 'settled', updatedAt: at(1) });
      await there('CB-2', { state: 'settled', updatedAt: at(3) });
      await there('CB-3', { state: 'closed', updatedAt: at(4) });
      await there('CB-4', { state: 'closed', updatedAt: at(5), closedBy: 'Approver 1' });
      await there('CB-5', { state: 'open', updatedAt: at(6) });
      const found = await store.transact((tx) => tx.board.ended(at(2), 10));
      expect([ids(found), found.total]).toEqual([['CB-3', 'CB-2'], 2]);
      expect((await store.transact((tx) => tx.board.ended(at(2), 1))).total).toBe(2);
    });

    it('comes so whatever was made first, and by their names where it ended in one moment', async () => {
      for (const [id, hour] of [
        ['CB-3', 4],
        ['CB-1', 3],
        ['CB-4', 4],
        ['CB-2', 4],
        ['CB-0', 5],
      ] as const)
        await there(id, { state: 'settled', updatedAt: at(hour) });
      const ended = async (limit: number) => ids(await store.transact((tx) => tx.board.ended(at(2), limit)));
      const order = ['CB-0', 'CB-2', 'CB-3', 'CB-4', 'CB-1'];
      expect([await ended(10), await ended(3)]).toEqual([order, order.slice(0, 3)]);
    });

    it('is there however long ago it was, where it was marked', async () => {
      await there('CB-1', { state: 'closed', updatedAt: at(1), closedBy: 'Approver 1', breach: 'differs' });
      expect(ids(await store.transact((tx) => tx.board.ended(at(2), 10)))).toEqual(['CB-1']);
    });
  });

  describe('many at once', () => {
    it('are the named ones that there are', async () => {
      await there('CB-1');
      await there('CB-2');
      const named = (...wanted: string[]) => store.transact((tx) => tx.board.named(wanted));
      expect((await named('CB-1', 'CB-9')).map(({ id }) => id)).toEqual(['CB-1']);
      expect(await named()).toEqual([]);
    });

    it('are plans, as one by one; those that are not stored are left out', async () => {
      const [one, both] = await store.transact(async (tx) => {
        await tx.incidents.savePlan(filedAs(DIGEST, planOf()));
        await tx.incidents.savePlan(filedAs(OTHER, planOf({ copies: [] })));
        return [
          [await tx.incidents.storedPlan(DIGEST), await tx.incidents.storedPlan(OTHER)],
          await tx.incidents.glances([DIGEST, OTHER, 'e'.repeat(64)]),
        ] as const;
      });
      expect([both.get(DIGEST), both.get(OTHER)]).toEqual(one);
      expect(both.size).toBe(2);
      expect(await store.transact((tx) => tx.incidents.glances([]))).toEqual(new Map());
    });

    it('are plans that are whole, with all their rows', async () => {
      const plans = [planOf({ asked: ['a@x.example', 'b@x.example'] }), planOf({ id: 'p2', copies: [] })];
      const filed = plans.map((plan) => sealed(plan));
      const found = await store.transact(async (tx) => {
        for (const plan of filed) await tx.incidents.savePlan(plan);
        return tx.incidents.glances(filed.map(({ digest }) => digest));
      });
      expect(filed.map(({ digest }) => found.get(digest))).toEqual(
        plans.map((plan) => ({ plan, intact: true, newer: false })),
      );
    });

    it('are votes by incident, in their order', async () => {
      const votes = await store.transact(async (tx) => {
        await tx.decisions.add('CB-1', voteOf(2), '');
        await tx.decisions.add('CB-2', voteOf(1), '');
        await tx.decisions.add('CB-1', voteOf(1), '');
        return tx.board.votes(['CB-1', 'CB-2', 'CB-3']);
      });
      const people = (id: string) => votes.get(id)?.map(({ name }) => name);
      expect([people('CB-1'), people('CB-2'), people('CB-3')]).toEqual([
        ['Approver 2', 'Approver 1'],
        ['Approver 1'],
        undefined,
      ]);
      expect(await store.transact((tx) => tx.board.votes([]))).toEqual(new Map());
    });

    it('are what became of the copies of runs', async () => {
      const found = await store.transact(async (tx) => {
        await tx.runs.start(run('r1'), itemsOf(2, 1));
        await tx.runs.start(run('r2'), itemsOf(1, 1));
        const [first] = await tx.work.claim('r1', 1, LEASE_MS);
        if (first) await tx.work.finish('r1', [done(first)]);
        return tx.board.outcomes(['r1', 'r2']);
      });
      expect([...found]).toEqual([['r1', { ...noOutcomes(), removed: 1 }]]);
      expect(await store.transact((tx) => tx.board.outcomes([]))).toEqual(new Map());
    });
  });
}

export function callsContract(rig: StoreRig): void {
  const { store } = rig;
  const STEP = { incident: 'CB-1', question: AT, step: 0 };
  const take = (platform: string, people: readonly string[], step = STEP) =>
    store.transact((tx) => tx.calls.take(step, platform, people, AT));

  describe('a call', () => {
    it('is taken once: the message in its room, and each person in any', async () => {
      expect(await take('slack', ['p1', 'p2', 'p1'])).toEqual({ message: true, people: ['p1', 'p2'] });
      expect(await take('slack', ['p1', 'p3'])).toEqual({ message: false, people: ['p3'] });
      expect(await take('teams', ['p2', 'p4'])).toEqual({ message: true, people: ['p4'] });
      expect(await take('teams', [])).toEqual({ message: false, people: [] });
    });

    it('of another step, another question or another incident is another', async () => {
      await take('slack', ['p1']);
      const all = { message: true, people: ['p1'] };
      expect(await take('slack', ['p1'], { ...STEP, step: -1 })).toEqual(all);
      expect(await take('slack', ['p1'], { ...STEP, question: '2026-11-20T09:00:00.000Z' })).toEqual(all);
      expect(await take('slack', ['p1'], { ...STEP, incident: 'CB-2' })).toEqual(all);
    });

    it('that was certainly not made can be taken again, by whomever', async () => {
      const taken = await take('slack', ['p1', 'p2']);
      await store.transact((tx) => tx.calls.giveBack(STEP, 'slack', { ...taken, people: ['p1'] }));
      expect(await take('teams', ['p1', 'p2'])).toEqual({ message: true, people: ['p1'] });
      expect(await take('slack', [])).toEqual({ message: true, people: [] });
    });

    it('is not given back by who did not take it', async () => {
      await take('slack', ['p1']);
      await store.transact((tx) => tx.calls.giveBack(STEP, 'teams', { message: true, people: ['p1'] }));
      expect(await take('slack', ['p1'])).toEqual({ message: false, people: [] });
    });

    it('made by two at once is made by one', async () => {
      const both = await Promise.all([take('slack', ['p1', 'p2']), take('teams', ['p2', 'p1'])]);
      expect(both.flatMap(({ people }) => people).sort()).toEqual(['p1', 'p2']);
    });

    it('goes with its incident', async () => {
      await take('slack', ['p1']);
      await store.transact((tx) => tx.retention.remove('CB-1'));
      expect(await take('slack', ['p1'])).toEqual({ message: true, people: ['p1'] });
    });
  });

  describe('where somebody did something last', () => {
    const acted = (person: string, platform: string, hour: number) =>
      store.transact((tx) => tx.calls.acted(person, platform, at(hour)));
    it('is known by the time of it, whichever is told first', async () => {
      await acted('p1', 'slack', 2);
      await acted('p1', 'teams', 3);
      await acted('p2', 'teams', 3);
      await acted('p2', 'slack', 2);
      const last = await store.transact((tx) => tx.calls.lastActed(['p1', 'p2', 'p3']));
      expect([...last].sort()).toEqual([
        ['p1', 'teams'],
        ['p2', 'teams'],
      ]);
      expect(await store.transact((tx) => tx.calls.lastActed([]))).toEqual(new Map());
    });
  });
}
