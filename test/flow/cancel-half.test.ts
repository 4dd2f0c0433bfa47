import { beforeEach, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { RECOVERABLE } from '../support/fake-mail.ts';
import { ANN, BOB, DANA, looking } from './looking.ts';

/** An undo that is ended early leaves nothing half done: what is in its folder again gets its marks as well. */

let world: World;
const { atRest, entries, land, later, purge, reported } = looking(() => world);
beforeEach(async () => {
  world = createWorld();
  await world.govern(POLICIES[2] as Policy);
});

it('a copy that is back without its marks gets them, and one that is not back stays out', async () => {
  const [ann, bob] = [land(ANN), land(BOB)];
  ann.isRead = true;
  const id = await reported([ANN, BOB]);
  // The removal itself loses the read state: what somebody has changed since would be kept.
  const { softDelete } = world.mail;
  world.mail.softDelete = async (targets, term) => {
    const effects = await softDelete(targets, term);
    ann.isRead = false;
    return effects;
  };
  expect(await purge(id)).toBe('purged');
  const { putBack } = world.mail;
  world.mail.putBack = async (orders) => {
    world.mail.putBack = putBack;
    Object.assign(ann, { folderId: 'inbox', isRead: false });
    await world.press(DANA, 'slack', 'cancel', id);
    const detail = 'ErrorInternalServerError';
    return orders.map((target) => ({ target, requestId: 'first', status: 'refused', why: 'failed', detail }) as const);
  };
  await world.press(DANA, 'slack', 'undo', id);
  await atRest();
  for (let n = 0; n < 5; n += 1) await later(1);
  expect([ann.folderId, ann.isRead, bob.folderId]).toEqual(['inbox', true, RECOVERABLE]);
  const ends = entries(id, 'copy.outcome').slice(2);
  expect(new Map(ends.map(({ message, outcome }) => [message, outcome]))).toEqual(
    new Map([
      [ann.message, 'restored'],
      [bob.message, 'cancelled'],
    ]),
  );
});
