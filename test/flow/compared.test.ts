import { beforeEach, describe, expect, it } from 'vitest';
import { ERASED } from '../../src/core/record/personal.ts';
import { compareStored } from '../../src/flow/record/compare.ts';
import { record } from '../../src/flow/record/record.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { DANA, OMAR } from './looking.ts';

/** What is stored, held against the record: the stop in each of its states, and more differences than anybody reads. */

let world: World;
beforeEach(() => {
  world = createWorld();
});
const compared = () => compareStored({ store: world.flow.store, hash: world.flow.hash });
const forged = (n: number) => ({
  platform: 'slack' as const,
  account: `U0FORGED${n}`,
  person: `forged ${n}`,
  how: 'sign-in' as const,
  at: world.flow.clock.now(),
});
const brake = (change: 'stop' | 'lift') =>
  world.flow.store.transact(async (tx) => {
    const held = await tx.brake.lock();
    if (change === 'lift') await tx.brake.lift(held);
    else await tx.brake.stop(held, 'nobody', 'none', world.flow.clock.now());
  });

describe('the stop', () => {
  it('agrees with the record while it holds, after it was lifted, and when it holds once more', async () => {
    const found = [(await compared()).differences];
    for (const [who, words] of [
      [DANA, 'stop please'],
      [DANA, 'lift'],
      [OMAR, 'lift'],
      [DANA, 'stop again'],
    ] as const) {
      await world.say(who, 'slack', words);
      found.push((await compared()).differences);
    }
    expect(found).toEqual([[], [], [], [], []]);
  });

  it('that somebody took away behind the record is missed', async () => {
    await world.say(DANA, 'slack', 'stop please');
    await brake('lift');
    expect((await compared()).differences).toEqual(['the record says that Clawback is stopped']);
  });
});

it('a policy that only a newer version can read is told, though it is no breach', async () => {
  await world.govern(POLICIES[0] as (typeof POLICIES)[number]);
  expect((await compared()).differences).toEqual([]);
  const { transact } = world.flow.store;
  const unread = { what: 'policy 01234567 is of a newer version of Clawback', newer: true } as const;
  world.flow.store.transact = (work) =>
    transact((tx) => work({ ...tx, policies: { ...tx.policies, stored: () => Promise.resolve({ unread }) } }));
  expect((await compared()).differences).toEqual([unread.what]);
});

describe('a link', () => {
  const told = (type: 'account.linked' | 'account.unlinked', account: string) =>
    world.flow.store.transact((tx) =>
      record(world.flow, tx, [
        type === 'account.linked'
          ? { type, platform: 'slack', detail: { account, how: 'sign-in' } }
          : { type, platform: 'slack', detail: { account, person: 'somebody', linked: [1] } },
      ]),
    );

  it('that the record has and nobody took back is missed', async () => {
    await told('account.linked', 'U0GONE');
    expect((await compared()).differences).toEqual([
      'the link of the slack U0GONE account, entry 1, is not stored any more',
    ]);
  });

  it('that was taken back is not missed', async () => {
    await told('account.linked', 'U0GONE');
    await told('account.unlinked', 'U0GONE');
    expect((await compared()).differences).toEqual([]);
  });

  it('whose account was erased is not missed: whether it was taken back cannot be told', async () => {
    await told('account.linked', ERASED);
    expect((await compared()).differences).toEqual([]);
  });
});

describe('more differences than are kept', () => {
  it('are all counted, and the first ten thousand are told', async () => {
    await world.flow.store.transact(async (tx) => {
      for (let n = 0; n < 10_001; n += 1) await tx.people.add(forged(n));
    });
    await brake('stop');
    const { count, differences } = await compared();
    expect([count, differences.length]).toEqual([10_002, 10_000]);
  });
});
