import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { type Copy, createFakeMail } from '../support/fake-mail.ts';
import { ANN, DANA, looking } from './looking.ts';

/** What lies in a mailbox beside a copy that is gone: only the copy itself, under another id, is one that was moved. */

const LATER = '2026-11-20T08:03:00Z';
let world: World;
const { atRest, childrenOf, entries, land, later, purge, reported } = looking(() => world);
let ann: Copy;
let id: string;
beforeEach(async () => {
  world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
  await world.govern(POLICIES[2] as Policy);
  ann = land(ANN);
  id = await reported();
});

const isGone = () => world.mail.copies.splice(world.mail.copies.indexOf(ann), 1);
const outcome = () => entries(id, 'copy.outcome').findLast(({ message }) => message === ann.message)?.outcome;

describe('a copy that is gone', () => {
  it('is called moved where the same delivery lies there under another id', async () => {
    isGone();
    land(ANN);
    await purge(id);
    expect(outcome()).toBe('movedByUser');
  });

  it('is not called moved because another delivery lies there', async () => {
    isGone();
    land(ANN).receivedAt = LATER;
    await purge(id);
    expect(outcome()).toBe('vanished');
  });

  it.each([
    ['the list', (_found: Copy) => ann],
    ['the other one', (found: Copy) => found],
  ])('is called moved where %s names no time of arrival that could differ', async (_who, whose) => {
    await atRest();
    Object.assign(whose(ann), { receivedAt: null });
    await world.press(DANA, 'slack', 'reject', id);
    await world.press(DANA, 'slack', 'reopen', id);
    await atRest();
    isGone();
    const found = land(ANN);
    found.receivedAt = LATER;
    Object.assign(whose(found), { receivedAt: null });
    await purge(id);
    expect(outcome()).toBe('movedByUser');
  });

  it('is not called moved because a copy lies there that another list of the mail asks for', async () => {
    land(ANN);
    await later(15);
    expect(await childrenOf(id)).toHaveLength(1);
    isGone();
    await purge(id);
    expect(outcome()).toBe('vanished');
  });

  it('and that was deleted for good by us is called that, whatever else lies there', async () => {
    land(ANN).receivedAt = LATER;
    await world.press(DANA, 'slack', 'hard-purge', id);
    await atRest();
    expect(outcome()).toBe('destroyed');
  });
});
