import { beforeEach, describe, expect, it } from 'vitest';
import { ofType } from '../../src/core/record/ledger.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { pull } from '../../src/flow/find/pull.ts';
import type { Happening } from '../../src/flow/flow.ts';
import type { Pulled, PulledItem, PulledSource } from '../../src/ports/source.ts';
import { askInTime, pulledChecks } from '../../src/pulled.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { sentAlert } from '../support/signed-alerts.ts';
import { SOURCE } from '../support/source.ts';

/** A source that does not send: it is asked, nothing of it is lost or taken twice, and what is wrong with it is told. */

const MINUTE = 60_000;
let world: World;
/** What it has to tell, in order; the cursor is how many of them were told. */
let told: PulledItem[];
let pageSize: number;
let failing: Extract<Pulled, { kind: 'failed' }> | null;
let asked: (string | null)[];
/** What it says beside the next page: how long it wants to be left alone. */
let waiting: number | null;
let happened: Happening[];

const watcher: PulledSource = {
  source: { ...SOURCE, name: 'watcher' },
  vendor: 'made-up',
  everyMs: MINUTE,
  ask(cursor) {
    asked.push(cursor);
    if (failing) return Promise.resolve(failing);
    const from = Number(cursor ?? 0);
    const items = told.slice(from, from + pageSize);
    const end = from + items.length;
    const page = { kind: 'page', items, cursor: String(end), more: end < told.length } as const;
    return Promise.resolve(waiting === null ? page : { ...page, waitMs: waiting });
  },
};

beforeEach(async () => {
  world = createWorld();
  [told, pageSize, failing, asked, happened, waiting] = [[], 10, null, [], [], null];
  Object.assign(world.flow, { pulled: [watcher], observe: (one: Happening) => happened.push(one) });
  await world.govern(POLICIES[0] as (typeof POLICIES)[number]);
});

function item(n: number, id = `row-${n}`): PulledItem {
  const alert = sentAlert({ id: `row-${n}` }, { internetMessageId: `<pulled-${n}@mailer.example>` });
  return { id, body: JSON.stringify(alert), understood: { alert } };
}
const UNUSABLE: PulledItem = {
  id: 'row-bad',
  body: '{}',
  understood: { why: 'invalid-alert', problems: [{ field: 'message', problem: 'is missing' }] },
};

async function pass(minutes: number) {
  world.pass(minutes);
  await world.sweep();
  // What was taken in is taken in also where its job fails afterwards; none does.
  expect(await world.settle()).toEqual([]);
}
const incidents = async () =>
  (await world.flow.store.transact((tx) => tx.incidents.list(100)))
    .map(({ alert, alerts }) => `${alert.id} ${alerts}`)
    .sort();
const of = <T extends EntryType>(type: T) => world.memory.entries().filter(ofType(type));
const results = () => happened.flatMap((one) => (one.what === 'source' ? [one.result] : []));
const ready = async () => (await pulledChecks(world.flow)['source watcher contoso']?.()) ?? null;

it('what cannot be used is named as far as anybody reads', async () => {
  const problems = [{ field: 'x'.repeat(500), problem: 'is too long' }];
  told.push({ id: 'row-long', body: '{}', understood: { why: 'invalid-alert', problems } });
  await pass(0);
  const [refused] = of('request.refused');
  expect(refused?.detail.kinds.map(({ kind }) => kind)).toEqual([`row-long: ${'x'.repeat(290)}`]);
});

it.each([
  [[], 'nothing is said'],
  [[{ field: 'a', problem: 'is missing' }], 'a: is missing'],
  [['a', 'b'].map((field) => ({ field, problem: 'is missing' })), 'a: is missing and 1 more problem'],
  [['a', 'b', 'c'].map((field) => ({ field, problem: 'is missing' })), 'a: is missing and 2 more problems'],
])('of what is wrong with it the first is told, and how much more there is: %j', async (problems, words) => {
  told.push({ id: 'row-bad', body: '{}', understood: { why: 'invalid-alert', problems } });
  await pass(0);
  expect(of('request.refused').map(({ detail }) => detail)).toEqual([
    { since: null, requests: 1, kinds: [{ kind: `row-bad: ${words}`, count: 1 }] },
  ]);
});

describe('a source that is asked', () => {
  it('has what it tells taken in, under its own name, and is asked on from there', async () => {
    told.push(item(1), item(2));
    await pass(0);
    const taken = happened.filter(({ what }) => what === 'alert');
    expect(taken).toEqual([1, 2].map(() => ({ what: 'alert', created: true })));
    expect(await incidents()).toEqual(['row-1 1', 'row-2 1']);
    expect(of('alert.received').map(({ actor }) => actor.name)).toEqual(['watcher', 'watcher']);
    told.push(item(3));
    await pass(2);
    expect([await incidents(), asked]).toEqual([
      ['row-1 1', 'row-2 1', 'row-3 1'],
      [null, '2'],
    ]);
  });

  it('that fails goes on where it was, or from what it has to remember', async () => {
    told.push(item(1));
    await pass(0);
    failing = { kind: 'failed', why: 'no answer', waitMs: null };
    await pass(2);
    failing = { ...failing, cursor: '1 and a failure' };
    await pass(2);
    await pass(10);
    expect(asked).toEqual([null, '1', '1', '1 and a failure']);
  });

  it('that asks to be left alone in the middle of what it tells is left alone for so long', async () => {
    told.push(item(1));
    waiting = 10 * MINUTE;
    await pass(0);
    waiting = null;
    for (let minutes = 0; minutes < 9; minutes += 1) await pass(1);
    expect([await incidents(), asked]).toEqual([['row-1 1'], [null]]);
    await pass(2);
    expect(asked).toEqual([null, '1']);
  });

  it('of which only a part cannot be had is asked at its usual pace, and that is told', async () => {
    failing = { kind: 'failed', why: 'a report could not be read', waitMs: null, atUsualPace: true };
    for (let minutes = 0; minutes < 5; minutes += 1) await pass(1);
    expect([asked.length, await ready()]).toEqual([
      5,
      { remark: expect.stringContaining('a report could not be read') },
    ]);
  });

  it('is asked for all that it has at once, page by page, and then left alone for a while', async () => {
    told.push(...[1, 2, 3, 4, 5].map((n) => item(n)));
    pageSize = 2;
    await pass(0);
    expect([(await incidents()).length, asked]).toEqual([5, [null, '2', '4']]);
    await pass(0.5);
    expect(asked).toHaveLength(3);
    await pass(1);
    expect(asked.at(-1)).toBe('5');
  });

  it('is asked by one process at a time', async () => {
    told.push(item(1));
    await Promise.all([pull(world.flow, 'watcher'), pull(world.flow, 'watcher')]);
    expect(asked).toEqual([null]);
  });

  it('that is not configured any more is not asked', async () => {
    Object.assign(world.flow, { pulled: [] });
    await pull(world.flow, 'watcher');
    expect(asked).toEqual([]);
  });

  it('whose process dies between two alerts is asked for the same again, and no alert is lost or taken twice', async () => {
    told.push(item(1), item(2), item(3));
    const { transact } = world.flow.store;
    for (const dies of [2, 3, 4]) {
      let calls = 0;
      world.flow.store.transact = (work) => {
        calls += 1;
        return calls === dies ? Promise.reject(new Error('the power goes')) : transact(work);
      };
      await expect(pull(world.flow, 'watcher')).rejects.toThrow('power');
      world.flow.store.transact = transact;
      world.pass(3);
    }
    await pass(0);
    expect(await incidents()).toEqual(['row-1 1', 'row-2 1', 'row-3 1']);
    expect([asked, of('alert.repeated')]).toEqual([[null, null, null, null], []]);
  });

  it('that somebody else asks by now is not moved by who was frozen meanwhile', async () => {
    told.push(item(1));
    const { ask } = watcher;
    const slow: PulledSource = {
      ...watcher,
      async ask(cursor) {
        const page = await ask(cursor);
        world.pass(3);
        Object.assign(world.flow, { pulled: [watcher] });
        told.push(item(2));
        await pull(world.flow, 'watcher');
        return page;
      },
    };
    Object.assign(world.flow, { pulled: [slow] });
    await pull(world.flow, 'watcher');
    told.push(item(3));
    await pass(2);
    expect([await incidents(), asked]).toEqual([
      ['row-1 1', 'row-2 1', 'row-3 1'],
      [null, null, '2'],
    ]);
  });

  it('with ids that are no plain text is taken in all the same, each once', async () => {
    const odd = item(1, 'größe\u0000 \ud800');
    told.push(odd, odd);
    await pass(0);
    expect(of('alert.received')).toHaveLength(1);
  });
});

describe('what cannot be used of it', () => {
  it('is on record with its reason, once, and keeps nothing back that comes after it', async () => {
    told.push(UNUSABLE, { ...UNUSABLE, id: 'row-torn', understood: { why: 'not-json' } }, item(1));
    await pass(0);
    expect(await incidents()).toEqual(['row-1 1']);
    expect(of('request.refused').map(({ detail }) => detail.kinds)).toEqual([
      [{ kind: 'row-bad: message: is missing', count: 1 }],
      [{ kind: 'row-torn: it cannot be read', count: 1 }],
    ]);
    expect(results()).toEqual(['unusable', 'unusable', 'answered']);
  });

  it('is an id that came before with another body: the first stands', async () => {
    told.push(item(1), { ...item(2), id: 'row-1' });
    await pass(0);
    expect([await incidents(), of('request.refused').length]).toEqual([['row-1 1'], 1]);
  });
});

describe('a source that fails', () => {
  const NO = { kind: 'failed', why: '401 the key is not valid', waitMs: null } as const;

  it('is asked again, later and later, and goes on where it was', async () => {
    told.push(item(1));
    await pass(0);
    failing = NO;
    for (let minute = 0; minute < 60; minute += 1) await pass(1);
    const tries = asked.length - 1;
    expect([tries > 4, tries < 12, asked.at(-1)]).toEqual([true, true, '1']);
    [failing, happened] = [null, []];
    told.push(item(2));
    await pass(15);
    expect([await incidents(), results()]).toEqual([['row-1 1', 'row-2 1'], ['back']]);
  });

  it('is left alone for as long as it asks', async () => {
    failing = { ...NO, waitMs: 120 * MINUTE };
    await pass(0);
    expect(results()).toEqual(['failed']);
    await pass(119);
    expect(asked).toHaveLength(1);
    await pass(2);
    expect(asked).toHaveLength(2);
  });

  it('is told where readiness is asked for, since when and why, until it answers', async () => {
    expect(await ready()).toEqual({ remark: 'it was not asked yet' });
    failing = NO;
    const since = world.flow.clock.now();
    await pass(0);
    await pass(5);
    expect(await ready()).toEqual({ remark: `it gives no answer since ${since} (asked 2 times): ${NO.why}` });
    failing = null;
    await pass(15);
    expect(await ready()).toBeNull();
  });

  it('and one that has been silent for long is told as well', async () => {
    told.push(item(1));
    const heard = world.flow.clock.now();
    await pass(0);
    await pass(6 * 24 * 60);
    expect(await ready()).toBeNull();
    await pass(24 * 60);
    expect(await ready()).toEqual({ remark: expect.stringContaining(`nothing came from it since ${heard}`) });
  });
});

describe('a question', () => {
  const HOW = { url: 'https://watch.example', secret: 'a key', now: '2026-11-20T08:00:00Z' };
  const PAGE: Pulled = { kind: 'page', items: [], cursor: '1', more: false };
  const never = () => new AbortController().signal;
  const hangs = () => new Promise<Pulled>(() => undefined);

  it('is answered by what the vendor says', async () => {
    expect(await askInTime({ ask: () => Promise.resolve(PAGE) }, HOW, null, { givenAway: never() })).toBe(PAGE);
  });

  it('that the vendor does not answer in time has failed, and is broken off', async () => {
    let until = never();
    const ask = (_how: unknown, _cursor: unknown, signal: AbortSignal) => {
      until = signal;
      return hangs();
    };
    const answer = await askInTime({ ask }, HOW, null, { givenAway: never(), withinMs: 1 });
    expect([answer, until.aborted]).toEqual([{ kind: 'failed', why: 'no answer in time', waitMs: null }, true]);
  });

  it('that ends in an error of whatever kind has failed', async () => {
    const ask = () => {
      throw new TypeError('fetch failed');
    };
    const answer = await askInTime({ ask }, HOW, null, { givenAway: never() });
    expect(answer).toEqual({ kind: 'failed', why: 'TypeError: fetch failed', waitMs: null });
  });

  it('of a process that ends says nothing of the vendor', async () => {
    const ending = new AbortController();
    const asked = askInTime({ ask: hangs }, HOW, null, { givenAway: ending.signal });
    ending.abort();
    await expect(asked).rejects.toThrow('this process ends');
    await expect(askInTime({ ask: hangs }, HOW, null, { givenAway: ending.signal })).rejects.toThrow('ends');
  });
});
