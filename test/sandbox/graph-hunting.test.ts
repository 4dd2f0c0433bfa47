import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createHunting } from '../../src/adapters/defender/hunting.ts';
import type { FinderPatience } from '../../src/ports/finder.ts';
import { startGraph } from '../../src/sandbox/graph/start.ts';
import type { Limits } from '../../src/sandbox/graph/types.ts';
import { createTenant } from '../../src/sandbox/tenant/tenant.ts';
import { openSandbox, type Sandbox } from './graph-stand-in.ts';

/** Advanced hunting as it is: late, cut without a word, refusing with the same status for different reasons. */

const MINUTE = 60_000;
const PHISH = {
  sender: 'billing@fabrikam.example',
  subject: 'Invoice overdue',
  internetMessageId: '<late@fabrikam.example>',
};
const KEY = { internetMessageId: PHISH.internetMessageId, networkMessageId: null };
const names = Array.from({ length: 40 }, (_, n) => `person${n}`);
const opened = (limits: Partial<Limits> = {}) => openSandbox({ users: names, graph: { limits } });

function delivered({ tenant }: Sandbox) {
  tenant.deliver({ ...PHISH, to: names.map((name) => `${name}@contoso.com`) });
}

async function hunted(sandbox: Sandbox, patience: FinderPatience = 'short') {
  const hunting = createHunting({
    baseUrl: sandbox.graph.url,
    token: async () => sandbox.token,
    clock: Date.now,
    ids: randomUUID,
    sleep: async () => undefined,
    isOn: true,
  });
  return hunting.find(KEY, patience);
}

describe('a delivery', () => {
  test('shows minutes later, each after a time of its own, and stays', async () => {
    await using sandbox = await opened({ huntingLagMs: [5 * MINUTE, 15 * MINUTE] });
    delivered(sandbox);
    const found = [];
    for (const minutes of [0, 4.9, 5, 5, 0.2]) {
      sandbox.pass(minutes * MINUTE);
      found.push((await hunted(sandbox)).deliveries.length);
    }
    expect(found.slice(0, 2)).toEqual([0, 0]);
    expect(found[2]).toBeGreaterThan(0);
    expect(found[2]).toBeLessThan(names.length);
    expect(found.slice(3)).toEqual([names.length, names.length]);
  });

  test('shows minutes later where nobody says otherwise', async () => {
    const [clock, random] = [() => Date.parse('2026-11-23T09:00:00Z'), () => 0.5];
    const tenant = createTenant({ id: randomUUID(), domain: 'contoso.com', clock, random, users: names });
    const verifyToken = () => Promise.reject(new Error('nobody asks'));
    const graph = await startGraph({ tenant, clock, random, hunting: true, verifyToken });
    expect(graph.limits().huntingLagMs).toEqual([5 * MINUTE, 15 * MINUTE]);
    await graph.close();
  });
});

describe('an answer', () => {
  test('is cut without a word where it has too many rows', async () => {
    await using sandbox = await opened({ huntingRows: 12 });
    delivered(sandbox);
    const found = await hunted(sandbox);
    expect([found.status, found.deliveries.length]).toEqual(['answered', 12]);
  });

  test('that would be too large is refused, and asked for again without the long texts', async () => {
    await using sandbox = await opened({ huntingSize: 9_500 });
    delivered(sandbox);
    const found = await hunted(sandbox);
    expect([found.status, found.deliveries.length]).toEqual(['answered', names.length]);
    expect(found.deliveries[0]).toMatchObject({ subject: null });
    expect(sandbox.graph.log.entries().filter(({ operation }) => operation === 'hunt')).toHaveLength(2);
  });

  test('that is too large even then is told as a refusal', async () => {
    await using sandbox = await opened({ huntingSize: 100 });
    delivered(sandbox);
    expect(await hunted(sandbox)).toMatchObject({ status: 'refused', detail: '400 BadRequest', deliveries: [] });
  });
});

describe('a tenant', () => {
  test.each([
    [false, '403 Forbidden'],
    ['no mail', '400 BadRequest'],
  ] as const)('with hunting %j refuses', async (hunting, detail) => {
    await using sandbox = await opened();
    delivered(sandbox);
    sandbox.graph.setHunting(hunting);
    expect(await hunted(sandbox)).toMatchObject({ status: 'refused', detail, deliveries: [] });
  });

  test('whose queries are used up is busy, and named so with the time it takes', async () => {
    await using sandbox = await opened({ huntingPerMinute: 1 });
    delivered(sandbox);
    expect(await hunted(sandbox)).toMatchObject({ status: 'answered' });
    expect(await hunted(sandbox)).toMatchObject({ status: 'busy', waitMs: 60_000 });
  });
});
