import { beforeEach, describe, expect, it } from 'vitest';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { type Copy, RECOVERABLE } from '../support/fake-mail.ts';
import { ANN, DANA, looking } from './looking.ts';

/** A service may only take a removal on: it is told as done when it is seen, and not given up before it had its time. */

let world: World;
const { incident, entries, land, reported, later } = looking(() => world);
let ann: Copy;
let id: string;

beforeEach(async () => {
  world = createWorld();
  await world.govern(POLICIES[2] as (typeof POLICIES)[number]);
  ann = land(ANN);
  id = await reported();
  world.mail.trouble.push({ method: 'softDelete', mailbox: ann.mailbox, answer: { status: 'accepted' }, always: true });
  await world.press(DANA, 'slack', 'purge', id);
  await world.settle();
});

const outcomes = () => entries(id, 'copy.outcome').map(({ outcome }) => outcome);

describe('a removal that was only taken on', () => {
  it('is neither done nor failed while the copy is still in its folder', async () => {
    // Longer than an effect takes that is tried three times and does not hold.
    for (let n = 0; n < 3; n += 1) await later(0.5);
    expect([(await incident(id))?.stands, outcomes(), ann.folderId]).toEqual(['running', [], 'inbox']);
  });

  it('is told as removed once it is seen', async () => {
    await later(1);
    ann.folderId = RECOVERABLE;
    for (let n = 0; n < 3; n += 1) await later(0.5);
    expect([(await incident(id))?.stands, outcomes()]).toEqual(['purged', ['removed']]);
  });

  it('and never comes ends as still there, and is looked at once more after that', async () => {
    for (let second = 0; second < 900 && (await incident(id))?.stands === 'running'; second += 1) {
      world.pass(1 / 60);
      await world.settle();
    }
    expect(outcomes()).toEqual(['stillThere']);
    ann.folderId = RECOVERABLE;
    await later(1);
    expect(outcomes()).toEqual(['stillThere', 'removed']);
  });
});
