import { beforeEach, describe, expect, it } from 'vitest';
import { ofType } from '../../src/core/record/ledger.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { forgetRequests, requestSegments, sealedRequests, sealRequests } from '../../src/flow/record/requests.ts';
import type { Segment } from '../../src/ports/requests.ts';
import type { Tx } from '../../src/ports/store.ts';
import { createWorld, type World } from '../fault/world.ts';
import { DANA } from './looking.ts';

/** What was asked of Microsoft, as the record knows it: sealed once, forgotten after its days, never while people look. */

const DAY_MINUTES = 24 * 60;
let world: World;
beforeEach(() => {
  world = createWorld();
});

const segment = (id: string, until: string): Segment => ({
  ...{ id, until, from: until, requests: 3, lost: 1, digest: `digest of ${id}`, text: `{"id":"${id}"}\n` },
});
const ONE = segment('one', '2026-11-20T07:00:00.000Z');
const OTHER = segment('other', '2026-11-20T07:30:00.000Z');

const of = <T extends EntryType>(type: T) => world.memory.entries().filter(ofType(type));
const tell = <T>(ask: (tx: Tx) => Promise<T>) => world.flow.store.transact(ask);
const sealBoth = async () => [
  await sealRequests(world.flow, ONE, 'whole'),
  await sealRequests(world.flow, OTHER, 'whole'),
];
const left = async () => (await requestSegments(world.flow.store, null)).map(({ id }) => id);
const stop = (reason: string) =>
  tell(async (tx) => tx.brake.stop(await tx.brake.lock(), 'dana', reason, world.flow.clock.now()));

describe('requests that were written down to an end', () => {
  it('are in the record with their digest and how they came to their end', async () => {
    expect([
      await sealRequests(world.flow, ONE, 'whole'),
      await sealRequests(world.flow, OTHER, 'left behind'),
    ]).toEqual([true, true]);
    const { from, until, digest, requests, lost } = ONE;
    expect(of('requests.sealed').map(({ outcome, detail }) => [outcome, detail])).toEqual([
      ['whole', { segment: 'one', requests, from, until, digest, lost }],
      ['left behind', expect.objectContaining({ segment: 'other' })],
    ]);
  });

  it('are sealed once, whoever finds them again', async () => {
    await sealBoth();
    expect(await sealRequests(world.flow, { ...ONE, digest: 'another' }, 'left behind')).toBe(false);
    expect(of('requests.sealed')).toHaveLength(2);
  });

  it('come out by the time of their first line, from after one of them on, with what they say', async () => {
    await sealRequests(world.flow, OTHER, 'whole');
    await sealRequests(world.flow, ONE, 'whole');
    expect(await requestSegments(world.flow.store, null)).toEqual([ONE, OTHER]);
    expect(await requestSegments(world.flow.store, ONE)).toEqual([OTHER]);
    expect(await requestSegments(world.flow.store, OTHER)).toEqual([]);
  });

  it('come out without one that was deleted after it was listed', async () => {
    await sealBoth();
    const { transact } = world.flow.store;
    const store = {
      transact: <T>(story: (tx: Tx) => Promise<T>) =>
        transact((tx) =>
          story({
            ...tx,
            segments: { ...tx.segments, text: async (id) => (id === 'one' ? null : tx.segments.text(id)) },
          }),
        ),
    };
    expect(await requestSegments(store, null)).toEqual([OTHER]);
  });
});

describe('requests that are old', () => {
  it('go after their days, by when they ended, and the record keeps how many did', async () => {
    await sealBoth();
    // The first ended thirty days and a quarter of an hour ago, the other a quarter of an hour less than thirty days.
    world.pass(30 * DAY_MINUTES - 45);
    await forgetRequests(world.flow, 30);
    expect(await left()).toEqual(['other']);
    expect(of('requests.forgotten').map(({ detail }) => detail)).toEqual([
      { before: '2026-11-20T07:15:00.000Z', segments: 1 },
    ]);
  });

  it('that are none leave no line', async () => {
    await sealBoth();
    await forgetRequests(world.flow, 30);
    expect([await left(), of('requests.forgotten')]).toEqual([['one', 'other'], []]);
  });

  it('stay while everything is stopped: people are looking at what happened', async () => {
    await sealBoth();
    await stop('something is wrong');
    world.pass(90 * DAY_MINUTES);
    await forgetRequests(world.flow, 30);
    expect([await left(), of('requests.forgotten')]).toEqual([['one', 'other'], []]);
  });

  it('stay as well where the record knows of a stop that somebody took out of the database', async () => {
    await sealBoth();
    await world.say(DANA, 'slack', 'stop something is wrong');
    const { transact } = world.flow.store;
    world.flow.store.transact = (story) =>
      transact((tx) =>
        story({ ...tx, brake: { ...tx.brake, read: async () => ({ ...(await tx.brake.read()), stopped: false }) } }),
      );
    world.pass(90 * DAY_MINUTES);
    await forgetRequests(world.flow, 30);
    expect([of('brake.stopped').length, await left(), of('requests.forgotten')]).toEqual([1, ['one', 'other'], []]);
  });
});

describe('what the record says of requests', () => {
  it('is each segment with the number of its entry, and nothing forgotten where nothing was', async () => {
    await sealBoth();
    const { sealed, forgottenBefore } = await sealedRequests(world.flow.store);
    const seqs = world.memory.entries().flatMap(({ type }, n) => (type === 'requests.sealed' ? [n + 1] : []));
    expect([sealed, forgottenBefore]).toEqual([
      [ONE, OTHER].map(({ id, digest, requests, until }, n) => ({
        ...{ segment: id, digest, requests, until },
        entry: seqs[n],
      })),
      '',
    ]);
  });

  it('is the latest time before which any were forgotten, in whatever order that was written down', async () => {
    await sealBoth();
    world.pass(30 * DAY_MINUTES);
    await forgetRequests(world.flow, 30);
    const third = segment('third', '2026-01-01T00:00:00.000Z');
    await sealRequests(world.flow, third, 'left behind');
    // Whoever has set a longer time since forgets less.
    await forgetRequests(world.flow, 60);
    const { forgottenBefore } = await sealedRequests(world.flow.store);
    expect([forgottenBefore, of('requests.forgotten').length]).toEqual(['2026-11-20T08:00:00.000Z', 2]);
    expect(await left()).toEqual([]);
  });
});
