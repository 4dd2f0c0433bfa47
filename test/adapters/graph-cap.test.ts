import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Effects } from '../../src/ports/effects.ts';
import { graph, guid, mailOn, type Script } from './graph-loopback.ts';

/** How many batches are under way at once: fewer when Graph says that it is too much, more when it is calm. */

const targets = (count: number) => Array.from({ length: count }, (_, n) => ({ mailbox: guid(n), message: `m-${n}` }));

describe('batches under way at once', () => {
  test('are six at the start', async () => {
    const gathered = gate(6);
    const server = await graph({ outer: gathered.arrive });
    await mailOn(server).mail.softDelete(targets(200));
    expect(server.mostUnderWay()).toBe(6);
  });

  test('go down to three after a 429', async () => {
    const gathered = gate(3);
    let calm = false;
    const server = await graph({
      outer: () => calm && gathered.arrive(),
      inner: () => (calm ? { status: 201 } : { status: 429 }),
    });
    const { mail } = mailOn(server);
    await mail.softDelete(targets(60));
    calm = true;
    await mail.softDelete(targets(120));
    expect(gathered.most()).toBe(3);
  });

  test('go down where one mailbox among twenty is throttled', async () => {
    const { mail, underWayNow } = await strained({ inner: ({ url }) => ({ status: url.includes('m-7') ? 429 : 201 }) });
    await mail.softDelete(targets(20));
    expect(await underWayNow(3)).toBe(3);
  });

  test('go up while others wait for a place and Graph is calm, to sixteen and no further', async () => {
    const { mail, underWayNow } = await strained({});
    await mail.softDelete(targets(40 * 20));
    expect(await underWayNow(16)).toBe(16);
  });

  test('do not go up where nobody waits for a place', async () => {
    const { mail, underWayNow } = await strained({});
    await oneByOne(mail, 60);
    expect(await underWayNow(6)).toBe(6);
  });

  test('never go below one, however often Graph says that it is too much', async () => {
    const { mail, underWayNow } = await strained({ inner: () => ({ status: 429 }) });
    await oneByOne(mail, 100);
    expect(await underWayNow(1)).toBe(1);
  });

  test('learn nothing from those that were never answered', async () => {
    const { mail, underWayNow } = await strained({ outer: (_, response) => Boolean(response.destroy()) });
    await oneByOne(mail, 20);
    expect(await underWayNow(6)).toBe(6);
  });
});

/** So many batches, each of one request. */
async function oneByOne({ softDelete }: Pick<Effects, 'softDelete'>, batches: number): Promise<void> {
  for (let n = 0; n < batches; n += 1) await softDelete(targets(1));
}

/** A Graph that answers like this at first; `underWayNow` says how many batches it gets at once when it is calm again. */
async function strained(script: Script) {
  let gathered: ReturnType<typeof gate> | null = null;
  const server = await graph({
    outer: (outer, response) => (gathered ? gathered.arrive() : (script.outer?.(outer, response) ?? false)),
    inner: (inner) => (gathered ? { status: 201 } : (script.inner ?? (() => ({ status: 201 })))(inner)),
  });
  const { mail } = mailOn(server);
  return {
    mail,
    async underWayNow(expected: number) {
      gathered = gate(expected);
      // No more than that wait, so that the calm ones among them do not count.
      await mail.softDelete(targets((expected + 1) * 20));
      return gathered.most();
    },
  };
}

/** Lets nobody through before `size` have come together, so that the test does not race. */
function gate(size: number) {
  const { promise, resolve } = Promise.withResolvers<void>();
  let inside = 0;
  let most = 0;
  return {
    most: () => most,
    async arrive(): Promise<false> {
      inside += 1;
      most = Math.max(most, inside);
      if (inside >= size) resolve();
      await promise;
      await pause(5);
      inside -= 1;
      return false;
    },
  };
}
