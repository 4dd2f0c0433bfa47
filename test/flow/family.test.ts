import { beforeEach, describe, expect, it } from 'vitest';
import type { Incident, Situation } from '../../src/core/incident/incident.ts';
import { joinedInto, twinsOf } from '../../src/flow/record/joined.ts';
import { childrenOf, listsAround, originsOf, rootOf } from '../../src/flow/record/lists.ts';
import { record } from '../../src/flow/record/record.ts';
import { childKey } from '../../src/flow/tell/facts.ts';
import { createWorld, type World } from '../fault/world.ts';
import { copyOf, incidentOf, planOf } from '../support/cases.ts';
import { sealed } from '../support/sealed-plans.ts';
import { beginning } from './began.ts';

/** Incidents that belong together: what grew out of what, and what is about the same mail. */

let world: World;
const { tell } = beginning(() => world);
beforeEach(() => {
  world = createWorld();
});

const TENANT = '00000000-0000-4000-8000-00000000c0de';
const digests = new Map<string, string>();

/** An incident with a list of its own, which grew out of that of another where one is named. */
async function stored(
  id: string,
  change: Partial<Incident> = {},
  stands: Situation = 'open',
  grownFrom: string | null = null,
) {
  const plan = sealed(planOf({ id: `plan of ${id}`, incident: id, tenant: TENANT, copies: [copyOf(1)], grownFrom }));
  digests.set(id, plan.digest);
  await tell(async (tx) => {
    await tx.incidents.savePlan(plan);
    const own = { tenant: TENANT, id, dedupeKey: `key of ${id}`, planDigest: plan.digest };
    await tx.incidents.createOrRepeat(incidentOf(stands, { ...own, ...change }));
  });
}
async function grew(id: string, parent: string, change: Partial<Incident> = {}): Promise<void> {
  await stored(id, { parent, ...change }, 'open', digests.get(parent) ?? null);
  const detail = { run: null, copies: 1, child: id, childDigest: digests.get(id) ?? '', childHeard: null };
  const planDigest = digests.get(parent) ?? null;
  await tell((tx) => record(world.flow, tx, [{ type: 'plan.grown', incident: parent, planDigest, detail }]));
}
const read = async (id: string): Promise<Incident> => {
  const incident = await tell((tx) => tx.incidents.get(id));
  if (!incident) throw new Error(`${id} is not there`);
  return incident;
};
const around = async (id: string, digest = digests.get(id) ?? '') => {
  const incident = await read(id);
  const lists = await tell((tx) => listsAround(tx, incident, digest));
  return lists && { own: lists.own.id, all: lists.all.map((plan) => plan.id).sort(), children: lists.children };
};
const plansOf = (...ids: readonly string[]) => ids.map((id) => `plan of ${id}`);

describe('a family', () => {
  beforeEach(async () => {
    await stored('CB-1');
    await grew('CB-2', 'CB-1');
    await grew('CB-3', 'CB-2');
    await grew('CB-4', 'CB-1');
    await stored('CB-9');
  });

  it('is what grew out of one, each before what grew out of it', async () => {
    const children = (id: string) => tell((tx) => childrenOf(tx, id));
    expect([await children('CB-1'), await children('CB-2'), await children('CB-3')]).toEqual([
      ['CB-2', 'CB-3', 'CB-4'],
      ['CB-3'],
      [],
    ]);
  });

  it('has one that looks after all of it, and a way back to that', async () => {
    const [last, first] = [await read('CB-3'), await read('CB-1')];
    expect([await tell((tx) => rootOf(tx, last)), await tell((tx) => originsOf(tx, last))]).toMatchObject([
      { id: 'CB-1' },
      ['CB-2', 'CB-1'],
    ]);
    expect([await tell((tx) => rootOf(tx, first)), await tell((tx) => originsOf(tx, first))]).toMatchObject([
      { id: 'CB-1' },
      [],
    ]);
  });

  it('that lost its first stands by what is left of it', async () => {
    const orphan = { ...(await read('CB-4')), parent: 'CB-0' };
    expect([await tell((tx) => rootOf(tx, orphan)), await tell((tx) => originsOf(tx, orphan))]).toMatchObject([
      { id: 'CB-4' },
      [],
    ]);
  });

  it('has all its lists around each of them, and the children of that one', async () => {
    const all = plansOf('CB-1', 'CB-2', 'CB-3', 'CB-4');
    expect([await around('CB-1'), await around('CB-2'), await around('CB-4')]).toEqual([
      { own: 'plan of CB-1', all, children: ['CB-2', 'CB-3', 'CB-4'] },
      { own: 'plan of CB-2', all, children: ['CB-3'] },
      { own: 'plan of CB-4', all, children: [] },
    ]);
  });

  it('has around an older list of one the newer as well, and nothing around one that is not there', async () => {
    const newer = sealed(planOf({ id: 'newer', incident: 'CB-9', tenant: TENANT }));
    const older = digests.get('CB-9') ?? '';
    await tell(async (tx) => {
      await tx.incidents.savePlan(newer);
      await tx.incidents.save('CB-9', { planDigest: newer.digest }, world.flow.clock.now());
    });
    expect(await around('CB-9', older)).toEqual({ own: 'plan of CB-9', all: ['newer', 'plan of CB-9'], children: [] });
    expect(await around('CB-9', 'f'.repeat(64))).toBeNull();
  });

  it('has the lists that one grew out of, also where these are not of the family any more', async () => {
    await stored('CB-5', {}, 'open', digests.get('CB-9'));
    expect((await around('CB-5'))?.all).toEqual(plansOf('CB-5', 'CB-9'));
  });
});

it('copies that no list holds are filed under their list, the second time apart from the first', () => {
  expect([childKey('CB-1', 'd', 0), childKey('CB-1', 'd', 1), childKey('CB-1', 'd', 2)]).toEqual([
    'more than CB-1 d',
    'more than CB-1 d 2',
    'more than CB-1 d 3',
  ]);
});

describe('incidents about the same mail', () => {
  const net = (n: number) => `network aaaaaaaa-0000-4000-8000-00000000000${n}`;
  const filed = (id: string, ...keys: readonly string[]) => tell((tx) => tx.incidents.file(id, keys));
  const twins = async (id: string) => {
    const incident = await read(id);
    return tell((tx) => twinsOf(tx, incident));
  };
  const joined = (id: string, into: string) =>
    tell((tx) => record(world.flow, tx, [{ type: 'incident.joined', incident: id, detail: { into } }]));
  const closed = { planDigest: null } as const;

  it('are told of each other while both are open and known by one id that Exchange gave', async () => {
    for (const id of ['CB-1', 'CB-2', 'CB-3']) await stored(id);
    await filed('CB-1', net(1), 'headers alone');
    await filed('CB-2', net(1));
    await filed('CB-3', net(2), 'headers alone');
    expect([await twins('CB-1'), await twins('CB-3')]).toEqual([[{ id: 'CB-2', joined: false }], []]);
  });

  it('are told of one that was joined to them, and of no other that is closed', async () => {
    await stored('CB-1');
    for (const id of ['CB-2', 'CB-3', 'CB-4']) await stored(id, closed, 'rejected');
    for (const id of ['CB-1', 'CB-2', 'CB-3', 'CB-4']) await filed(id, net(1));
    await joined('CB-2', 'CB-1');
    await joined('CB-3', 'CB-9');
    expect(await twins('CB-1')).toEqual([{ id: 'CB-2', joined: true }]);
  });

  it.each<[string, Partial<Incident>, Situation?]>([
    ['grew out of another', { parent: 'CB-9' }],
    ['is marked', { breach: 'its plan differs' }],
  ])('are not told of where one %s', async (_what, change, stands) => {
    await stored('CB-1');
    await stored('CB-2', change, stands);
    for (const id of ['CB-1', 'CB-2']) await filed(id, net(1));
    expect([await twins('CB-1'), await twins('CB-2')]).toEqual([[], []]);
  });

  it('are not told of any more once this one is closed', async () => {
    await stored('CB-1', {}, 'expired');
    await stored('CB-2');
    for (const id of ['CB-1', 'CB-2']) await filed(id, net(1));
    expect(await twins('CB-1')).toEqual([]);
  });

  it('are told of five at most', async () => {
    for (let n = 1; n < 9; n += 1) {
      await stored(`CB-${n}`);
      await filed(`CB-${n}`, net(1));
    }
    expect(await twins('CB-1')).toHaveLength(5);
  });

  it('go on where the record says last, where they never had a list of their own', async () => {
    await stored('CB-1', closed, 'rejected');
    await stored('CB-2', {}, 'rejected');
    await stored('CB-3', closed, 'open');
    for (const id of ['CB-1', 'CB-2', 'CB-3']) await joined(id, 'CB-8');
    await joined('CB-1', 'CB-9');
    const goesOn = async (id: string) => {
      const incident = await read(id);
      return tell((tx) => joinedInto(tx, incident));
    };
    expect([await goesOn('CB-1'), await goesOn('CB-2'), await goesOn('CB-3')]).toEqual(['CB-9', null, null]);
    await stored('CB-4', closed, 'rejected');
    expect(await goesOn('CB-4')).toBeNull();
  });
});
