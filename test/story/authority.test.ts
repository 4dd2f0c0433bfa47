import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { phishingWave } from '../../src/sandbox/attacks.ts';
import { OUT_OF_SIGHT, type Story, startStory } from '../support/story.ts';

/** On whose word: nothing moves for somebody who may not say so any more, or for what no card offers. */
let story: Story;
beforeAll(async () => {
  story = await startStory({ employees: 40, seed: 76 });
});
afterAll(() => story.close());

describe('Dana approves, is locked out, and Omar approves after her', () => {
  let attacked: Awaited<ReturnType<Story['attacked']>>;
  const untouched = () => attacked.landed.copies.every((copy) => story.folderOf(copy) !== OUT_OF_SIGHT);

  it('her vote is taken back: card and answer say 1 of 2, and nothing moved', async () => {
    attacked = await story.attacked(phishingWave(story.sandbox, 6));
    const { incident } = attacked;
    expect(await story.slack('dana', incident, 'purge')).toContain('1 of 2');
    story.sandbox.tenant.updateUser('dana', { accountEnabled: false });
    const said = await story.teams('omar', incident, 'purge');
    expect(said).toContain('1 of 2');
    expect(said).toContain('Dana Analyst does not count any more');
    await story.bothSay(incident, 'Waiting for approval: 1 of 2 given');
    expect(untouched()).toBe(true);
  });

  it('Lena makes it two, and every copy is seen gone', async () => {
    const { incident, landed } = attacked;
    expect(await story.teams('lena', incident, 'purge')).toContain('Purging 6 copies');
    await story.bothSay(incident, 'Purged: 6 removed, seen gone');
    expect(new Set(landed.copies.map(story.folderOf))).toEqual(new Set([OUT_OF_SIGHT]));
    story.sandbox.tenant.updateUser('dana', { accountEnabled: true });
  });
});

describe('a client that presses what no card offers', () => {
  it('a made-up “look again” leaves the votes of an open incident alone', async () => {
    const { incident } = await story.attacked(phishingWave(story.sandbox, 3));
    expect(await story.teams('lena', incident, 'purge')).toContain('1 of 2');
    await story.bothSay(incident, '1 of 2 given');
    const draft = story.sandbox.teams.draft('omar', (await story.teamsCard(incident)).id, 'purge');
    const patched = JSON.parse(JSON.stringify(draft).replaceAll('"verb":"purge"', '"verb":"reopen"')) as typeof draft;
    await story.sandbox.teams.raw(patched);
    expect(await story.teams('omar', incident, 'purge')).toContain('Purging 3 copies');
    const { entries, verification } = await story.record(incident);
    expect(entries.filter(({ type }) => type === 'press.refused').map(({ outcome }) => outcome)).toEqual(['not-shown']);
    expect(entries.filter(({ type }) => type === 'incident.reopened')).toEqual([]);
    expect(verification.ok).toBe(true);
  });
});
