import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { ANN, BOB, DANA, looking } from './looking.ts';

/** A run that has to wait for a mailbox says so, and what it has done so far. */

let world: World;
const { atRest, cardOf, incident, land, later, reported } = looking(() => world);
beforeEach(async () => {
  world = createWorld();
  await world.govern(POLICIES[2] as Policy);
});

describe('a run that comes to rest', () => {
  it('shows what is done and what waits', async () => {
    land(ANN);
    const bob = land(BOB);
    const id = await reported([ANN, BOB]);
    const answer = { status: 'throttled', waitMs: 3_600_000 } as const;
    world.mail.trouble.push({ method: 'softDelete', mailbox: bob.mailbox, answer });
    await world.press(DANA, 'slack', 'purge', id);
    await atRest();
    expect(cardOf(id)?.progress).toBe('1 of 2 copies checked (50 %); 1 wait for the mail service');
  });

  it('for a moment has nothing to show', async () => {
    const ann = land(ANN);
    const id = await reported();
    const answer = { status: 'throttled', waitMs: 1_000 } as const;
    world.mail.trouble.push({ method: 'softDelete', mailbox: ann.mailbox, answer });
    await world.press(DANA, 'slack', 'purge', id);
    const before = await world.flow.store.transact((tx) => tx.incidents.get(id));
    await world.settle();
    const after = await world.flow.store.transact((tx) => tx.incidents.get(id));
    expect([after?.state, after?.revision]).toEqual(['running', before?.revision]);
  });
});

describe('a containment in which one mailbox asks to wait', () => {
  const asks = (mailbox: string, waitMs: number) =>
    world.mail.trouble.push({
      method: 'softDelete',
      mailbox,
      answer: { status: 'throttled', waitMs } as const,
      always: true,
    });
  async function contained(waitMs: number) {
    await world.govern(POLICIES[3] as Policy);
    const ann = land(ANN);
    asks(land(BOB).mailbox, waitMs);
    return { ann, id: await reported([ANN, BOB]) };
  }

  it.each([60_000, 3_600_000])('for %s ms again and again: people decide about the rest within minutes', async (ms) => {
    const { ann, id } = await contained(ms);
    for (let n = 0; n < 10; n += 1) await later(1);
    expect(cardOf(id)).toMatchObject({ canConfirm: true, canUndo: true });
    expect(cardOf(id)?.troubles.map(({ text }) => text)).toContainEqual(expect.stringContaining('bob@'));
    // Nobody does: without a confirmation it comes back.
    await later(21);
    await world.sweep();
    await atRest();
    expect([(await incident(id))?.stands, ann.folderId]).toEqual(['restored', 'inbox']);
  });

  it('can be ended before, and is then confirmed or rolled back', async () => {
    const { id } = await contained(60_000);
    expect(cardOf(id)).toMatchObject({ canConfirm: false, canCancel: true });
    await world.press(DANA, 'slack', 'cancel', id);
    await atRest();
    expect(cardOf(id)).toMatchObject({ canConfirm: true, canUndo: true });
  });
});
