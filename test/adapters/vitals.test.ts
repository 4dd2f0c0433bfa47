import { expect, test } from 'vitest';
import type { Beat } from '../../src/adapters/store/beat.ts';
import { type ClockState, createVitals, type VitalsOptions } from '../../src/vitals.ts';

/** What the process knows of its own health, and what it lets itself do. */

const NOW = Date.parse('2026-11-28T10:00:00.000Z');
const MINUTE = 60_000;

function healthy(change: Partial<VitalsOptions> & { aheadMs?: number; tookMs?: number; oldestDueMs?: number } = {}) {
  const { aheadMs = 0, tookMs = 4, oldestDueMs = 0, ...rest } = change;
  const told: [ClockState, number][] = [];
  const measured: Record<string, number> = {};
  const state = { aheadMs, steady: 0 };
  const beat = (): Promise<Beat> => {
    state.steady += tookMs;
    return Promise.resolve({ databaseNow: NOW + tookMs / 2, oldestDueMs });
  };
  const vitals = createVitals({
    beat,
    clock: () => NOW + state.aheadMs,
    steady: () => state.steady,
    idleMs: () => 0,
    folder: '/data',
    isOwnDisk: true,
    free: () => Promise.resolve(2 ** 40),
    clocks: (clocks, skewMs) => told.push([clocks, skewMs]),
    measure: (name, value) => {
      measured[name] = value;
    },
    ...rest,
  });
  const ask = async (name: string) => {
    state.steady += 2_000;
    return vitals.checks[name]?.();
  };
  return { vitals, told, measured, state, ask };
}

test.each([
  ['29 s ahead', 29_000, null],
  ['31 s ahead', 31_000, { remark: 'this machine’s clock is 31 s ahead of the database’s' }],
  ['31 s behind', -31_000, { remark: 'this machine’s clock is 31 s behind the database’s' }],
  ['exactly 4 minutes ahead', 4 * MINUTE, { remark: 'this machine’s clock is 4 minutes ahead of the database’s' }],
])('a clock that is %s keeps no work from being done', async (_what, aheadMs, says) => {
  const { vitals, ask } = healthy({ aheadMs });
  expect(await ask('clock')).toEqual(says);
  expect(vitals.mayWork).not.toThrow();
});

test.each([
  ['ahead of', 10 * MINUTE],
  ['behind', -10 * MINUTE],
])('a clock that is 10 minutes %s the database’s: nothing is done, and why is said', async (word, aheadMs) => {
  const { vitals, ask } = healthy({ aheadMs });
  expect(await ask('clock')).toContain(`10 minutes ${word} the database’s`);
  expect(vitals.mayWork).toThrow('set both by NTP');
});

test('the alarm is raised once a change, and work goes on when the clocks agree again', async () => {
  const { vitals, told, state, measured } = healthy();
  for (const aheadMs of [0, 0, 40_000, 41_000, 5 * MINUTE, 5 * MINUTE, 0, 0]) {
    state.aheadMs = aheadMs;
    await vitals.look();
  }
  expect(told.map(([clocks]) => clocks)).toEqual(['differ', 'differ too much', 'agree']);
  expect(vitals.mayWork).not.toThrow();
  expect(measured['clock_skew_seconds']).toBe(0);
});

test('a clock that stands right at a limit is told once, and once when it has left it', async () => {
  const { vitals, told, state } = healthy();
  for (const aheadMs of [31_000, 29_000, 31_000, 24_000, 4 * MINUTE + 1_000, 4 * MINUTE - 1_000, 2 * MINUTE, 0]) {
    state.aheadMs = aheadMs;
    await vitals.look();
  }
  expect(told.map(([clocks]) => clocks)).toEqual(['differ', 'agree', 'differ too much', 'differ', 'agree']);
});

test('an answer that took long proves no difference of the clocks', async () => {
  const { ask } = healthy({ tookMs: 5 * MINUTE, aheadMs: -MINUTE });
  expect(await ask('clock')).toBeNull();
});

test('a database that takes nothing any more is not well, though it can be read', async () => {
  const { ask } = healthy({
    beat: () => Promise.reject(new Error('cannot execute INSERT in a read-only transaction')),
  });
  expect(await ask('database')).toContain('read-only');
});

test('a database that does not answer is told while it does not', async () => {
  const { ask, state } = healthy({ beat: () => new Promise(() => undefined) });
  const asked = ask('database');
  state.steady += 7_000;
  expect(await asked).toBe('has not answered for 7 s');
});

test('a crowd that asks makes one look', async () => {
  let looks = 0;
  const { vitals } = healthy({
    beat: () => {
      looks += 1;
      return new Promise((resolve) => setImmediate(resolve, { databaseNow: NOW, oldestDueMs: null }));
    },
  });
  await Promise.all(Array.from({ length: 50 }, () => vitals.checks['database']?.()));
  expect(looks).toBe(1);
});

test.each([
  ['a due job, and workers that begin others', 300_000, 1_000, null],
  ['an idle process without a due job', 0, 300_000, null],
  [
    'a due job that nobody begins',
    300_000,
    90_000,
    'the oldest job is due for 5 minutes, and nothing was begun for 90 s',
  ],
])('the queue: %s', async (_what, oldestDueMs, idle, says) => {
  const { ask } = healthy({ oldestDueMs, idleMs: () => idle });
  expect(await ask('queue')).toBe(says);
});

test.each([
  [2 ** 40, null],
  [200 * 2 ** 20, { remark: '200 MB are free where /data is' }],
  [10 * 2 ** 20, 'only 10 MB are free where /data is'],
])('the disk under the embedded database: %i bytes', async (bytes, says) => {
  const { ask } = healthy({ free: () => Promise.resolve(bytes) });
  expect(await ask('disk')).toEqual(says);
});

test.each([
  [2 ** 40, null],
  [200 * 2 ** 20, { remark: '200 MB are free where /data is' }],
  [10 * 2 ** 20, { remark: 'only 10 MB are free where /data is' }],
])(
  'the disk under the data folder beside a server, %i bytes: told, and no reason to send nobody',
  async (bytes, says) => {
    const { ask } = healthy({ isOwnDisk: false, free: () => Promise.resolve(bytes) });
    expect(await ask('disk')).toEqual(says);
  },
);
