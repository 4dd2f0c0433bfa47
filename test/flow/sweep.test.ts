import { afterAll, beforeAll, expect, it } from 'vitest';
import { sweep, tidy } from '../../src/flow/sweep.ts';
import { ticketOf } from '../contract/store-everything.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';

const DAY = 86_400_000;

/** No workers: what the sweep asks for is seen in the queue's own words. */
let night: Night;
let asked: string[] = [];
beforeAll(async () => {
  night = await startNight({ workers: false });
  await night.alert();
});
afterAll(() => night.close());

async function swept(when: 'at start' | 'later'): Promise<string[]> {
  asked = [];
  const { store } = night.flow;
  const watched = {
    ...night.flow,
    store: {
      transact: <T>(work: Parameters<typeof store.transact<T>>[0]) =>
        store.transact<T>((tx) =>
          work({
            ...tx,
            jobs: {
              send: (job) => {
                asked.push(job.queue);
                return Promise.resolve();
              },
            },
          }),
        ),
    },
  };
  await sweep(watched, when);
  return asked;
}

it('at start, everything unfinished is asked for', async () => {
  expect(await swept('at start')).toContain('scope');
});

it('later, what may be under way is not asked for a second time', async () => {
  expect(await swept('later')).not.toContain('scope');
});

it('later, what has gone quiet is picked up', async () => {
  night.clock.now += 200_000;
  expect(await swept('later')).toContain('scope');
});

it('what no check asks for any more is forgotten after two days, and not before', async () => {
  const { store, clock } = night.flow;
  const at = clock.now();
  const ticket = (id: string) => tx((all) => all.tickets.lock(id));
  const tx = store.transact;
  const claims = () =>
    tx(async (all) => [
      (await all.incidents.claimDelivery({ source: 's', id: 'd' }, 'b'.repeat(64), clock.now())).fresh,
      await all.replays.claim('slack', 'k', clock.now()),
    ]);
  expect(await claims()).toEqual([true, true]);
  await tx((all) => all.tickets.add(ticketOf('t1', { expiresAt: at })));
  night.clock.now += 2 * DAY;
  await tidy(night.flow);
  expect([await claims(), (await ticket('t1'))?.id]).toEqual([[false, false], 't1']);
  night.clock.now += 1;
  await tidy(night.flow);
  expect([await ticket('t1'), await claims()]).toEqual([null, [true, true]]);
});
