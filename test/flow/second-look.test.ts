import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { createFakeMail, RECOVERABLE } from '../support/fake-mail.ts';
import { ANN, BOB, CAS, DANA, looking, OMAR, shown } from './looking.ts';

/** A mail is looked for again after its plan was made: what tracking shows late is asked for, and never just taken. */

const [TWO, , ONE, FIRST] = POLICIES as [Policy, Policy, Policy, Policy];
let world: World;
const story = looking(() => world);
const {
  tell,
  incident,
  entries,
  cardOf,
  atRest,
  land,
  planOf,
  looks,
  childrenOf,
  warnings,
  queued,
  reported,
  later,
  purge,
} = story;

beforeEach(() => begin(ONE));

async function begin(policy: Policy) {
  world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
  await world.govern(policy);
}

describe('a second look', () => {
  it('is taken after the lag of hunting and at 1, 4 and 24 hours, and is on record', async () => {
    land(ANN);
    const id = await reported();
    await later(13);
    expect(looks(id)).toEqual([]);
    await later(2);
    expect(looks(id)).toEqual(['lag 0']);
    expect(await purge(id)).toBe('purged');
    await later(45);
    expect(looks(id)).toEqual(['lag 0', 'lag 1']);
    await later(180);
    expect(looks(id)).toEqual(['lag 0', 'lag 1', 'lag 2']);
    await later(1_200);
    expect(looks(id)).toEqual(['lag 0', 'lag 1', 'lag 2', 'lag 3']);
    expect(queued('look')).toEqual([]);
  });

  it('asks hunting, and looks into no mailbox again that was looked into', async () => {
    land(ANN);
    const id = await reported();
    const asked = world.mail.hunting.asked;
    const { locate } = world.mail;
    const addresses: string[] = [];
    world.mail.locate = (wanted, by) => {
      addresses.push(...wanted);
      return locate(wanted, by);
    };
    land(BOB);
    await later(15);
    expect([world.mail.hunting.asked, addresses]).toEqual([asked + 1, [BOB]]);
    expect(await childrenOf(id)).toHaveLength(1);
  });

  it('that finds nothing new says on the next card when it looked', async () => {
    await begin(TWO);
    land(ANN);
    const id = await reported();
    await later(15);
    await world.press(DANA, 'slack', 'purge', id);
    await atRest();
    expect(warnings(id)).toContain('Looked again 20 Nov 08:15 UTC: no further copy.');
  });

  it('is the one that a run begins with, too', async () => {
    land(ANN);
    const id = await reported();
    await purge(id);
    expect(warnings(id)).toContain('Looked again 20 Nov 08:00 UTC: no further copy.');
  });

  it.each(['reject', 'nothing'])('is none once it is closed (%s)', async (how) => {
    land(ANN);
    const id = await reported();
    if (how === 'reject') await world.press(DANA, 'slack', 'reject', id);
    land(BOB);
    await later(15);
    expect(looks(id)).toHaveLength(how === 'reject' ? 0 : 1);
    await later(46);
    await later(60);
    expect(['rejected', 'expired']).toContain((await incident(id))?.stands);
    expect(looks(id)).toHaveLength(how === 'reject' ? 0 : 1);
  });
});

describe('copies that hunting shows late', () => {
  it('are asked for in a list of their own; votes on the open one stay, and nothing is touched', async () => {
    await begin(TWO);
    land(ANN);
    const bob = land(BOB, true);
    const id = await reported();
    await world.press(DANA, 'slack', 'purge', id);
    world.mail.hunting.late.clear();
    await later(15);
    const [child = ''] = await childrenOf(id);
    expect((await planOf(child))?.copies.map(({ message }) => message)).toEqual([bob.message]);
    expect((await planOf(id))?.copies).toHaveLength(1);
    expect(await tell((tx) => tx.decisions.list(id))).toHaveLength(1);
    expect(world.mail.copies.map(({ folderId }) => folderId)).toEqual(['inbox', 'inbox']);
    expect(warnings(id)).toContain(`More copies turned up after this list was made: ${child} asks for them.`);
    expect(warnings(child)).toContainEqual(expect.stringContaining(`turned up after the list of ${id} was made`));
  });

  it('are removed when their own list is approved, and only then', async () => {
    land(ANN);
    const bob = land(BOB, true);
    const id = await reported();
    await purge(id);
    world.mail.hunting.late.clear();
    await later(15);
    expect(bob.folderId).toBe('inbox');
    await purge((await childrenOf(id))[0] ?? '');
    expect(bob.folderId).toBe(RECOVERABLE);
  });

  it('at each look are asked for once, each in a list of their own', async () => {
    land(ANN);
    const id = await reported();
    await purge(id);
    land(BOB);
    await later(15);
    land(CAS);
    await later(45);
    await later(180);
    const children = await childrenOf(id);
    const plans = await Promise.all(children.map(planOf));
    expect(plans.map((plan) => plan?.copies.map(({ address }) => address)).sort()).toEqual([[BOB], [CAS]]);
    expect(warnings(id)).toContainEqual(expect.stringMatching(/^More copies .*: CB-\d+, CB-\d+ ask for them\.$/));
  });

  it('in a mailbox that was looked into are asked for as well', async () => {
    land(ANN);
    const id = await reported([ANN, BOB]);
    await purge(id);
    const [ann, bob] = [land(ANN), land(BOB)];
    await later(15);
    const [child = ''] = await childrenOf(id);
    const messages = (await planOf(child))?.copies.map(({ message }) => message);
    expect(messages?.sort()).toEqual([ann.message, bob.message].sort());
    expect([ann.folderId, bob.folderId]).toEqual(['inbox', 'inbox']);
  });

  it('where the list held none make it anew, with the same card', async () => {
    const ann = land(ANN, true);
    const id = await reported([]);
    expect((await planOf(id))?.copies).toEqual([]);
    world.mail.hunting.late.clear();
    await later(15);
    expect(await childrenOf(id)).toEqual([]);
    expect((await planOf(id))?.copies.map(({ message }) => message)).toEqual([ann.message]);
    expect(cardOf(id)?.canPurge).toBe(true);
  });

  it('are contained at once where a rule acts first, and rolled back when nobody confirms', async () => {
    await begin(FIRST);
    land(ANN);
    const bob = land(BOB, true);
    const id = await reported();
    expect((await incident(id))?.stands).toBe('contained');
    world.mail.hunting.late.clear();
    await later(15);
    const [child = ''] = await childrenOf(id);
    expect([(await incident(child))?.stands, bob.folderId]).toEqual(['contained', RECOVERABLE]);
    world.pass(21);
    await world.sweep();
    await atRest();
    expect([(await incident(child))?.stands, bob.folderId]).toEqual(['restored', 'inbox']);
  });

  it('are not contained while somebody stopped everything', async () => {
    await begin(FIRST);
    land(ANN);
    const bob = land(BOB, true);
    const id = await reported();
    world.mail.hunting.late.clear();
    await world.say(DANA, 'slack', 'stop for a while');
    await later(15);
    expect([await childrenOf(id), bob.folderId]).toEqual([[expect.any(String)], 'inbox']);
  });

  it('after an undo are asked for and not contained', async () => {
    await begin(FIRST);
    land(ANN);
    const bob = land(BOB, true);
    const id = await reported();
    world.pass(21);
    await world.sweep();
    await atRest();
    expect((await incident(id))?.stands).toBe('restored');
    world.mail.hunting.late.clear();
    await later(39);
    const [child = ''] = await childrenOf(id);
    expect([(await incident(child))?.stands, bob.folderId]).toEqual(['open', 'inbox']);
  });
});

describe('copies that we removed', () => {
  it('and that are back are told on the card with the time, and never taken again', async () => {
    const ann = land(ANN);
    const id = await reported();
    await purge(id);
    ann.folderId = 'inbox';
    await later(15);
    expect(warnings(id)).toContainEqual(
      `1 copy that was gone is back in a mailbox, ${shown(ANN)} first, seen 20 Nov 08:16 UTC: recovered by its owner or somebody else, not by an undo from here. Left alone: “Look again” asks for a new list.`,
    );
    expect(cardOf(id)).toMatchObject({
      status: expect.stringContaining(
        'Since then 1 copy that was gone has come back to a mailbox and can be read again.',
      ),
      tone: 'bad',
    });
    expect([ann.folderId, await childrenOf(id)]).toEqual(['inbox', []]);
    expect(entries(id, 'scope.looked').at(-1)?.detail).toMatchObject({ recovered: { copies: 1, first: ANN } });
  });

  it('and that are back under another id are told all the same, and asked for in no list', async () => {
    const ann = land(ANN);
    const id = await reported();
    await purge(id);
    world.mail.copies.splice(world.mail.copies.indexOf(ann), 1);
    land(ANN);
    await later(15);
    expect(warnings(id)).toContainEqual(
      expect.stringContaining(`1 copy that was gone is back in a mailbox, ${shown(ANN)} first`),
    );
    expect(await childrenOf(id)).toEqual([]);
  });

  it('and that another delivery followed in the same mailbox are no reason to say nothing of that one', async () => {
    const ann = land(ANN);
    const id = await reported();
    await purge(id);
    world.mail.copies.splice(world.mail.copies.indexOf(ann), 1);
    land(ANN).receivedAt = '2026-11-20T08:03:00Z';
    await later(15);
    expect(await childrenOf(id)).toHaveLength(1);
  });

  it('in a list that grew out of the first are looked after with it', async () => {
    land(ANN);
    const bob = land(BOB, true);
    const id = await reported();
    await purge(id);
    world.mail.hunting.late.clear();
    await later(15);
    await purge((await childrenOf(id))[0] ?? '');
    bob.folderId = 'inbox';
    await later(45);
    expect(warnings(id)).toContainEqual(
      expect.stringContaining(`1 copy that was gone is back in a mailbox, ${shown(BOB)}`),
    );
  });

  it('and that an undo brought back are no news', async () => {
    const ann = land(ANN);
    const id = await reported();
    await purge(id);
    await world.press(OMAR, 'slack', 'undo', id);
    await atRest();
    expect([(await incident(id))?.stands, ann.folderId]).toEqual(['restored', 'inbox']);
    await later(15);
    expect(entries(id, 'scope.looked').at(-1)?.detail).toMatchObject({ recovered: { copies: 0 }, look: { grown: 0 } });
    expect([ann.folderId, await childrenOf(id)]).toEqual(['inbox', []]);
  });
});
