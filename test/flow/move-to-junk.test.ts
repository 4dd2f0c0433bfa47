import { beforeEach, describe, expect, it } from 'vitest';
import { Policy } from '../../src/core/ask/policy.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { type Copy, createFakeMail, JUNK, RECOVERABLE } from '../support/fake-mail.ts';
import { ANN, BOB, DANA, looking, shown } from './looking.ts';

/** Into Junk Email, where its owner still sees it: never called removed, and taken from there by the undo. */

let world: World;
const { atRest, cardOf, childrenOf, entries, incident, land, later, reported, warnings } = looking(() => world);

const rule = (action: string) => ({
  name: action,
  when: { action: [action] },
  approve: [{ role: 'approver', count: 1 }],
});
const policy = Policy.parse({ version: 1, rules: ['purge', 'junk', 'flag', 'undo'].map(rule) });

beforeEach(async () => {
  world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
  await world.govern(policy);
});

async function press(id: string, verb: string): Promise<void> {
  await world.press(DANA, 'slack', verb, id);
  await atRest();
}
async function pressed(verb: string): Promise<string> {
  const id = await reported();
  await press(id, verb);
  return id;
}
const stands = async (id: string) => (await incident(id))?.stands;
const outcomes = (id: string) =>
  entries(id, 'copy.outcome').map(({ detail, outcome }) => `${detail.action} ${outcome}`);
const notes = (id: string) => entries(id, 'copy.outcome').map(({ detail }) => detail.note);
const offered = (id: string) => cardOf(id)?.actions.map((action) => action.id) ?? [];
const places = (...copies: Copy[]) => copies.map(({ folderId }) => folderId);
const undoLabel = (id: string) => cardOf(id)?.actions.find((action) => action.id === 'undo')?.label;

describe('a move to Junk', () => {
  it('is offered only where a rule of the policy names it', async () => {
    land(ANN);
    const named = await reported();
    expect(offered(named)).toContain('junk');
    world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
    await world.govern(POLICIES[2] as Policy);
    land(ANN);
    expect(offered(await reported())).toEqual(['purge', 'hard-purge', 'flag', 'reject', 'details']);
  });

  it('puts each copy into Junk Email, and says of each that it was seen there', async () => {
    const copies = [land(ANN), land(BOB)];
    const id = await pressed('junk');
    expect(places(...copies)).toEqual([JUNK, JUNK]);
    expect([await stands(id), outcomes(id)]).toEqual(['junked', ['junk junked', 'junk junked']]);
    expect(notes(id)).toEqual(Array(2).fill('seen in Junk Email, where its owner can still open it'));
  });

  it('is nowhere called removed or gone, and names no day until which it can be undone', async () => {
    land(ANN);
    const id = await pressed('junk');
    const card = cardOf(id);
    expect(card).toMatchObject({ state: 'In Junk Email', tone: 'good', undoUntil: '' });
    expect(card?.status).toMatch(
      /^Moved to Junk Email: 1 in Junk Email, seen there\. Each was seen there by .* Owners can still open the mail there\.$/,
    );
    expect(JSON.stringify(card)).not.toMatch(/removed|gone|Recoverable/i);
  });

  it('of a copy that is there already does nothing, and an undo leaves it there', async () => {
    const [ann, bob] = [land(ANN), land(BOB)];
    bob.folderId = JUNK;
    const id = await pressed('junk');
    expect(outcomes(id).sort()).toEqual(['junk alreadyJunk', 'junk junked']);
    expect(world.mail.effects).toHaveLength(1);
    await press(id, 'undo');
    expect([places(ann, bob), world.mail.effects.length]).toEqual([['inbox', JUNK], 2]);
  });

  it('moves both of two copies in a mailbox, and the undo both back', async () => {
    const copies = [land(ANN), land(ANN)];
    const id = await pressed('junk');
    expect(places(...copies)).toEqual([JUNK, JUNK]);
    await press(id, 'undo');
    expect(places(...copies)).toEqual(['inbox', 'inbox']);
  });

  it('leaves what its owner has deleted since', async () => {
    const ann = land(ANN);
    const id = await reported();
    ann.folderId = RECOVERABLE;
    await press(id, 'junk');
    expect([places(ann), outcomes(id)]).toEqual([[RECOVERABLE], ['junk alreadyGone']]);
  });

  it('takes it from where its owner has moved it since, and the undo goes there', async () => {
    const ann = land(ANN);
    const id = await reported();
    ann.folderId = 'saved';
    await press(id, 'junk');
    expect(places(ann)).toEqual([JUNK]);
    await press(id, 'undo');
    expect(places(ann)).toEqual(['saved']);
  });

  it('asks nothing of a mailbox without Junk Email, and names it', async () => {
    const ann = land(ANN);
    world.mail.withoutJunk.add(ann.mailbox);
    const id = await pressed('junk');
    expect([places(ann), outcomes(id), world.mail.effects]).toEqual([['inbox'], ['junk stillThere'], []]);
    expect(notes(id)).toEqual(['its mailbox has no Junk Email folder: left where it is']);
    expect(cardOf(id)).toMatchObject({ state: 'In Junk Email, with trouble', tone: 'bad' });
    expect(cardOf(id)?.troubles).toContainEqual({ text: `Still in the mailbox of ${shown(ANN)}.` });
  });

  it('whose answer was lost is settled by looking', async () => {
    const { mailbox } = land(ANN);
    world.mail.trouble.push({ method: 'toJunk', mailbox, answer: { status: 'unknown', detail: 'socket hang up' } });
    const id = await pressed('junk');
    expect([outcomes(id), world.mail.effects.length]).toEqual([['junk junked'], 1]);
  });

  it('after a flag keeps its marks, and so does the undo', async () => {
    const ann = land(ANN);
    const id = await pressed('flag');
    const { categories } = ann;
    await press(id, 'junk');
    expect([places(ann), await stands(id)]).toEqual([[JUNK], 'junked']);
    await press(id, 'undo');
    expect(ann).toMatchObject({ folderId: 'inbox', flag: 'flagged', categories });
    expect(outcomes(id)).toEqual(['flag flagged', 'junk junked', 'restore restored']);
  });

  it('leaves copies that turn up later to an approval of their own, for Junk as well', async () => {
    land(ANN);
    const bob = land(BOB, true);
    const id = await pressed('junk');
    world.mail.hunting.late.clear();
    await later(15);
    const [child = ''] = await childrenOf(id);
    expect([places(bob), offered(child).includes('junk')]).toEqual([['inbox'], true]);
    await press(child, 'junk');
    expect([places(bob), await stands(child)]).toEqual([[JUNK], 'junked']);
  });

  it('is not told as come back when its owner moves it, as what was removed is', async () => {
    const ann = land(ANN);
    const id = await pressed('junk');
    ann.folderId = 'inbox';
    await later(15);
    expect(warnings(id).filter((line) => line.includes('back in a mailbox'))).toEqual([]);
  });
});

describe('the undo of a move to Junk', () => {
  it('is called what it is, and puts the copy where it was', async () => {
    const ann = land(ANN);
    const before = { ...ann };
    const id = await pressed('junk');
    expect(undoLabel(id)).toBe('Undo the move to Junk');
    await press(id, 'undo');
    expect(ann).toEqual(before);
    expect([await stands(id), outcomes(id).at(-1)]).toEqual(['restored', 'restore restored']);
  });

  it.each([
    ['moved out by its owner', 'saved'],
    ['moved back to the Inbox by its owner', 'inbox'],
    ['deleted by its owner', RECOVERABLE],
  ])('leaves what was %s, and says so', async (_what, folderId) => {
    const ann = land(ANN);
    const id = await pressed('junk');
    ann.folderId = folderId;
    await press(id, 'undo');
    expect([places(ann), outcomes(id).at(-1)]).toEqual([[folderId], 'restore movedByUser']);
    expect(world.mail.effects.map(({ method }) => method)).toEqual(['toJunk']);
  });

  it('puts back what its owner has read there, still read, and says that this was changed since', async () => {
    const ann = land(ANN);
    const id = await pressed('junk');
    ann.isRead = true;
    await press(id, 'undo');
    expect(ann).toMatchObject({ folderId: 'inbox', isRead: true });
    expect(notes(id).at(-1)).toBe('seen in its folder, read state changed since, left so');
    expect(cardOf(id)?.outcomes).toEqual([{ label: 'Restored, later changes kept', value: '1 copy' }]);
  });

  it('says of what is in no folder any more that it cannot be put back', async () => {
    const ann = land(ANN);
    const id = await pressed('junk');
    world.mail.copies.splice(world.mail.copies.indexOf(ann), 1);
    await press(id, 'undo');
    expect(notes(id).at(-1)).toBe('no longer in Junk Email: it cannot be restored');
  });
});

describe('a purge after a move to Junk', () => {
  async function purged() {
    const ann = land(ANN);
    const id = await pressed('junk');
    await press(id, 'reopen');
    await press(id, 'purge');
    return { ann, id };
  }

  it('takes the copy out of Junk Email', async () => {
    const { ann, id } = await purged();
    expect([places(ann), await stands(id), undoLabel(id)]).toEqual([[RECOVERABLE], 'purged', 'Undo the purge']);
  });

  it('is undone to Junk Email, where the copy was before it, and the card says so', async () => {
    const { ann, id } = await purged();
    await press(id, 'undo');
    expect([places(ann), notes(id).at(-1)]).toEqual([
      [JUNK],
      'seen in Junk Email, where it was, read state and flags as before',
    ]);
    expect(cardOf(id)?.status).toContain('What lay in Junk Email before the purge is there again');
    expect(undoLabel(id)).toBe('Undo the move to Junk');
  });

  it('once undone leaves the move to Junk to be undone as well, to the Inbox', async () => {
    const { ann, id } = await purged();
    await press(id, 'undo');
    await press(id, 'undo');
    expect([places(ann), outcomes(id)]).toEqual([
      ['inbox'],
      ['junk junked', 'purge removed', 'restore restored', 'restore restored'],
    ]);
    expect(offered(id)).not.toContain('undo');
  });

  it('of a copy that its owner had taken out of Junk Email is undone to where that was, and once', async () => {
    const ann = land(ANN);
    const id = await pressed('junk');
    ann.folderId = 'inbox';
    await press(id, 'reopen');
    await press(id, 'purge');
    await press(id, 'undo');
    expect([places(ann), offered(id).includes('undo')]).toEqual([['inbox'], false]);
    expect(cardOf(id)?.status).not.toContain('Junk');
  });
});
