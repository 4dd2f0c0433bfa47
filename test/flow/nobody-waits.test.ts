import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { work } from '../../src/flow/sweep.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { createFakeMail, RECOVERABLE } from '../support/fake-mail.ts';
import { ANN, BOB, DANA, looking, shown } from './looking.ts';

/** What does not answer keeps nobody waiting: the plan is made and approved without it, and it is asked again. */

const [, , ONE] = POLICIES as [Policy, Policy, Policy];
let world: World;
const story = looking(() => world);
const { atRest, cardOf, childrenOf, entries, land, later, looks, planOf, purge, reported, stuck, warnings } = story;

beforeEach(() => begin(ONE));

async function begin(policy: Policy) {
  world = createWorld(undefined, createFakeMail({ hunting: 'delivered' }));
  await world.govern(policy);
}

describe('what gave no answer', () => {
  it('is named on the card of a plan that is made without it, and looked into again after a minute', async () => {
    land(ANN);
    const bob = land(BOB);
    const heal = stuck(BOB);
    const id = await reported([ANN, BOB]);
    expect(cardOf(id)?.canPurge).toBe(true);
    expect(warnings(id)).toContain(
      `1 mailbox not looked into: no clear answer, ${shown(BOB)} first. Looked into again by itself.`,
    );
    heal();
    await later(1);
    expect(looks(id)).toEqual(['trouble 0']);
    const [child = ''] = await childrenOf(id);
    expect((await planOf(child))?.copies.map(({ message }) => message)).toEqual([bob.message]);
  });

  it('is asked later and later, and then only at the times that are set; its answer is told', async () => {
    land(ANN);
    world.mail.open(BOB);
    const heal = stuck(BOB);
    const id = await reported([ANN, BOB]);
    for (let half = 0; half < 14; half += 1) await later(0.5);
    expect(looks(id)).toEqual(['trouble 0', 'trouble 1', 'trouble 2']);
    expect(entries(id, 'scope.looked').at(-1)?.detail).toMatchObject({ look: { failed: 1, failedFirst: BOB } });
    heal();
    await later(8);
    expect(looks(id).at(-1)).toBe('trouble 3');
    expect(warnings(id)).toEqual([expect.stringMatching(/^Looked again 20 Nov 08:\d\d UTC: no further copy\.$/)]);
  });

  it('hunting that is busy is left alone for as long as it asks, and its answer is asked for then', async () => {
    land(ANN);
    const bob = land(BOB);
    world.mail.hunting.trouble = { status: 'busy', waitMs: 180_000 };
    const id = await reported();
    expect((await planOf(id))?.copies).toHaveLength(1);
    world.mail.hunting.trouble = null;
    await later(1.5);
    expect(looks(id)).toEqual([]);
    await later(1);
    expect(looks(id)).toEqual(['trouble 0']);
    const [child = ''] = await childrenOf(id);
    expect((await planOf(child))?.copies.map(({ message }) => message)).toEqual([bob.message]);
    expect(warnings(id).filter((text) => text.includes('asked to wait'))).toEqual([]);
  });
});

describe('an approved purge while hunting does not answer', () => {
  it('begins on the approved list at once; what hunting adds comes in a list of its own', async () => {
    const ann = land(ANN);
    const id = await reported();
    const bob = land(BOB);
    let answer: () => void = () => undefined;
    const { hunt } = world.mail;
    world.mail.hunt = async (ids, patience) => {
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return hunt(ids, patience);
    };
    await world.press(DANA, 'slack', 'purge', id);
    const jobs = world.memory.jobs();
    const rescopes = jobs.filter(({ job }) => job.queue === 'rescope');
    expect(rescopes).toEqual([]);
    for (const queued of jobs.filter(({ job }) => job.queue === 'run')) {
      world.memory.take(queued);
      await work(world.flow, queued.job);
    }
    expect([ann.folderId, bob.folderId]).toEqual([RECOVERABLE, 'inbox']);
    const settled = world.settle();
    await new Promise((resolve) => setTimeout(resolve, 5));
    answer();
    await settled;
    await atRest();
    expect(await childrenOf(id)).toHaveLength(1);
    expect(bob.folderId).toBe('inbox');
  });

  it('and that is busy when it begins is asked again by itself', async () => {
    land(ANN);
    const id = await reported();
    const bob = land(BOB);
    world.mail.hunting.trouble = { status: 'busy', waitMs: 90_000 };
    expect(await purge(id)).toBe('purged');
    world.mail.hunting.trouble = null;
    await later(1.5);
    expect(looks(id)).toEqual(['trouble 0']);
    const [child = ''] = await childrenOf(id);
    expect((await planOf(child))?.copies.map(({ message }) => message)).toEqual([bob.message]);
  });
});
