import { beforeEach, describe, expect, it } from 'vitest';
import type { Policy } from '../../src/core/ask/policy.ts';
import { work } from '../../src/flow/sweep.ts';
import type { Job } from '../../src/ports/jobs.ts';
import { createWorld, POLICIES, type World } from '../fault/world.ts';
import { ANN, BOB, DANA, looking } from './looking.ts';

/** Work that is still queued about something that is not there any more, or is not asked for any more. */

let world: World;
const { atRest, incident, land, reported, tell } = looking(() => world);
beforeEach(async () => {
  world = createWorld();
  await world.govern(POLICIES[2] as Policy);
});

const about = (id: string, run: string): readonly Job[] => [
  { queue: 'scope', incident: id },
  { queue: 'run', run },
  { queue: 'rescope', run },
  { queue: 'look', incident: id, because: 'lag', nth: 1 },
  { queue: 'look', incident: id, because: 'trouble', nth: 1, list: 'd'.repeat(64) },
  { queue: 'elsewhere', run },
  { queue: 'late', run },
  { queue: 'pull', source: id },
  { queue: 'deliver', incident: id, platform: 'slack' },
  { queue: 'deliver', incident: id, platform: 'pigeon' },
  { queue: 'expire', incident: id },
  { queue: 'remind', incident: id },
  { queue: 'nudge', incident: id, platform: 'slack', step: -1 },
  { queue: 'nudge', incident: id, platform: 'slack', step: 0, afterQuiet: true },
  { queue: 'nudge', incident: id, platform: 'pigeon', step: 0 },
];
const named = (jobs: readonly Job[]) => jobs.map((job) => [JSON.stringify(job), job] as const);

/** Everything that anybody could see of it. */
const seen = async () => ({
  entries: world.memory.entries().length,
  effects: world.mail.effects.length,
  jobs: world.memory.jobs().length,
  said: [world.rooms.slack, world.rooms.teams].map(({ cards, nudges }) => [cards.length, nudges.length]),
  incidents: (await tell((tx) => tx.incidents.list(100))).map(({ id, revision }) => [id, revision]),
});

describe('work about an incident or a run that is not there', () => {
  it.each(named(about('CB-9', 'r9')))('ends and leaves nothing: %s', async (_words, job) => {
    land(ANN);
    await reported();
    const before = await seen();
    await work(world.flow, job);
    expect(await seen()).toEqual(before);
  });
});

describe('work about a case that was rejected', () => {
  it.each(named(about('CB-1', 'none')))('ends and leaves nothing: %s', async (_words, asked) => {
    const copies = [land(ANN), land(BOB)];
    const id = await reported([ANN, BOB]);
    await world.press(DANA, 'slack', 'reject', id);
    await atRest();
    const before = await seen();
    await work(world.flow, 'incident' in asked ? { ...asked, incident: id } : asked);
    expect(await seen()).toEqual(before);
    expect([(await incident(id))?.stands, copies.map(({ folderId }) => folderId)]).toEqual([
      'rejected',
      ['inbox', 'inbox'],
    ]);
  });
});

describe('work about a purge that has ended', () => {
  it.each(named(about('CB-1', 'the run')))('changes nothing of it: %s', async (_words, asked) => {
    const copies = [land(ANN), land(BOB)];
    const id = await reported([ANN, BOB]);
    await world.press(DANA, 'slack', 'purge', id);
    await atRest();
    const run = (await tell((tx) => tx.runs.ofIncident(id)))[0]?.id ?? '';
    const before = { ...(await seen()), entries: 0, jobs: 0 };
    await work(
      world.flow,
      'incident' in asked ? { ...asked, incident: id } : 'run' in asked ? { ...asked, run } : asked,
    );
    // A look is told of in the record.
    expect({ ...(await seen()), entries: 0, jobs: 0 }).toEqual(before);
    expect(copies.map(({ folderId }) => folderId)).not.toContain('inbox');
  });
});
