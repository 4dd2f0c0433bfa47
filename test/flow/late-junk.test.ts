import { beforeEach, describe, expect, it } from 'vitest';
import { Policy } from '../../src/core/ask/policy.ts';
import { createWorld, type World } from '../fault/world.ts';
import { type Copy, JUNK, RECOVERABLE } from '../support/fake-mail.ts';
import { lateRequests } from './late-requests.ts';
import { ANN, BOB, DANA, looking } from './looking.ts';

/** Moves to Junk, and their undo, that have their effect when the run they belong to has long been told. */

let world: World;
const { incident, entries, land, reported, cardOf, tell } = looking(() => world);
const { settled, silent, frozenWith, takenOver } = lateRequests(() => world);
let ann: Copy;
let bob: Copy;
let id: string;

const rule = (action: string) => ({
  name: action,
  when: { action: [action] },
  approve: [{ role: 'approver', count: 1 }],
});

beforeEach(async () => {
  world = createWorld();
  await world.govern(Policy.parse({ version: 1, rules: ['purge', 'junk', 'undo'].map(rule) }));
  ann = land(ANN);
  bob = land(BOB);
  id = await reported([ANN, BOB]);
});

const press = (verb: string) => world.press(DANA, 'slack', verb, id);
const stands = async () => (await incident(id))?.stands;
const folders = () => [ann.folderId, bob.folderId];
const late = () => entries(id, 'copy.late').map(({ outcome }) => outcome);
const outcomeOf = ({ message }: Copy) =>
  entries(id, 'copy.outcome').findLast((entry) => entry.message === message)?.outcome;

async function junkedInVain(): Promise<void> {
  const answered = silent('toJunk', ann);
  await press('junk');
  await settled(12, 6);
  answered();
  expect([await stands(), outcomeOf(ann), folders()]).toEqual(['junked', 'stillThere', ['inbox', JUNK]]);
}

describe('a move to Junk that came after it was told as not done', () => {
  it('is seen and told, and the undo takes that copy from there as well', async () => {
    await junkedInVain();
    ann.folderId = JUNK;
    await settled(31, 2);
    expect([outcomeOf(ann), late()]).toEqual(['junked', ['came true']]);
    await press('undo');
    await settled(5, 2);
    expect([await stands(), folders()]).toEqual(['restored', ['inbox', 'inbox']]);
  });

  it('is told of no copy that its owner has deleted', async () => {
    await junkedInVain();
    ann.folderId = RECOVERABLE;
    await settled(31, 2);
    expect([outcomeOf(ann), late()]).toEqual(['stillThere', []]);
  });

  it('after the undo is undone once more: that was the last word', async () => {
    await press('junk');
    const frozen = frozenWith('toJunk');
    await frozen.held;
    await takenOver();
    expect([await stands(), folders()]).toEqual(['junked', [JUNK, JUNK]]);
    await press('undo');
    await settled(31, 4);
    expect([await stands(), folders()]).toEqual(['restored', ['inbox', 'inbox']]);
    await frozen.wakes();
    expect(folders()).toEqual([JUNK, JUNK]);
    await settled(31, 6);
    expect([await stands(), folders()]).toEqual(['restored', ['inbox', 'inbox']]);
    expect(late()).toContain('taken out again');
  });
});

describe('an undo of a move to Junk that came after another move there', () => {
  it('is told, and the mail is left where it is', async () => {
    await press('junk');
    await settled(5, 2);
    await press('undo');
    const frozen = frozenWith('putBack');
    await frozen.held;
    await takenOver();
    expect([await stands(), folders()]).toEqual(['restored', ['inbox', 'inbox']]);
    await press('reopen');
    await settled(20, 4);
    await press('junk');
    await settled(31, 4);
    expect([await stands(), folders()]).toEqual(['junked', [JUNK, JUNK]]);
    await frozen.wakes();
    await settled(31, 6);
    expect([await stands(), folders()]).toEqual(['junked', ['inbox', 'inbox']]);
    expect(new Set(late())).toEqual(new Set(['answered late', 'put back again']));
    expect(cardOf(id)).toMatchObject({ state: 'In Junk Email, with trouble' });
    expect(await tell((tx) => tx.runs.ofIncident(id))).toHaveLength(3);
  });
});
