import { beforeEach, describe, expect, it } from 'vitest';
import { Policy } from '../../src/core/ask/policy.ts';
import type { LookResult } from '../../src/core/find/plan.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { createFakeMail } from '../support/fake-mail.ts';
import { ANN, BOB, CAS, looking, OMAR } from './looking.ts';

/** A look says what it could not see: that there is no further copy is said only where everything named was looked into. */

let world: World;
const { atRest, cardOf, childrenOf, entries, land, later, looks, planOf, purge, reported, warnings } = looking(
  () => world,
);

beforeEach(async () => {
  world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
  await world.govern(POLICIES[2] as Policy);
});

const CLEAN = /no further copy/;

/** What one mailbox answers from now on. */
function answers(address: string, result: LookResult) {
  const { mail } = world;
  const { locate } = mail;
  mail.locate = async (addresses, wanted) =>
    (await locate(addresses, wanted)).map((one) => (one.address === address ? { ...one, result, messages: [] } : one));
  return () => {
    mail.locate = locate;
  };
}

const WORDS = [
  ['denied', '1 mailbox not looked into: we are not allowed to'],
  ['unreachable', '1 mailbox not looked into: in the directory, but not reachable this way'],
  ['missing', '1 mailbox named as recipient, but nobody in the directory has the address'],
] as const;

describe('a mailbox that tracking names late', () => {
  it.each(WORDS)('and that is %s has words of its own at a set time', async (result, line) => {
    land(ANN);
    const bob = land(BOB, true);
    const id = await reported();
    await purge(id);
    answers(BOB, result);
    world.mail.hunting.late.delete(bob);
    await later(15);
    expect(warnings(id)).toContain(line);
    expect(warnings(id)).not.toContainEqual(expect.stringMatching(CLEAN));
  });

  it.each(WORDS)('and that is %s has words of its own when the run begins', async (result, line) => {
    land(ANN);
    const id = await reported();
    land(BOB);
    answers(BOB, result);
    await purge(id);
    expect(warnings(id)).toContain(line);
    expect(warnings(id)).not.toContainEqual(expect.stringMatching(CLEAN));
  });

  it('is not forgotten when tracking does not answer any more, and is asked for when it does', async () => {
    land(ANN);
    const bob = land(BOB, true);
    const id = await reported();
    await purge(id);
    const heal = answers(BOB, 'denied');
    world.mail.hunting.late.delete(bob);
    await later(15);
    world.mail.hunting.trouble = { status: 'silent' };
    await later(45);
    expect(warnings(id)).toContain(WORDS[0][1]);
    heal();
    await later(180);
    const [child = ''] = await childrenOf(id);
    expect((await planOf(child))?.copies.map(({ message }) => message)).toEqual([bob.message]);
    expect(warnings(id)).not.toContain(WORDS[0][1]);
  });
});

describe('a mailbox that could not be looked into when the list was made', () => {
  it.each(['denied', 'unreachable'] as const)('(%s) is asked again, whatever tracking names', async (result) => {
    land(ANN);
    const bob = land(BOB, true);
    const heal = answers(BOB, result);
    const id = await reported([ANN, BOB]);
    await purge(id);
    heal();
    await later(15);
    const [child = ''] = await childrenOf(id);
    expect((await planOf(child))?.copies.map(({ message }) => message)).toEqual([bob.message]);
  });
});

describe('a mail that agrees only in part', () => {
  it.each(['at a set time', 'when the run begins'])('and turns up %s is told', async (when) => {
    land(ANN);
    const id = await reported([ANN, CAS]);
    if (when === 'at a set time') await purge(id);
    world.copycat(1, CAS);
    if (when === 'at a set time') await later(15);
    else await purge(id);
    expect(warnings(id)).toContainEqual(expect.stringMatching(/^1 mail that may be this one turned up after/));
    expect(warnings(id)).not.toContainEqual(expect.stringMatching(CLEAN));
  });

  it('and turns up beside one that the list has is one more', async () => {
    land(ANN);
    world.copycat(1, CAS);
    const id = await reported([ANN, BOB, CAS]);
    world.copycat(1, BOB);
    await purge(id);
    expect(warnings(id)).toContainEqual(expect.stringMatching(/^1 mail that may be this one turned up after/));
  });

  it('and is in the list already is told there and nowhere else', async () => {
    land(ANN);
    world.copycat(1, CAS);
    const id = await reported([ANN, CAS]);
    await purge(id);
    await later(15);
    expect(warnings(id)).not.toContainEqual(expect.stringMatching(/turned up after/));
    expect(entries(id, 'scope.looked').at(-1)?.detail).toMatchObject({ look: { left: { unsure: 0 } } });
  });
});

describe('a copy in a protected mailbox', () => {
  it.each(['at a set time', 'when the run begins'])('that turns up %s is told', async (when) => {
    await world.govern(
      Policy.parse({ ...POLICIES[2], mailboxes: { protected: [{ name: 'board', addresses: [BOB] }] } }),
    );
    land(ANN);
    const id = await reported();
    if (when === 'at a set time') await purge(id);
    land(BOB);
    if (when === 'at a set time') await later(15);
    else await purge(id);
    expect(warnings(id)).toContain('1 mailbox protected by the policy (board): left alone');
    expect(warnings(id)).not.toContainEqual(expect.stringMatching(CLEAN));
  });
});

describe('tracking that tells not all', () => {
  it.each(['at a set time', 'when the run begins'])('%s is told', async (when) => {
    land(ANN);
    const id = await reported();
    const { hunt } = world.mail;
    if (when === 'at a set time') await purge(id);
    world.mail.hunt = async (ids, patience) => ({ ...(await hunt(ids, patience)), cutOff: true });
    if (when === 'at a set time') await later(15);
    else await purge(id);
    expect(warnings(id)).toContain(
      'Tracking named more than can be followed: there may be copies that are not in this list.',
    );
    expect(warnings(id)).not.toContainEqual(expect.stringMatching(CLEAN));
  });
});

describe('what gave no answer when the run of a later list began', () => {
  it('is asked again soon by the incident that it grew out of', async () => {
    land(ANN);
    const bob = land(BOB, true);
    const id = await reported();
    await purge(id);
    world.mail.hunting.late.delete(bob);
    await later(15);
    const [child = ''] = await childrenOf(id);
    world.mail.hunting.trouble = { status: 'silent' };
    await purge(child);
    world.mail.hunting.trouble = null;
    await later(1);
    expect(looks(id).at(-1)).toBe('trouble 0');
    expect(cardOf(child)?.status).toContain('No copy of the plan is in sight');
    await atRest();
  });

  it('and what grew out of one list is no news to another', async () => {
    land(ANN);
    const [bob, cas] = [land(BOB, true), land(CAS, true)];
    const id = await reported();
    await purge(id);
    world.mail.hunting.late.delete(bob);
    await later(15);
    world.mail.hunting.late.delete(cas);
    await later(45);
    const [first = ''] = await childrenOf(id);
    await purge(first);
    expect([await childrenOf(id), await childrenOf(first)]).toEqual([[first, expect.any(String)], []]);
  });
});

it('a list that is made anew shortly before a look at the old one has its own first look', async () => {
  land(ANN);
  const id = await reported();
  await purge(id);
  for (const [minutes, verb] of [
    [0, 'undo'],
    [12, 'reopen'],
  ] as const) {
    world.pass(minutes);
    await world.press(OMAR, 'slack', verb, id);
    await atRest();
  }
  expect(entries(id, 'incident.reopened')).toHaveLength(1);
  await later(1);
  expect(looks(id)).toEqual([]);
  await later(13);
  expect(looks(id)).toEqual(['lag 0']);
});
