import { describe, expect, inject, it } from 'vitest';
import { startApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createLog } from '../../src/log.ts';
import { phishingWave } from '../../src/sandbox/attacks.ts';
import { freePort } from '../../src/sandbox/cli/configuration.ts';
import { expectOnlyApprovedWrites, startStory } from '../support/story.ts';

/** A PostgreSQL server is shared; the embedded database belongs to one process, and says so to the second. */
const onServer = inject('databaseServer') !== '';

describe('a second Clawback on the same database', () => {
  const meeting = onServer ? sharesTheWork : isRefused;
  it(onServer ? 'shares the work and does nothing twice' : 'is refused with advice, and harms nothing', meeting);
});

async function isRefused(): Promise<void> {
  const story = await startStory({ employees: 4, seed: 12 });
  try {
    const { config, ...loaded } = loadConfig(story.configFile, {});
    const again = startApp(
      { ...loaded, config: { ...config, listen: { ...config.listen, port: await freePort() } } },
      createLog('silent'),
    );
    await expect(again).rejects.toThrow('in use by another Clawback process');
    const { incident } = await story.attacked(phishingWave(story.sandbox, 3));
    expect(await story.slack('dana', incident, 'purge')).toContain('1 of 2');
  } finally {
    await story.close();
  }
}

async function sharesTheWork(): Promise<void> {
  const story = await startStory({ employees: 160, seed: 12 });
  const { config, ...loaded } = loadConfig(story.configFile, {});
  const port = await freePort();
  const second = await startApp(
    { ...loaded, config: { ...config, listen: { ...config.listen, port } } },
    createLog('silent'),
  );
  try {
    const { incident, landed } = await story.attacked(phishingWave(story.sandbox, 150));
    await story.sandbox.connect(second.url);
    await Promise.all([story.slack('dana', incident, 'purge'), story.teams('dana', incident, 'purge')]);
    await story.sandbox.connect(story.url);
    await Promise.all([story.teams('omar', incident, 'purge'), story.teams('lena', incident, 'purge')]);
    await story.bothSay(incident, 'Purged: 150 removed');
    expectOnlyApprovedWrites(story.sandbox, landed);
    expect(story.sandbox.graph.log.writes()).toHaveLength(150);
    expect(story.sandbox.graph.stats().maxPerMailbox).toBeLessThanOrEqual(4);
    expect([(await story.slackCard(incident)).count, (await story.teamsCard(incident)).count]).toEqual([1, 1]);
    await second.stop();
    const { entries, verification } = await story.record(incident);
    expect(verification.ok).toBe(true);
    expect(entries.filter((entry) => entry.type === 'run.started')).toHaveLength(1);
    expect(entries.filter((entry) => entry.type === 'copy.outcome')).toHaveLength(150);
  } finally {
    await second.stop();
    await story.close();
  }
}
