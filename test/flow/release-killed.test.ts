import { describe, expect, inject, it } from 'vitest';
import { inMemory, onDatabase, type Place } from '../fault/crash-place.ts';
import type { Moment } from '../fault/mortal.ts';
import { NEVER, releaseOf } from '../fault/release.ts';
import { createWorld, type World } from '../fault/world.ts';
import { freshDatabase, freshFolder } from '../support/database.ts';
import { createFakeMail } from '../support/fake-mail.ts';

/**
 * A process dies at each moment on the way from what Defender took out to the last copy that is back. The next one goes on: nothing is
 * lost, nothing is listed, asked for or put back twice.
 */

const newWorld = () => createWorld(undefined, createFakeMail({ hunting: 'delivered' }));

/** The nth moment is the last one of a process, and another one brings it to its end. */
async function diesAt(nth: number, world: World, place: Place): Promise<Moment | null> {
  const release = await releaseOf(world, place);
  const death = await release.live({ moment: null, nth });
  if (death) expect(await release.live(NEVER)).toBeNull();
  expect(await release.wrong(), `died at ${JSON.stringify(death)}`).toEqual([]);
  return death;
}

describe('what automation took out', () => {
  it('is listed, asked for and back once, wherever a process dies on the way', async () => {
    const seen = new Set<string>();
    for (let nth = 1; ; nth += 1) {
      const world = newWorld();
      const death = await diesAt(nth, world, inMemory(world));
      if (death === null) break;
      seen.add(`${death.step} ${death.when}`);
    }
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'commit automation.listed within',
        'commit automation.listed after',
        'commit alert.received automation.opened within',
        'commit alert.received automation.opened after',
        'reader.locate after',
        'effects.putBack before',
        'effects.putBack half',
        'effects.putBack after',
        'commit copy.intent within',
        'commit copy.intent after',
        'commit copy.outcome within',
        'commit copy.outcome after',
      ]),
    );
  }, 240_000);

  it.each([40, 90])('nor is it lost on a real database (moment %i)', async (nth) => {
    const fresh = inject('databaseServer') ? await freshDatabase() : freshFolder();
    const world = newWorld();
    const place = await onDatabase(fresh.address, world.flow.tenant.id);
    try {
      await diesAt(nth, world, place);
    } finally {
      await place.close();
      await fresh.drop();
    }
  });
});
