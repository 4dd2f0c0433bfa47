import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createDirectory } from '../../src/adapters/graph/directory.ts';
import { createPace } from '../../src/adapters/graph/pace.ts';
import { openSandbox } from '../sandbox/graph-stand-in.ts';

function paced() {
  let now = 1_000_000;
  const waits: number[] = [];
  const pace = createPace({
    clock: () => now,
    sleep: async (ms) => {
      waits.push(ms);
    },
    gapMs: 1_000,
    longestMs: 3_000,
  });
  return {
    pace,
    waits,
    set(ms: number) {
      now = ms;
    },
  };
}

const nothing = async () => 'done';

describe('work at a pace', () => {
  test('starts at once, and then one after the other', async () => {
    const { pace, waits } = paced();
    expect(await Promise.all([1, 2, 3, 4].map(() => pace(nothing)))).toEqual(Array(4).fill('done'));
    expect(waits).toEqual([1_000, 2_000, 3_000]);
  });

  test('is refused where the queue is longer than anybody waits, and taken again afterwards', async () => {
    const { pace, set } = paced();
    const asked = await Promise.allSettled(Array.from({ length: 6 }, () => pace(nothing)));
    expect(asked.filter(({ status }) => status === 'rejected')).toHaveLength(2);
    set(1_005_000);
    expect(await pace(nothing)).toBe('done');
  });

  test('does not wait for a clock that was set back', async () => {
    const { pace, waits, set } = paced();
    await pace(nothing);
    set(0);
    await pace(nothing);
    expect(waits).toEqual([1_000]);
  });

  test('does not wait for a clock that was set back, though many waited before', async () => {
    const { pace, waits, set } = paced();
    await Promise.all([1, 2, 3].map(() => pace(nothing)));
    set(0);
    await pace(nothing);
    expect(waits).toEqual([1_000, 2_000, 1_000]);
  });

  test('starts at once again when nobody has asked for a while', async () => {
    const { pace, waits, set } = paced();
    await pace(nothing);
    set(1_060_000);
    await pace(nothing);
    expect(waits).toEqual([]);
  });

  test('that failed is no reason to stop', async () => {
    const { pace } = paced();
    await expect(pace(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await pace(nothing)).toBe('done');
  });
});

test('the risk of five people at once is told, though Identity Protection takes one question a second', async () => {
  const users = ['ann', 'bob', 'cas', 'dee', 'eve'];
  await using sandbox = await openSandbox({ users, graph: { clock: Date.now } });
  const directory = createDirectory({
    baseUrl: sandbox.graph.url,
    token: async () => sandbox.token,
    clock: Date.now,
    ids: randomUUID,
    sleep: async (ms) => {
      await pause(ms);
    },
    identityProtection: true,
  });
  const ids = users.map((name) => sandbox.tenant.userByKey(`${name}@contoso.com`)?.id ?? '');
  sandbox.tenant.setRisk(ids[4] ?? '', { riskState: 'atRisk', riskLevel: 'high' });
  expect(await Promise.all(ids.map((id) => directory.atRisk(id)))).toEqual([false, false, false, false, true]);
});
