import { beforeEach, describe, expect, it } from 'vitest';
import { Policy } from '../../src/core/ask/policy.ts';
import { ClawbackError } from '../../src/core/error.ts';
import { watchSets } from '../../src/flow/find/sets.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { RECOVERABLE } from '../support/fake-mail.ts';
import { ANN, looking } from './looking.ts';

/** A set of protected mailboxes that cannot be read in full stops the purge, and whoever watches is told. */

const BOARD = '44444444-0000-4000-8000-000000000001';
const HIDDEN = 'a group of the policy hides its members: grant Member.Read.Hidden, or name another group';

let world: World;
const { atRest, entries, incident, land, later, looks, planOf, purge, reported, warnings } = looking(() => world);
const WAITS = expect.stringMatching(
  /^Nothing is looked for or removed since 20 Nov 08:\d\d UTC: the protected set “board” of the policy cannot be read in full \(a group of the policy hides its members: grant Member\[\.\]Read\[\.\]Hidden.*\)\. It is tried again by itself; “clawback doctor” says what to mend\.$/,
);
beforeEach(async () => {
  world = createWorld();
  world.directory.groups.set(BOARD, []);
  await world.govern(
    Policy.parse({ ...POLICIES[2], mailboxes: { protected: [{ name: 'board', entraGroups: [BOARD] }] } }),
  );
});

function hide() {
  const { members } = world.directory;
  Object.assign(world.directory, { members: () => Promise.reject(new ClawbackError('unavailable', HIDDEN)) });
  return () => Object.assign(world.directory, { members });
}

describe('a protected set that hides its members', () => {
  it('keeps a plan from being made, until it can be read', async () => {
    const show = hide();
    land(ANN);
    const id = await reported();
    expect(await planOf(id)).toBeNull();
    show();
    world.pass(5);
    await world.sweep();
    await atRest();
    expect((await planOf(id))?.copies).toHaveLength(1);
  });

  it('stops an approved purge before its first copy', async () => {
    const ann = land(ANN);
    const id = await reported();
    const show = hide();
    const [, dana] = world.people;
    await world.press(dana as never, 'slack', 'purge', id);
    await atRest();
    expect([(await incident(id))?.stands, ann.folderId]).toEqual(['running', 'inbox']);
    show();
    world.pass(1);
    await world.sweep();
    await atRest();
    expect([(await incident(id))?.stands, ann.folderId]).toEqual(['purged', RECOVERABLE]);
  });

  it('is named on the card with the reason before there is a plan, until it can be read', async () => {
    const show = hide();
    land(ANN);
    const id = await reported();
    expect(warnings(id)).toEqual([WAITS]);
    show();
    world.pass(5);
    await world.sweep();
    await atRest();
    expect(warnings(id)).not.toContainEqual(WAITS);
  });

  it('is named on the card of an approved purge, until it can be read', async () => {
    land(ANN);
    const id = await reported();
    const show = hide();
    await purge(id);
    expect(warnings(id)).toContainEqual(WAITS);
    await world.sweep();
    await later(1);
    expect(entries(id, 'sets.checked')).toHaveLength(1);
    show();
    world.pass(1);
    await world.sweep();
    await atRest();
    expect(warnings(id)).not.toContainEqual(WAITS);
    expect(entries(id, 'sets.checked').map(({ outcome }) => outcome)).toEqual(['unreadable', 'readable']);
  });

  it('is named on the card of a list that cannot be looked after', async () => {
    land(ANN);
    const id = await reported();
    await purge(id);
    hide();
    await later(15);
    expect([looks(id), warnings(id)]).toEqual([[], expect.arrayContaining([WAITS])]);
  });

  it('is told to whoever watches, who does not wear the directory out', async () => {
    let asked = 0;
    const { members } = world.directory;
    const counted = (id: string) => {
      asked += 1;
      return members(id);
    };
    Object.assign(world.directory, { members: counted });
    const check = watchSets(world.flow);
    expect([await check(), await check(), asked]).toEqual([null, null, 1]);
    hide();
    world.pass(1);
    expect(await check()).toBe(`the protected set “board” cannot be read in full, so nothing is removed: ${HIDDEN}`);
  });
});

describe('a protected set that names the address of a list', () => {
  const LIST = 'board@contoso.example';
  const protect = () =>
    world.govern(Policy.parse({ ...POLICIES[2], mailboxes: { protected: [{ name: 'board', addresses: [LIST] }] } }));

  it('protects everybody on it', async () => {
    const ann = land(ANN);
    world.directory.lists.set(LIST, { members: [ann.mailbox] });
    await protect();
    const plan = await planOf(await reported());
    expect([plan?.copies, ann.folderId]).toEqual([[], 'inbox']);
  });

  it('keeps a plan from being made while it cannot be opened', async () => {
    land(ANN);
    world.directory.listsDenied = true;
    await protect();
    expect(await planOf(await reported())).toBeNull();
  });
});
