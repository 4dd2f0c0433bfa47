import { beforeEach, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { createWorld, PEOPLE, POLICIES, type Someone, type World } from '../fault/world.ts';
import { createFakeMail } from '../support/fake-mail.ts';
import { ANN, BOB, CAS, DANA, looking, OMAR } from './looking.ts';

/** A rule that acts first is for what nobody has spoken about: after people had a mail brought back, they are asked. */

const [, , ONE, FIRST] = POLICIES as [Policy, Policy, Policy, Policy];
const [, ANALYST, , LEAD] = PEOPLE as [Someone, Someone, Someone, Someone];
let world: World;
const { atRest, childrenOf, incident, land, later, purge, reported } = looking(() => world);
const stateOf = async (id: string) => (await incident(id))?.stands;
const waits = (waitMs: number) => ({ status: 'throttled', waitMs }) as const;

beforeEach(() => {
  world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
});

/** From now on hunting shows everything, and the policy acts first. */
async function laterUnderActFirst() {
  await world.govern(FIRST);
  world.mail.hunting.late.clear();
  await later(15);
}

it('a new copy that turns up while an undo is under way is asked for', async () => {
  await world.govern(ONE);
  const [ann, bob] = [land(ANN), land(BOB, true)];
  const id = await reported();
  await purge(id);
  world.mail.trouble.push({ method: 'putBack', mailbox: ann.mailbox, answer: waits(1_200_000) });
  await world.press(OMAR, 'slack', 'undo', id);
  await atRest();
  await laterUnderActFirst();
  const [child = ''] = await childrenOf(id);
  expect([await stateOf(id), await stateOf(child), bob.folderId]).toEqual(['running', 'open', 'inbox']);
});

it('a new copy that turns up after people ended the purge early is asked for', async () => {
  await world.govern(ONE);
  const [ann, bob] = [land(ANN), land(BOB, true)];
  const id = await reported();
  world.mail.trouble.push({ method: 'softDelete', mailbox: ann.mailbox, answer: waits(600_000) });
  await purge(id);
  await world.press(DANA, 'slack', 'cancel', id);
  await atRest();
  await laterUnderActFirst();
  const [child = ''] = await childrenOf(id);
  expect([await stateOf(child), bob.folderId]).toEqual(['open', 'inbox']);
});

it('what was rolled back by people is asked for when they look again', async () => {
  await world.govern(FIRST);
  const ann = land(ANN);
  const id = await reported();
  for (const who of [ANALYST, LEAD]) await world.press(who, 'slack', 'undo', id);
  await atRest();
  expect(await stateOf(id)).toBe('restored');
  await world.press(ANALYST, 'slack', 'reopen', id);
  await atRest();
  expect([await stateOf(id), ann.folderId]).toEqual(['open', 'inbox']);
});

it.each(['rejected', 'rolled back'])(
  'a copy that turns up after a list that grew out of the first was %s is asked for',
  async (how) => {
    await world.govern(FIRST);
    land(ANN);
    const [bob, cas] = [land(BOB, true), land(CAS, true)];
    if (how === 'rejected') await world.govern(ONE);
    const id = await reported();
    if (how === 'rejected') await purge(id);
    world.mail.hunting.late.delete(bob);
    await later(15);
    const [first = ''] = await childrenOf(id);
    if (how === 'rejected') await world.press(DANA, 'slack', 'reject', first);
    else for (const who of [ANALYST, LEAD]) await world.press(who, 'slack', 'undo', first);
    await atRest();
    await world.govern(FIRST);
    world.mail.hunting.late.clear();
    await later(45);
    const second = (await childrenOf(id)).find((one) => one !== first) ?? '';
    expect([await stateOf(second), cas.folderId]).toEqual(['open', 'inbox']);
  },
);
