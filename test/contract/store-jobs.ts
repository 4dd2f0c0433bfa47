import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../src/ports/jobs.ts';
import type { DatabaseRig } from './store-rig.ts';

const MINUTE = 60_000;

/** When queued work is due, whoever asks for it again. Nobody works here: what is queued stays to be looked at. */
export function jobsContract({ store, tenant, woken, database }: DatabaseRig): void {
  const send = (job: Job, afterMs?: number) => store.transact((tx) => tx.jobs.send(job, afterMs));
  const run = (id: string): Job => ({ queue: 'run', run: id });
  /** Minutes from now on, rounded, in the order in which they were queued. */
  const due = async () => {
    const { rows } = await sql<{ minutes: string }>`
      select round(extract(epoch from start_after - now()) / 60)::text as minutes from pgboss.job
       where data->>'tenant' = ${tenant()} order by created_on, data->>'run'`.execute(database().db);
    return rows.map(({ minutes }) => Number(minutes));
  };

  describe('queued work', () => {
    it('that is wanted later is due then', async () => {
      await send(run('r1'), 10 * MINUTE);
      expect(await due()).toEqual([10]);
    });

    it.each<[string, number | undefined]>([
      ['at once', undefined],
      ['some time ago', -10 * MINUTE],
    ])('that is wanted %s is due, and its workers are woken', async (_when, afterMs) => {
      await send(run('r1'), afterMs);
      expect([await due(), woken()]).toEqual([[0], ['run']]);
    });

    it('that is wanted later wakes nobody', async () => {
      await send(run('r1'), 1);
      expect(woken()).toEqual([]);
    });

    it.each<[string, number | undefined, number]>([
      ['at once', undefined, 0],
      ['some time ago', -10 * MINUTE, 0],
      ['sooner', 5 * MINUTE, 5],
      ['later', 20 * MINUTE, 10],
    ])('that comes again by itself, and is wanted %s, is due after %s', async (_when, afterMs, minutes) => {
      await send(run('r1'), 10 * MINUTE);
      await send(run('r2'), 10 * MINUTE);
      await send(run('r1'), afterMs);
      expect(await due()).toEqual([minutes, 10]);
    });

    it.each<[string, Job, readonly Job[]]>([
      ['a list to be made', { queue: 'scope', incident: 'CB-1' }, [{ queue: 'scope', incident: 'CB-2' }]],
      ['an end', { queue: 'expire', incident: 'CB-1' }, [{ queue: 'expire', incident: 'CB-2' }]],
      ['a reminder', { queue: 'remind', incident: 'CB-1' }, [{ queue: 'remind', incident: 'CB-2' }]],
      ['a run', run('r1'), [run('r2')]],
      ['a look beside a run', { queue: 'rescope', run: 'r1' }, [{ queue: 'rescope', run: 'r2' }]],
      ['what is done elsewhere', { queue: 'elsewhere', run: 'r1' }, [{ queue: 'elsewhere', run: 'r2' }]],
      ['what came late', { queue: 'late', run: 'r1' }, [{ queue: 'late', run: 'r2' }]],
      ['what automation took out', { queue: 'automation' }, [{ queue: 'pull', source: 's' }]],
      ['a source', { queue: 'pull', source: 's' }, [{ queue: 'pull', source: 't' }]],
      [
        'help with a search',
        { queue: 'search', incident: 'CB-1', name: 'n', nth: 1 },
        [
          { queue: 'search', incident: 'CB-2', name: 'n', nth: 1 },
          { queue: 'search', incident: 'CB-1', name: 'm', nth: 1 },
          { queue: 'search', incident: 'CB-1', name: 'n', nth: 2 },
        ],
      ],
      [
        'a card',
        { queue: 'deliver', incident: 'CB-1', platform: 'slack' },
        [
          { queue: 'deliver', incident: 'CB-2', platform: 'slack' },
          { queue: 'deliver', incident: 'CB-1', platform: 'teams' },
        ],
      ],
      [
        'a second look',
        { queue: 'look', incident: 'CB-1', because: 'lag', nth: 1, list: 'd' },
        [
          { queue: 'look', incident: 'CB-2', because: 'lag', nth: 1, list: 'd' },
          { queue: 'look', incident: 'CB-1', because: 'trouble', nth: 1, list: 'd' },
          { queue: 'look', incident: 'CB-1', because: 'lag', nth: 2, list: 'd' },
          { queue: 'look', incident: 'CB-1', because: 'lag', nth: 1, list: 'e' },
        ],
      ],
      [
        'evidence',
        { queue: 'evidence', incident: 'CB-1', list: 'd', nth: 0, forms: [] },
        [
          { queue: 'evidence', incident: 'CB-2', list: 'd', nth: 0, forms: [] },
          { queue: 'evidence', incident: 'CB-1', list: 'e', nth: 0, forms: [] },
          { queue: 'evidence', incident: 'CB-1', list: 'd', nth: 1, forms: [] },
        ],
      ],
      [
        'a look at people',
        { queue: 'people', incident: 'CB-1', list: 'd', because: 'plan', nth: 0, tries: 0 },
        [
          { queue: 'people', incident: 'CB-2', list: 'd', because: 'plan', nth: 0, tries: 0 },
          { queue: 'people', incident: 'CB-1', list: 'e', because: 'plan', nth: 0, tries: 0 },
          { queue: 'people', incident: 'CB-1', list: 'd', because: 'late', nth: 0, tries: 0 },
          { queue: 'people', incident: 'CB-1', list: 'd', because: 'plan', nth: 1, tries: 0 },
          { queue: 'people', incident: 'CB-1', list: 'd', because: 'plan', nth: 0, tries: 1 },
        ],
      ],
      [
        'a call',
        { queue: 'nudge', incident: 'CB-1', platform: 'slack', step: 1 },
        [
          { queue: 'nudge', incident: 'CB-2', platform: 'slack', step: 1 },
          { queue: 'nudge', incident: 'CB-1', platform: 'teams', step: 1 },
          { queue: 'nudge', incident: 'CB-1', platform: 'slack', step: 2 },
          { queue: 'nudge', incident: 'CB-1', platform: 'slack', step: 1, afterQuiet: true },
        ],
      ],
    ])(
      'is queued once however often it is wanted, and beside it whatever is another thing: %s',
      async (_what, job, others) => {
        for (const one of [job, ...others, job, ...others]) await send(one);
        expect((await due()).length).toBe(1 + others.length);
      },
    );

    it('of each kind that comes again by itself is brought forward, and of no other', async () => {
      const jobs: readonly Job[] = [
        { queue: 'automation' },
        { queue: 'deliver', incident: 'CB-0001', platform: 'slack' },
        { queue: 'elsewhere', run: 'r1' },
        { queue: 'evidence', incident: 'CB-0001', list: 'd', nth: 0, forms: [] },
        { queue: 'expire', incident: 'CB-0001' },
        { queue: 'late', run: 'r1' },
        { queue: 'look', incident: 'CB-0001', because: 'lag', nth: 1 },
        { queue: 'nudge', incident: 'CB-0001', platform: 'slack', step: 1 },
        { queue: 'pull', source: 's' },
        { queue: 'remind', incident: 'CB-0001' },
        { queue: 'rescope', run: 'r1' },
        { queue: 'run', run: 'r1' },
        { queue: 'scope', incident: 'CB-0001' },
      ];
      for (const job of jobs) await send(job, 10 * MINUTE);
      for (const job of jobs) await send(job);
      const { rows } = await sql<{ name: string }>`
        select name from pgboss.job where data->>'tenant' = ${tenant()} and start_after <= now() order by name`.execute(
        database().db,
      );
      expect(rows.map(({ name }) => name)).toEqual(['deliver', 'expire', 'run']);
    });
  });
}
