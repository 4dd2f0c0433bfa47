import { beforeEach, describe, expect, it } from 'vitest';
import type { TenantPolicy } from '../../src/core/ask/policy.ts';
import { ClawbackError } from '../../src/core/error.ts';
import { askAhead, countingPeople, decidersFor } from '../../src/flow/find/deciders.ts';
import { createWorld, PEOPLE, type World } from '../fault/world.ts';
import { incidentOf, planOf } from '../support/cases.ts';
import { policyWith, ruleFor } from './telling.ts';

/** Who is counted among those who could decide about a list, and how often anybody is asked about them. */

const [ANNA, BEN, CARL] = PEOPLE.map(({ entraId }) => entraId) as [string, string, string];
const NOBODY = '11111111-0000-4000-8000-0000000000ff';
let world: World;
let asked: string[];

beforeEach(() => {
  world = createWorld();
  asked = [];
  const { person } = world.directory;
  world.directory.person = (id) => {
    asked.push(id);
    return person(id);
  };
});

function rolesAre(roles: Readonly<Record<string, readonly string[]>>): TenantPolicy {
  const named = Object.fromEntries(Object.entries(roles).map(([role, people]) => [role, { people: [...people] }]));
  return policyWith([ruleFor(['purge'], { lead: 1 })], { roles: named });
}
const answers = (answer: (id: string) => Error | null) => {
  const { person } = world.directory;
  world.directory.person = (id) => {
    const error = answer(id);
    return error ? Promise.reject(error) : person(id);
  };
};
function becomes(id: string, change: { enabled?: boolean; guest?: boolean }) {
  const is = world.directory.people.get(id);
  if (is) world.directory.people.set(id, { ...is, ...change });
}

describe('somebody who holds a role', () => {
  const look = (id: string) => decidersFor(world.flow, rolesAre({ lead: [id] })).person(id);

  it('is known with their addresses', async () => {
    expect(await look(ANNA)).toEqual({ person: ANNA, addresses: ['person0@contoso.example'] });
  });

  it.each([{ enabled: false }, { guest: true }])('cannot decide at all as %j', async (change) => {
    becomes(ANNA, change);
    expect(await look(ANNA)).toBeNull();
  });

  it('and is not in the directory cannot decide either', async () => {
    expect(await look(NOBODY)).toBeNull();
  });

  it('and cannot be asked about just then is taken to be there', async () => {
    answers(() => new ClawbackError('unavailable', 'the directory does not answer'));
    expect(await look(ANNA)).toEqual({ person: ANNA, addresses: [] });
  });

  it.each([
    new TypeError('a fault of ours'),
    new ClawbackError('invalid', 'the directory does not like the question'),
    Object.assign(new Error('of somebody else'), { code: 'unavailable' }),
  ])('is not taken to be there after whatever else went wrong: %s', async (error) => {
    answers(() => error);
    await expect(look(ANNA)).rejects.toBe(error);
  });

  it('is asked about once, however many ask', async () => {
    const deciders = decidersFor(world.flow, rolesAre({ lead: [ANNA] }));
    await Promise.all([deciders.person(ANNA), deciders.person(ANNA)]);
    await deciders.person(ANNA);
    expect(asked).toEqual([ANNA]);
  });
});

describe('before it is known what is needed', () => {
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('two of each role are asked about, and whoever needs them later asks nobody again', async () => {
    const policy = rolesAre({ lead: [ANNA, BEN, CARL] });
    const deciders = decidersFor(world.flow, policy);
    askAhead(deciders, policy);
    await settled();
    expect(asked).toEqual([ANNA, BEN]);
    await deciders.person(BEN);
    expect(asked).toEqual([ANNA, BEN]);
  });

  it('what goes wrong is met by whoever needs the answer', async () => {
    const policy = rolesAre({ lead: [ANNA] });
    answers(() => new TypeError('a fault of ours'));
    const deciders = decidersFor(world.flow, policy);
    askAhead(deciders, policy);
    await settled();
    await expect(deciders.person(ANNA)).rejects.toThrow('a fault of ours');
  });
});

describe('seats', () => {
  const terms = (seats: Readonly<Record<string, number>>) => ({
    ...planOf().terms.purge,
    is: 'asked' as const,
    seats: Object.entries(seats).map(([role, count]) => ({ role, count })),
  });
  async function lacks(people: Readonly<Record<string, readonly string[]>>, seats: Readonly<Record<string, number>>) {
    const deciders = decidersFor(world.flow, rolesAre(people));
    const plan = planOf({ copies: [], recipients: [] });
    const count = await countingPeople(deciders, plan, incidentOf('open'), Object.keys(people));
    return count(terms(seats) as Parameters<typeof count>[0]);
  }

  it('are lacking people where fewer could press than are asked for', async () => {
    expect([await lacks({ lead: [ANNA] }, { lead: 2 }), await lacks({ lead: [ANNA, BEN] }, { lead: 2 })]).toEqual([
      true,
      false,
    ]);
  });

  it('are not filled by people of another role', async () => {
    expect(await lacks({ lead: [ANNA], analyst: [BEN] }, { lead: 2 })).toBe(true);
    expect(await lacks({ lead: [ANNA], analyst: [BEN] }, { lead: 1, analyst: 1 })).toBe(false);
  });

  it('are not filled by whoever cannot decide at all', async () => {
    becomes(BEN, { guest: true });
    expect(await lacks({ lead: [ANNA, BEN] }, { lead: 2 })).toBe(true);
  });

  it('that nobody is asked to take lack nobody', async () => {
    const deciders = decidersFor(world.flow, rolesAre({ lead: [ANNA] }));
    const count = await countingPeople(deciders, planOf({ copies: [] }), incidentOf('open'), ['lead']);
    expect(await count({ is: 'refused', rule: null, why: 'not here' } as Parameters<typeof count>[0])).toBe(false);
  });

  it('of a role that cannot be asked for are taken to be full', async () => {
    const deciders = { holders: () => Promise.resolve(null), person: () => Promise.resolve(null) };
    const count = await countingPeople(deciders, planOf({ copies: [] }), incidentOf('open'), ['lead']);
    expect(await count(terms({ lead: 1 }) as Parameters<typeof count>[0])).toBe(false);
  });

  it('are counted no further than it is known that there are enough', async () => {
    expect(await lacks({ lead: [ANNA, BEN, CARL] }, { lead: 1 })).toBe(false);
    expect(asked).toEqual([ANNA]);
  });
});
