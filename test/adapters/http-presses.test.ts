import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { pressGate } from '../../src/adapters/http/limits.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('presses', () => {
  test('of one account are counted by the minute, apart from those of another', async () => {
    const may = pressGate(2);
    expect([await may('dana'), await may('dana'), await may('dana'), await may('omar')]).toEqual([
      true,
      true,
      false,
      true,
    ]);
    vi.setSystemTime(Date.now() + 60_000);
    expect(await may('dana')).toBe(true);
  });

  test('that come all at once are counted all the same', async () => {
    const may = pressGate(60);
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => may('dana')));
    expect(answers.filter(Boolean)).toHaveLength(60);
  });
});
