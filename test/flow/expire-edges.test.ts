import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { expire } from '../../src/flow/decide/expire.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { createFakeMail } from '../support/fake-mail.ts';
import { ANN, BOB, looking, OMAR } from './looking.ts';

/** The timer of a list that grew out of another: the first card is drawn anew when it ends something, and only then. */

const [, , ONE, AT_ONCE] = POLICIES as [Policy, Policy, Policy, Policy];
let world: World;
const { atRest, childrenOf, entries, incident, land, later, purge, reported, tell } = looking(() => world);
beforeEach(() => {
  world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
});

/** BOB's copy came in a list of its own. */
async function twoLists(policy: Policy) {
  await world.govern(policy);
  land(ANN);
  const bob = land(BOB, true);
  const id = await reported();
  world.mail.hunting.late.delete(bob);
  await later(15);
  const [child = ''] = await childrenOf(id);
  return { id, child };
}

/** Whether the timer of the second list has the first card drawn anew. */
async function draws({ id, child }: { readonly id: string; readonly child: string }): Promise<boolean> {
  const before = (await incident(id))?.revision;
  await expire(world.flow, child);
  return (await incident(id))?.revision !== before;
}

describe('the timer of a list that grew out of another', () => {
  it('that ends it has the first card drawn anew, and once more where the process ended before that', async () => {
    const lists = await twoLists(ONE);
    world.pass(61);
    expect([await draws(lists), (await incident(lists.child))?.stands]).toEqual([true, 'expired']);
    expect(await draws(lists)).toBe(true);
    expect(entries(lists.child, 'incident.expired')).toHaveLength(1);
  });

  it('that fires too early changes nothing', async () => {
    const lists = await twoLists(ONE);
    expect([await draws(lists), (await incident(lists.child))?.stands]).toEqual([false, 'open']);
  });

  it('that fires after it was decided about changes nothing', async () => {
    const lists = await twoLists(ONE);
    await purge(lists.child);
    expect([await draws(lists), (await incident(lists.child))?.stands]).toEqual([false, 'purged']);
  });

  it('that somebody has set forward ends nothing', async () => {
    const lists = await twoLists(ONE);
    const now = world.flow.clock.now();
    await tell((tx) => tx.incidents.save(lists.child, { deadline: now }, now));
    expect([await draws(lists), (await incident(lists.child))?.stands]).toEqual([false, 'open']);
    expect((await incident(lists.child))?.breach).toContain('differs from its plan');
  });

  it('that rolls it back leaves the first card to the run', async () => {
    const lists = await twoLists(AT_ONCE);
    expect((await incident(lists.child))?.stands).toBe('contained');
    world.pass(21);
    expect([await draws(lists), (await incident(lists.child))?.stands]).toEqual([false, 'running']);
  });
});

it('a deadline that somebody wrote beside a case that is decided keeps nobody from undoing it', async () => {
  await world.govern(ONE);
  land(ANN);
  const id = await reported();
  await purge(id);
  const now = world.flow.clock.now();
  await tell((tx) => tx.incidents.save(id, { deadline: now }, now));
  await world.press(OMAR, 'slack', 'undo', id);
  await atRest();
  expect((await incident(id))?.stands).toBe('restored');
});
