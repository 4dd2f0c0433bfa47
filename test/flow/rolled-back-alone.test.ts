import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { createWorld, PEOPLE, POLICIES, type Someone, type World } from '../fault/world.ts';
import { type Copy, createFakeMail, RECOVERABLE } from '../support/fake-mail.ts';
import { ANN, BOB, DANA, looking, OMAR } from './looking.ts';

/** Rolling a containment back brings back what that took out, and nothing of what people had approved before it. */

const LEAD = PEOPLE[3] as Someone;
let world: World;
const { atRest, cardOf, incident, land, later, reported } = looking(() => world);
let copies: readonly Copy[];
let id: string;

/** Two copies were contained and confirmed; one was recovered by its owner, looked for again, and contained once more. */
beforeEach(async () => {
  world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
  await world.govern(POLICIES[3] as Policy);
  copies = [land(ANN), land(BOB)];
  id = await reported([ANN, BOB]);
  for (const who of [DANA, LEAD]) await world.press(who, 'slack', 'confirm', id);
  Object.assign(copies[0] as Copy, { folderId: 'inbox' });
  await later(15);
  await world.press(OMAR, 'slack', 'reopen', id);
  await atRest();
  expect([(await incident(id))?.stands, ...copies.map(({ folderId }) => folderId)]).toEqual([
    'contained',
    RECOVERABLE,
    RECOVERABLE,
  ]);
});

async function expectOneBack(): Promise<void> {
  await atRest();
  expect([(await incident(id))?.stands, ...copies.map(({ folderId }) => folderId)]).toEqual([
    'restored',
    'inbox',
    RECOVERABLE,
  ]);
  expect(cardOf(id)?.canUndo).toBe(true);
}

describe('a containment of some copies of a mail whose removal people had approved before', () => {
  it('comes back alone when nobody confirms it', async () => {
    world.pass(21);
    await world.sweep();
    await expectOneBack();
  });

  it('is rolled back alone by people, and the rest by an undo', async () => {
    for (const who of [DANA, LEAD]) await world.press(who, 'slack', 'undo', id);
    await expectOneBack();
    await world.press(OMAR, 'slack', 'undo', id);
    await atRest();
    expect(copies.map(({ folderId }) => folderId)).toEqual(['inbox', 'inbox']);
    expect(cardOf(id)?.canUndo).toBe(false);
  });
});
