import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createBatcher } from '../../src/adapters/graph/batch.ts';

/** How many batches leave at once follows what those before were answered. */

interface Asked {
  readonly requests: readonly { readonly id: string }[];
}

/** The most batches that were under way together, in each of several rounds of requests about as many mailboxes. */
async function mostAtOnce(status: number, rounds: number): Promise<number[]> {
  let underWay = 0;
  let most = 0;
  const headers = status === 429 ? { 'Retry-After': '1' } : {};
  const post = async (_path: string, { requests }: Asked) => {
    underWay += 1;
    if (underWay > most) most = underWay;
    await pause(2);
    underWay -= 1;
    const responses = requests.map(({ id }) => ({ id, status, headers, body: {} }));
    return { status: 200, requestId: 'r', headers: new Headers(), body: { responses } };
  };
  const batcher = createBatcher({ client: { post } as never, clock: () => 0, ids: () => 'r' });
  const seen: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    most = 0;
    const lanes = Array.from({ length: 600 }, (_none, n) => `mailbox ${round} ${n}`);
    await Promise.all(lanes.map((lane) => batcher.send(lane, { operation: 'read', method: 'GET', path: '/x' })));
    seen.push(most);
  }
  return seen;
}

test('more leave at once where Graph answers all of them', async () => {
  const [first = 0, second = 0] = await mostAtOnce(200, 2);
  expect([first > 6, second >= first]).toEqual([true, true]);
});

test('fewer leave at once where Graph asks to wait', async () => {
  const [first = 0, second = 0] = await mostAtOnce(429, 2);
  expect([first, second < first]).toEqual([6, true]);
});
