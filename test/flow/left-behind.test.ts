import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { createFakeMail } from '../support/fake-mail.ts';
import { ANN, BOB, CAS, DANA, looking, OMAR } from './looking.ts';

/** A list that grew out of another has no look of its own: what is left of it is asked for on the card of the first. */

let world: World;
const { atRest, cardOf, childrenOf, incident, land, later, planOf, purge, reported, stuck, warnings } = looking(
  () => world,
);

beforeEach(async () => {
  world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
  await world.govern(POLICIES[2] as Policy);
});

/** BOB's copy is in a list that grew out of the first, and CAS's in one that grew out of that. */
async function grown() {
  land(ANN);
  const [bob, cas] = [land(BOB, true), land(CAS, true)];
  const id = await reported();
  await purge(id);
  world.mail.hunting.late.delete(bob);
  await later(15);
  const [child = ''] = await childrenOf(id);
  return { id, child, bob, cas };
}

const left = (list: string) => `Copies of ${list} may still be readable: “Look again” asks for what is still there.`;

describe('where a list that grew out of another', () => {
  it('was purged in full, the first one is good and offers nothing', async () => {
    const { id, child } = await grown();
    await purge(child);
    expect(cardOf(id)).toMatchObject({ tone: 'good', canReopen: false });
  });

  it.each(['ended early', 'refused'])(
    'had a purge that was %s, the first one says so and asks for its copy',
    async (how) => {
      const { id, child, bob } = await grown();
      const denied = { status: 'refused', why: 'denied', detail: '403' } as const;
      const answer = how === 'refused' ? denied : ({ status: 'throttled', waitMs: 600_000 } as const);
      world.mail.trouble.push({ method: 'softDelete', mailbox: bob.mailbox, answer, always: how === 'refused' });
      await purge(child);
      if (how === 'ended early') await world.press(DANA, 'slack', 'cancel', child);
      await atRest();
      expect([(await incident(child))?.stands, bob.folderId]).toEqual(['purged', 'inbox']);
      expect(cardOf(id)).toMatchObject({ tone: 'bad', canReopen: true });
      expect(warnings(id)).toContain(left(child));
      await world.press(OMAR, 'slack', 'reopen', id);
      await atRest();
      expect((await planOf(id))?.copies.map(({ message }) => message)).toEqual([bob.message]);
    },
  );

  it('had one that grew out of it, about which nobody decided, the first one says so and asks for its copy', async () => {
    const { id, child } = await grown();
    world.mail.hunting.late.clear();
    await purge(child);
    const [grandchild = ''] = await childrenOf(child);
    await later(61);
    await world.sweep();
    await atRest();
    expect((await incident(grandchild))?.stands).toBe('expired');
    expect(cardOf(id)).toMatchObject({ tone: 'bad', canReopen: true });
    expect(warnings(id)).toContain(left(grandchild));
  });

  it('and out of that one holds a copy that is back, its card names the first', async () => {
    const { id, child, cas } = await grown();
    world.mail.hunting.late.clear();
    await purge(child);
    const [grandchild = ''] = await childrenOf(child);
    await purge(grandchild);
    cas.folderId = 'inbox';
    await later(45);
    expect(warnings(grandchild)).toContainEqual(expect.stringContaining(`on the card of ${id} asks for a new list`));
  });
});

describe('what was left open when the purge of a list that grew out of another began', () => {
  it('and a look of the first one answers, its own card says no more', async () => {
    const { child } = await grown();
    world.mail.hunting.trouble = { status: 'silent', detail: '500' } as never;
    await purge(child);
    world.mail.hunting.trouble = null;
    expect(warnings(child)).toContainEqual(expect.stringContaining('It is asked again by itself'));
    await later(5);
    expect(warnings(child)).not.toContainEqual(expect.stringContaining('It is asked again by itself'));
  });

  it('and that is a mailbox, is looked into with the first one, and said to be open until then', async () => {
    const { child } = await grown();
    const heal = stuck(ANN);
    await purge(child);
    const open = expect.stringContaining('1 mailbox gave no clear answer');
    expect(warnings(child)).toContainEqual(open);
    await later(1.5);
    expect(warnings(child)).toContainEqual(open);
    heal();
    await later(45);
    expect(warnings(child)).not.toContainEqual(open);
  });
});
