import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { createFakeMail, RECOVERABLE } from '../support/fake-mail.ts';
import { ANN, BOB, looking, OMAR, shown } from './looking.ts';

/** A copy that was out of sight and is back stays told until it is seen gone, on every card whose list holds it. */

let world: World;
const { atRest, cardOf, childrenOf, entries, incident, land, later, looks, planOf, purge, reported, warnings } =
  looking(() => world);

beforeEach(async () => {
  world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
  await world.govern(POLICIES[2] as Policy);
});

const backIn = (address: string) => expect.stringContaining(`back in a mailbox, ${shown(address)} first`);
const IN_SIGHT = expect.stringContaining('No copy of the plan is in sight');
const unreadable = { status: 'failed', detail: 'no answer' } as const;

/** ANN's copy was purged, and at the first look it was back. */
async function recovered() {
  const ann = land(ANN);
  const id = await reported();
  await purge(id);
  ann.folderId = 'inbox';
  await later(15);
  return { ann, id };
}

/** BOB's copy came in a list of its own, and both were purged. */
async function twoLists() {
  const [ann, bob] = [land(ANN), land(BOB, true)];
  const id = await reported();
  await purge(id);
  world.mail.hunting.late.clear();
  await later(15);
  const [child = ''] = await childrenOf(id);
  await purge(child);
  return { ann, bob, id, child };
}

const places = (id: string) =>
  entries(id, 'copy.recovered').map(({ detail, outcome }) => `${detail.address} ${outcome}`);

describe('a copy that is back', () => {
  it('stays told while its mailbox cannot be read, with the time when it was seen last', async () => {
    const { ann, id } = await recovered();
    world.mail.trouble.push({ method: 'read', mailbox: ann.mailbox, answer: unreadable, always: true });
    await later(45);
    expect(warnings(id)).toContainEqual(backIn(ANN));
    expect(warnings(id)).toContainEqual(
      expect.stringContaining('last seen 20 Nov 08:16 UTC and not to be looked at since'),
    );
    expect(cardOf(id)).toMatchObject({ status: expect.not.stringContaining('in sight'), tone: 'bad' });
    await later(180);
    expect(warnings(id)).toContainEqual(expect.stringContaining('last seen 20 Nov 08:16 UTC'));
  });

  it('is told once, also where an undo could not look at it', async () => {
    const { ann, id } = await recovered();
    const answer = { status: 'denied', detail: '403' } as const;
    world.mail.trouble.push({ method: 'read', mailbox: ann.mailbox, answer, always: true });
    await world.press(OMAR, 'slack', 'undo', id);
    await atRest();
    world.mail.trouble.length = 0;
    await later(45);
    expect(places(id)).toEqual([`${ANN} back`]);
  });

  it('is told no more once it is seen gone', async () => {
    const { ann, id } = await recovered();
    ann.folderId = RECOVERABLE;
    await later(45);
    expect(warnings(id)).not.toContainEqual(backIn(ANN));
    expect(cardOf(id)?.status).toEqual(IN_SIGHT);
    expect(places(id)).toEqual([`${ANN} back`, `${ANN} gone`]);
  });

  it('under another id stays told while its mailbox cannot be searched, until nothing is found there', async () => {
    const ann = land(ANN);
    const id = await reported();
    await purge(id);
    world.mail.copies.splice(0, 1);
    land(ANN);
    await later(15);
    world.mail.trouble.push({ method: 'locate', mailbox: ann.mailbox, answer: { status: 'denied', detail: '403' } });
    await later(45);
    expect(warnings(id)).toContainEqual(backIn(ANN));
    world.mail.copies.length = 0;
    await later(180);
    expect(warnings(id)).not.toContainEqual(backIn(ANN));
    expect(places(id)).toEqual([`${ANN} back`, `${ANN} gone`]);
  });

  it('stands for one: another one with it in the same mailbox is asked for', async () => {
    land(ANN);
    const id = await reported();
    await purge(id);
    world.mail.copies.splice(0, 1);
    land(ANN);
    land(ANN);
    await later(15);
    const [child = ''] = await childrenOf(id);
    expect([(await planOf(child))?.copies.length, places(id)]).toEqual([1, [`${ANN} back`]]);
  });

  it('is told although its owner had deleted it before we came', async () => {
    const ann = land(ANN);
    const id = await reported();
    ann.folderId = RECOVERABLE;
    await purge(id);
    expect(cardOf(id)?.status).toEqual(IN_SIGHT);
    ann.folderId = 'inbox';
    await later(15);
    expect(warnings(id)).toContainEqual(backIn(ANN));
    expect([cardOf(id)?.tone, ann.folderId]).toEqual(['bad', 'inbox']);
  });

  it('is told although it had vanished before we came', async () => {
    const ann = land(ANN);
    const id = await reported();
    world.mail.copies.splice(0, 1);
    await purge(id);
    world.mail.copies.push(ann);
    await later(15);
    expect(warnings(id)).toContainEqual(backIn(ANN));
  });

  it('is removed again when people look again and approve that, and then watched anew', async () => {
    const { ann, id } = await recovered();
    expect(cardOf(id)?.canReopen).toBe(true);
    await world.press(OMAR, 'slack', 'reopen', id);
    await atRest();
    expect(await purge(id)).toBe('purged');
    expect([ann.folderId, cardOf(id)?.status]).toEqual([RECOVERABLE, IN_SIGHT]);
    await later(15);
    expect(cardOf(id)?.status).toEqual(IN_SIGHT);
    expect(warnings(id)).not.toContainEqual(backIn(ANN));
  });
});

describe('a copy of a list that grew out of another', () => {
  it('and that is back is told on the card of that list, which says where to ask for it', async () => {
    const { bob, id, child } = await twoLists();
    expect(cardOf(child)?.status).toEqual(IN_SIGHT);
    bob.folderId = 'inbox';
    await later(45);
    expect(cardOf(child)).toMatchObject({ status: expect.not.stringContaining('in sight'), tone: 'bad' });
    expect(warnings(child)).toContainEqual(
      expect.stringContaining(`Left alone: “Look again” on the card of ${id} asks for a new list.`),
    );
    expect(cardOf(id)?.canReopen).toBe(true);
    bob.folderId = RECOVERABLE;
    await later(180);
    expect(cardOf(child)?.status).toEqual(IN_SIGHT);
  });

  it('stays out of sight although a copy of the first list is back', async () => {
    const { ann, id, child } = await twoLists();
    ann.folderId = 'inbox';
    await later(45);
    expect(cardOf(child)?.status).toEqual(IN_SIGHT);
    expect(warnings(id)).toContainEqual(backIn(ANN));
  });

  it('is looked after although nobody decided about the first list in time', async () => {
    const bob = land(BOB, true);
    land(ANN);
    const id = await reported();
    world.mail.hunting.late.clear();
    await later(15);
    const [child = ''] = await childrenOf(id);
    await purge(child);
    await later(46);
    await world.sweep();
    await atRest();
    expect((await incident(id))?.stands).toBe('expired');
    bob.folderId = 'inbox';
    await later(180);
    expect(looks(id)).toContain('lag 2');
    expect(warnings(child)).toContainEqual(backIn(BOB));
  });
});

describe('when nobody decided in time about a list that grew out of another', () => {
  it('the first one offers to look again, and asks for its copies', async () => {
    const [, bob] = [land(ANN), land(BOB, true)];
    const id = await reported();
    await purge(id);
    world.mail.hunting.late.clear();
    await later(15);
    expect(cardOf(id)?.canReopen).toBe(false);
    const [child = ''] = await childrenOf(id);
    await later(61);
    await world.sweep();
    await atRest();
    expect((await incident(child))?.stands).toBe('expired');
    expect(cardOf(id)?.canReopen).toBe(true);
    await world.press(OMAR, 'slack', 'reopen', id);
    await atRest();
    expect((await planOf(id))?.copies.map(({ message }) => message)).toEqual([bob.message]);
  });
});

describe('a copy that its owner recovered and that was purged once more', () => {
  it('is out once: after the undo there is nothing left to undo', async () => {
    const { ann, id } = await recovered();
    await world.press(OMAR, 'slack', 'reopen', id);
    await atRest();
    expect([await purge(id), ann.folderId, cardOf(id)?.canUndo]).toEqual(['purged', RECOVERABLE, true]);
    await world.press(OMAR, 'slack', 'undo', id);
    await atRest();
    expect([(await incident(id))?.stands, ann.folderId, cardOf(id)?.canUndo]).toEqual(['restored', 'inbox', false]);
    const told = await world.press(OMAR, 'slack', 'details', id);
    expect(told?.reply).toMatchObject({ page: { restorable: 0 } });
  });

  it('for good is not out any more: no undo is offered', async () => {
    const { id } = await recovered();
    await world.press(OMAR, 'slack', 'reopen', id);
    await atRest();
    await world.press(OMAR, 'slack', 'hard-purge', id);
    await atRest();
    expect([(await incident(id))?.stands, world.mail.copies, cardOf(id)?.canUndo]).toEqual(['purged', [], false]);
  });
});
