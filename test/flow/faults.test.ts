import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { ClawbackError, RoomError } from '../../src/core/error.ts';
import { whomToCall } from '../../src/flow/decide/called.ts';
import { createDesk } from '../../src/flow/decide/desk.ts';
import { nudge } from '../../src/flow/decide/nudge.ts';
import { holdersOf, standingOf, voterNow } from '../../src/flow/decide/standing.ts';
import { scope } from '../../src/flow/find/scope.ts';
import { setsOf } from '../../src/flow/find/sets.ts';
import type { Flow } from '../../src/flow/flow.ts';
import { deliver } from '../../src/flow/tell/post.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { ANN, DANA, looking } from './looking.ts';
import { guid, policyWith, ruleFor } from './telling.ts';

/** A service that is silent is one thing, a fault of ours another: that is thrown, and taken for no answer. */

let world: World;
const { atRest, land, reported, tell } = looking(() => world);
const BUG = new TypeError('a fault of ours');
const SILENT = new ClawbackError('unavailable', 'the service is silent');
const broken = () => Promise.reject(BUG);
const silent = () => Promise.reject(SILENT);

beforeEach(async () => {
  world = createWorld();
  await world.govern(POLICIES[2] as Policy);
});

const GROUP = guid(90);
const inGroup = policyWith([ruleFor(['purge'], { team: 1 })], { roles: { team: { entraGroups: [GROUP] } } });
/** The flow, with a directory of which one question goes wrong. */
function asking(change: Partial<Flow['directory']>): Flow {
  const directory = { ...world.directory, ...change };
  return { ...world.flow, directory: { ...directory, anew: () => directory } };
}
const governed = async () => {
  await world.govern(inGroup);
  return world.flow.policy().policy;
};

describe('while it is asked', () => {
  it('who is behind the address of somebody on call', async () => {
    const at = () => Promise.resolve({ is: 'known', people: [{ by: 'address', address: ANN }] } as const);
    const policy = world.flow.policy().policy;
    const call = (byAddress: () => Promise<never>) =>
      whomToCall({ ...asking({ byAddress }), onCall: { at } }, ['approver'], policy, true);
    expect((await call(silent)).called).toBe('no answer');
    await expect(call(broken)).rejects.toBe(BUG);
  });

  it('who holds a role', async () => {
    const policy = await governed();
    expect(await holdersOf(asking({ members: silent }), 'team', policy)).toBeNull();
    await expect(holdersOf(asking({ members: broken }), 'team', policy)).rejects.toBe(BUG);
  });

  it('whether somebody holds a role', async () => {
    const policy = await governed();
    const by = world.userOf(DANA, 'slack');
    expect(await standingOf(asking({ members: silent }), by, null, policy)).toMatchObject({
      roles: ['approver'],
      certain: false,
    });
    await expect(standingOf(asking({ members: broken }), by, null, policy)).rejects.toBe(BUG);
  });

  it('who somebody is by now who voted in a browser', async () => {
    const policy = world.flow.policy().policy;
    const vote = { person: DANA.entraId, name: 'Dana', roles: [], platform: 'web', account: '', addresses: [] };
    const now = (change: Partial<Flow['directory']>) => voterNow(asking(change), vote, null, policy);
    expect(await now({ person: silent })).toMatchObject({ is: 'refused', why: 'cannot-check' });
    await expect(now({ person: broken })).rejects.toBe(BUG);
  });

  it('who is in a protected set', async () => {
    const policy = policyWith([ruleFor(['purge'], { approver: 1 })], {
      mailboxes: { protected: [{ name: 'board', entraGroups: [GROUP] }] },
    });
    await world.govern(policy);
    const sets = (members: () => Promise<never>) => setsOf(asking({ members }), world.flow.policy().policy);
    await expect(sets(silent)).rejects.toMatchObject({ code: 'unavailable', field: 'the protected set “board”' });
    await expect(sets(broken)).rejects.toBe(BUG);
  });

  it('who else might decide about a mail that somebody received', async () => {
    land(DANA.address);
    const receipt = await world.alert(1, 'one', null, [DANA.address]);
    await expect(scope(asking({ person: broken }), receipt.incident ?? '')).rejects.toBe(BUG);
  });
});

describe('while something is said', () => {
  const room = (change: object): Flow => ({
    ...world.flow,
    rooms: world.flow.rooms.map((one) => (one.platform === 'slack' ? { ...one, ...change } : one)),
  });

  it('below a card', async () => {
    land(ANN);
    const id = await reported();
    await expect(nudge(room({ nudge: broken }), id, 'slack', -1)).rejects.toBe(BUG);
  });

  it('on a card', async () => {
    land(ANN);
    await world.alert(1, 'one', null, [ANN]);
    await expect(deliver(room({ post: broken }), 'slack')).rejects.toBe(BUG);
  });

  it('of the way to a card, which is only shorter with an address', async () => {
    land(ANN);
    const id = await reported();
    await atRest();
    const look = (addressOf: () => Promise<never>) =>
      createDesk(room({ addressOf })).queue({ by: world.userOf(DANA, 'slack'), channel: null, open: id });
    const refused = () => Promise.reject(new RoomError('refused', 'not now'));
    expect(await look(refused)).toMatchObject({ kind: 'said', answer: { code: 'queue-card-is-there' } });
    await expect(look(broken)).rejects.toBe(BUG);
  });

  it('of a card whose place was taken by another process meanwhile: that one says what became of it', async () => {
    land(ANN);
    await world.alert(1, 'one', null, [ANN]);
    const plain = world.rooms.slack.post;
    const taken = room({
      post: async (...asked: Parameters<typeof plain>) => {
        await tell(async (tx) => {
          const of = await tx.cards.of(asked[0].incident);
          expect(of.find(({ platform }) => platform === 'slack')?.posting).toBe(true);
        });
        world.pass(10);
        await deliver(world.flow, 'slack');
        return plain(...asked);
      },
    });
    await deliver(taken, 'slack');
    expect(world.rooms.slack.cards).toHaveLength(2);
  });
});
