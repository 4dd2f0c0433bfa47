import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { type Copy, createFakeMail, RECOVERABLE } from '../support/fake-mail.ts';
import { lateRequests } from './late-requests.ts';
import { ANN, BOB, DANA, looking, OMAR } from './looking.ts';

it('what another incident had removed with approval since is not put back as if it had come late', async () => {
  const world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
  const { calledWorse, incident, entries, atRest, land, reported, later } = looking(() => world);
  await world.govern(POLICIES[2] ?? world.flow.policy().policy);
  const ann = land(ANN);
  const first = await reported();
  // No answer comes to the first request, and nothing was done; the second one removes the copy.
  const { softDelete } = world.mail;
  world.mail.softDelete = (targets) => {
    world.mail.softDelete = softDelete;
    const lost = { requestId: '', status: 'unknown', detail: '504' } as const;
    return Promise.resolve(targets.map(({ mailbox, message }) => ({ target: { mailbox, message }, ...lost })));
  };
  await world.press(DANA, 'slack', 'purge', first);
  await atRest();
  await later(0.6);
  await world.press(OMAR, 'slack', 'undo', first);
  for (let n = 0; n < 40 && (await incident(first))?.stands !== 'restored'; n += 1) {
    world.pass(1 / 60);
    await world.settle();
  }
  expect(ann.folderId).not.toBe(RECOVERABLE);

  const second = await calledWorse();
  await world.settle();
  world.pass(2 / 60);
  await world.settle();
  expect(second).not.toBe(first);
  await world.press(DANA, 'slack', 'purge', second);
  await world.settle();
  for (let n = 0; n < 6; n += 1) await later(0.5);
  expect((await incident(second))?.stands).toBe('purged');
  expect(ann.folderId).toBe(RECOVERABLE);
  expect(entries(first, 'copy.late').map(({ outcome }) => outcome)).not.toContain('taken out again');
});

it('a removal that comes true after it was told as not done is told on the card of the other incident, too', async () => {
  const world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
  const { atRest, calledWorse, land, purge, reported, warnings } = looking(() => world);
  await world.govern(POLICIES[2] ?? world.flow.policy().policy);
  const ann = land(ANN);
  const first = await reported();
  await purge(first);
  await world.press(OMAR, 'slack', 'undo', first);
  await atRest();
  const second = await calledWorse();
  await atRest();
  await world.press(OMAR, 'slack', 'reopen', first);
  await atRest();
  const seconds = async (all: number, steps: number) => {
    for (let n = 0; n < steps; n += 1) {
      world.pass(all / steps / 60);
      await world.settle();
    }
  };
  const { softDelete } = world.mail;
  world.mail.softDelete = (targets) => {
    const lost = { requestId: '', status: 'unknown', detail: '504' } as const;
    return Promise.resolve(targets.map(({ mailbox, message }) => ({ target: { mailbox, message }, ...lost })));
  };
  await world.press(DANA, 'slack', 'purge', first);
  await seconds(12, 6);
  world.mail.softDelete = softDelete;
  ann.folderId = RECOVERABLE;
  await seconds(60, 6);
  await atRest();
  expect(warnings(second)).toContainEqual(expect.stringContaining(`removed by ${first}`));
});

describe('what a late removal takes out after the undo, where another incident was approved to remove it since', () => {
  const world = () => worlds.at(-1) as World;
  const worlds: World[] = [];
  const { calledWorse, incident, entries, land, reported } = looking(world);
  const { settled, silent, silentOnce } = lateRequests(world);
  const stateOf = async (id: string) => (await incident(id))?.stands;
  let copies: readonly Copy[];
  let first: string;
  let second: string;
  beforeEach(async () => {
    worlds.push(createWorld(undefined, createFakeMail({ hunting: 'delivered' })));
    await world().govern(POLICIES[2] as Policy);
    copies = [land(ANN), land(BOB)];
    first = await reported([ANN, BOB]);
  });

  /** The other incident finds the first copy where a removal of the first one has just put it. */
  async function purgedInAnother(): Promise<void> {
    expect(await stateOf(first)).toBe('restored');
    second = await calledWorse([ANN, BOB]);
    await settled(4, 2);
    Object.assign(copies[0] as Copy, { folderId: RECOVERABLE });
    await world().press(DANA, 'slack', 'purge', second);
  }

  async function expectItToStayOut(): Promise<void> {
    await settled(180, 18);
    expect([await stateOf(first), await stateOf(second), ...copies.map(({ folderId }) => folderId)]).toEqual([
      'restored',
      'purged',
      RECOVERABLE,
      RECOVERABLE,
    ]);
    expect(entries(first, 'run.started')).toHaveLength(2);
  }

  it('is not put back as part of the undo', async () => {
    const mend = silent('softDelete', copies[0] as Copy);
    await world().press(DANA, 'slack', 'purge', first);
    await settled(12, 6);
    mend();
    await world().press(OMAR, 'slack', 'undo', first);
    await settled(3, 3);
    await purgedInAnother();
    await expectItToStayOut();
  });

  it('is not put back once more', async () => {
    silentOnce('softDelete', copies[0] as Copy);
    await world().press(DANA, 'slack', 'purge', first);
    await settled(6, 3);
    await world().press(OMAR, 'slack', 'undo', first);
    await settled(32, 32);
    await purgedInAnother();
    await expectItToStayOut();
  });
});

it('what an undo puts back late is not called moved by its owner by the undo after it', async () => {
  const world = createWorld(undefined, createFakeMail({ hunting: null }));
  const { incident, cardOf, land, reported } = looking(() => world);
  const { settled, silent } = lateRequests(() => world);
  await world.govern(POLICIES[2] as Policy);
  const [ann, bob] = [land(ANN), land(BOB)];
  const id = await reported([ANN, BOB]);
  await world.press(DANA, 'slack', 'purge', id);
  await settled(4, 2);
  const mend = silent('putBack', ann);
  await world.press(DANA, 'slack', 'undo', id);
  await settled(12, 6);
  mend();
  expect([(await incident(id))?.stands, ann.folderId, bob.folderId]).toEqual(['restored', RECOVERABLE, 'inbox']);
  await world.press(DANA, 'slack', 'undo', id);
  await settled(2, 2);
  Object.assign(ann, { folderId: 'inbox', isRead: false });
  await settled(60, 6);
  expect([(await incident(id))?.stands, cardOf(id)?.tone, cardOf(id)?.canUndo]).toEqual(['restored', 'neutral', false]);
  expect(cardOf(id)?.outcomes).toEqual([{ label: 'Restored, seen back', value: '1 copy' }]);
});
