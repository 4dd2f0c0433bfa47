import { describe, expect, it } from 'vitest';
import type { Run } from '../../src/ports/runs.ts';
import { policyOf } from '../support/cases.ts';
import { AT, run, type StoreRig } from './store-rig.ts';

/** Policies that plans were made under, and what their caps count. */
export function policyContract({ store }: StoreRig): void {
  describe('policies', () => {
    const adopt = (digest: string, policy = policyOf(1, 1)) =>
      store.transact((tx) => tx.policies.adopt(digest, policy, AT));
    const get = (digest: string) => store.transact((tx) => tx.policies.get(digest));

    it('come back as they were adopted, with the people of the approvers list in their role', async () => {
      await adopt('one', policyOf(3, 2));
      expect(await get('one')).toEqual(policyOf(3, 2));
    });

    it('that nobody adopted are not there', async () => {
      await adopt('one');
      expect(await get('two')).toBeNull();
    });

    it('the first one follows none', async () => {
      expect(await adopt('one')).toBeNull();
    });

    it('each answers the one before it, which stays for the plans that were made under it', async () => {
      await adopt('one', policyOf(1, 1));
      const before = await adopt('two', policyOf(2, 2));
      expect([before, await get('one')]).toEqual([{ digest: 'one', policy: policyOf(1, 1) }, policyOf(1, 1)]);
    });

    it('adopted again answers itself', async () => {
      await adopt('one');
      await adopt('two', policyOf(2, 2));
      expect((await adopt('two', policyOf(2, 2)))?.digest).toBe('two');
    });

    it('an earlier one can come back', async () => {
      await adopt('one');
      await adopt('two', policyOf(2, 2));
      await adopt('one');
      expect((await adopt('three', policyOf(3, 3)))?.digest).toBe('one');
    });

    it('ten processes that start at once have one first policy', async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => adopt('one')));
      expect(answers.filter((before) => before === null)).toHaveLength(1);
    });

    it('ten different ones at once follow each other in one line', async () => {
      await adopt('one');
      const answers = await Promise.all(Array.from({ length: 10 }, (_none, n) => adopt(`edit ${n}`)));
      expect(new Set(answers.map((before) => before?.digest)).size).toBe(10);
    });

    it('ten processes that see the same edit at once make one change of it', async () => {
      await adopt('one');
      const answers = await Promise.all(Array.from({ length: 10 }, () => adopt('two', policyOf(2, 2))));
      expect(answers.filter((before) => before?.digest === 'one')).toHaveLength(1);
    });
  });

  describe('what caps count', () => {
    const HOUR_AGO = '2026-11-20T07:00:00.000Z';
    const usage = async (change: Partial<Run>) => {
      await store.transact((tx) => tx.runs.start({ ...run('r1'), ...change }, []));
      return store.transact((tx) => tx.runs.usage(HOUR_AGO));
    };

    it.each<[string, Partial<Run>]>([
      ['an approved purge', {}],
      ['a containment that no one approved', { action: 'contain', cause: 'policy', approvedBy: [] }],
      ['a run that has ended', { state: 'finished', finishedAt: AT }],
      ['the first moment after', { startedAt: '2026-11-20T07:00:00.001Z' }],
    ])('%s, by its mailboxes and people', async (_name, change) => {
      const { approvedBy } = { ...run('r1'), ...change };
      expect(await usage({ ...change, mailboxes: 7 })).toEqual([{ approvedBy, mailboxes: 7 }]);
    });

    it.each<[string, Partial<Run>]>([
      ['an undo', { action: 'restore' }],
      ['a roll-back', { action: 'restore', cause: 'roll-back' }],
      ['an approved purge once more, because something came late', { cause: 'late' }],
      ['a dry run', { mode: 'dry-run' }],
      ['a run at the very start of the hour', { startedAt: HOUR_AGO }],
      ['an older run', { startedAt: '2026-11-20T06:59:59.999Z' }],
    ])('is not %s', async (_name, change) => {
      expect(await usage(change)).toEqual([]);
    });
  });

  describe('runs', () => {
    it('come back as they were started', async () => {
      const started: Run = { ...run('r1'), mode: 'dry-run', cause: 'roll-back', mailboxes: 12, approvedBy: [] };
      await store.transact((tx) => tx.runs.start(started, []));
      expect(await store.transact((tx) => tx.runs.get('r1'))).toEqual(started);
    });

    it('remember that their scope was looked at again, each for itself', async () => {
      await store.transact(async (tx) => {
        await tx.runs.start(run('r1'), []);
        await tx.runs.start(run('r2'), []);
        await tx.runs.rescoped('r1', AT);
      });
      const runs = await store.transact((tx) => tx.runs.ofIncident('CB-0001'));
      expect(runs.map(({ rescopedAt, state }) => [rescopedAt, state])).toEqual([
        [AT, 'running'],
        [null, 'running'],
      ]);
    });
  });
}
