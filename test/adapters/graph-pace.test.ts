import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createDirectory } from '../../src/adapters/graph/directory.ts';
import { ownLimits } from '../../src/adapters/microsoft/own-limits.ts';
import { awaitTurn } from '../../src/adapters/microsoft/turn.ts';
import type { Limit } from '../../src/core/limit.ts';
import { openSandbox } from '../sandbox/graph-stand-in.ts';

const ONE_A_SECOND: Limit = { name: 'risk', most: 1, windowMs: 1_000 };
const TWO_A_SECOND: Limit = { name: 'hunting', most: 2, windowMs: 1_000 };

/** `oversleeps`: by how much each sleep is longer than it was asked to be. */
function atWork({ oversleeps = 0, passes = true } = {}) {
  let now = 1_000_000;
  const waits: number[] = [];
  const clock = () => now;
  const limits = ownLimits(clock);
  const sleep = async (ms: number) => {
    waits.push(ms);
    if (passes) now += ms + oversleeps;
  };
  return {
    waits,
    limits,
    turn: (limit: Limit, longestMs = 3_000) => awaitTurn({ limits, clock, sleep }, limit, longestMs),
    set(ms: number) {
      now = ms;
    },
  };
}

describe('turns at a service', () => {
  test('begin at once, and then come one after the other', async () => {
    const { turn, waits } = atWork({ passes: false });
    const turns = [1, 2, 3, 4].map(() => turn(ONE_A_SECOND));
    expect([await Promise.all(turns), waits]).toEqual([Array(4).fill(null), [1_000, 2_000, 3_000]]);
  });

  test('come in so many at once as may be', async () => {
    const { turn, waits } = atWork({ passes: false });
    await Promise.all([1, 2, 3, 4, 5].map(() => turn(TWO_A_SECOND)));
    expect(waits).toEqual([1_000, 1_000, 2_000]);
  });

  test('are refused where they are further away than anybody waits, and nothing is taken by that', async () => {
    const { turn } = atWork({ passes: false });
    const turns = await Promise.all(Array.from({ length: 6 }, () => turn(ONE_A_SECOND)));
    expect(turns).toEqual([null, null, null, null, 4_000, 4_000]);
  });

  test('rest for everybody while the service asks for it, and go on after that', async () => {
    const { turn, waits, limits } = atWork();
    await limits.rest(TWO_A_SECOND, 2_500);
    expect([await turn(TWO_A_SECOND, 2_000), await turn(TWO_A_SECOND), waits]).toEqual([2_500, null, [2_500]]);
  });

  test('rest for as long as the longest of what was asked, and never for more than ten minutes', async () => {
    const { turn, limits } = atWork();
    for (const ms of [86_400_000, 1_000]) await limits.rest(ONE_A_SECOND, ms);
    expect(await turn(ONE_A_SECOND)).toBe(600_000);
  });

  test('of one service are not those of another', async () => {
    const { turn, limits } = atWork();
    await limits.rest(ONE_A_SECOND, 60_000);
    expect(await turn(TWO_A_SECOND)).toBeNull();
  });

  test('that were slept through are taken anew: others have had theirs since', async () => {
    const { turn, waits } = atWork({ oversleeps: 5_000 });
    await turn(ONE_A_SECOND);
    await turn(ONE_A_SECOND);
    expect(waits).toEqual([1_000]);
  });

  test('on a clock that was set back by an hour are waited for by nobody', async () => {
    const { turn, set } = atWork();
    await turn(ONE_A_SECOND);
    set(1_000_000 - 3_600_000);
    expect(await turn(ONE_A_SECOND)).toBeNull();
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
