import { beforeEach, describe, expect, it } from 'vitest';
import { Policy } from '../../src/core/ask/policy.ts';
import { differencesOf } from '../../src/flow/record/compare.ts';
import { retirement } from '../../src/flow/record/retire.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { ANN, DANA, looking } from './looking.ts';

/** How a turn of letting go of old incidents goes. */

const DAYS = 24 * 60;
let world: World;
const { atRest, incident, purge, tell } = looking(() => world);
beforeEach(async () => {
  world = createWorld();
  await world.govern(Policy.parse({ ...POLICIES[2], retention: { days: 30 } }));
});

async function opened(n: number): Promise<string> {
  world.land(n, ANN);
  const { incident: id } = await world.alert(n, `delivery ${n}`, null, [ANN]);
  await atRest();
  return id ?? '';
}
async function old(...incidents: readonly string[]): Promise<void> {
  for (const id of incidents) {
    await world.press(DANA, 'slack', 'reject', id);
    await atRest();
  }
  world.pass(31 * DAYS);
}
const retired = () =>
  world.memory
    .entries()
    .filter(({ type }) => type === 'incident.retired')
    .map((entry) => entry.incident);

/** Counts how often old ones are asked for. */
function asked(): () => number {
  let count = 0;
  const { transact } = world.flow.store;
  world.flow.store.transact = (work) =>
    transact((tx) => {
      const due: typeof tx.retention.due = (...of) => {
        count += 1;
        return tx.retention.due(...of);
      };
      return work({ ...tx, retention: { ...tx.retention, due } });
    });
  return () => count;
}

describe('a turn', () => {
  it.each([
    ['as they were opened', (ids: readonly string[]) => ids],
    ['in the other order', (ids: readonly string[]) => ids.toReversed()],
  ])('holds incidents in the order of their names, where they were closed %s', async (_what, order) => {
    const ids = [await opened(1), await opened(2), await opened(3)];
    await old(...order(ids));
    await retirement(world.flow)();
    expect(retired()).toEqual(ids);
  });

  it('ends where nothing is left, and the next one begins anew', async () => {
    const count = asked();
    const turn = retirement(world.flow);
    await turn();
    expect(count()).toBe(1);
    const id = await opened(1);
    await old(id);
    await turn();
    expect([count(), retired()]).toEqual([3, [id]]);
    await turn();
    expect(count()).toBe(4);
  });

  it('that has no time left lets go of one and leaves the rest to the next, which goes on behind it', async () => {
    const ids = [await opened(1), await opened(2), await opened(3)];
    await old(...ids);
    const turn = retirement(world.flow, { forMs: 0 });
    const after: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      await turn();
      after.push(retired().length);
    }
    expect([after, [...retired()].sort()]).toEqual([[1, 2, 3], [...ids].sort()]);
  });

  it('lets go of no more copies at once than asked', async () => {
    const ids = [await opened(1), await opened(2)];
    for (const id of ids) await purge(id);
    world.pass(31 * DAYS);
    await retirement(world.flow, { copies: 1, pages: 1 })();
    expect(retired()).toHaveLength(1);
  });

  it('that finds one gone meanwhile says nothing of it: its record says that it was let go of', async () => {
    const id = await opened(1);
    await purge(id);
    world.pass(31 * DAYS);
    await retirement(world.flow)();
    expect([await incident(id), await differencesOf(world.flow, id)]).toEqual([null, []]);
  });

  it('leaves one that was heard of again while it was being compared', async () => {
    const id = await opened(1);
    await old(id);
    const { transact } = world.flow.store;
    let turns = 0;
    world.flow.store.transact = async (work) => {
      const answer = await transact(work);
      turns += 1;
      // What is old has been asked for.
      if (turns === 1) await transact((tx) => tx.incidents.save(id, {}, world.flow.clock.now()));
      return answer;
    };
    await retirement(world.flow, { pages: 1 })();
    expect([turns > 1, (await incident(id))?.stands, retired()]).toEqual([true, 'rejected', []]);
  });
});

it('a vote about a word that is there in the record and not stored is missed', async () => {
  const reject = [{ role: 'approver', count: 2 }];
  await world.govern(Policy.parse({ ...POLICIES[2], verbs: { reject } }));
  const id = await opened(1);
  await world.press(DANA, 'slack', 'reject', id);
  const [vote] = await tell((tx) => tx.decisions.list(id));
  expect([vote?.action, await differencesOf(world.flow, id)]).toEqual(['reject', []]);
  await tell((tx) => tx.decisions.withdraw(id, vote?.planDigest ?? '', 'reject', DANA.entraId));
  expect(await differencesOf(world.flow, id)).toEqual([
    expect.stringMatching(/the approval of entry \d+ is not stored any more$/),
  ]);
});

it('incidents that went without a word in the record are missed', async () => {
  const id = await opened(1);
  await tell((tx) => tx.retention.remove(id));
  expect(await differencesOf(world.flow, id)).toContain(`${id}: the incident is not stored any more`);
});
