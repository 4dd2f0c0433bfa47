import { afterAll, beforeAll, expect, it } from 'vitest';
import { sweep } from '../../src/flow/sweep.ts';
import { type Night, startNight } from '../support/desk-of-the-night.ts';

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
