import { afterEach, describe, expect, it } from 'vitest';
import { phishingWave } from '../../src/sandbox/attacks.ts';
import { type BotProcess, startBot } from '../../src/sandbox/cli/bot-process.ts';
import { expectOnlyApprovedWrites, OUT_OF_SIGHT, type Story, startStory } from '../support/story.ts';

let story: Story;
let bot: BotProcess | null = null;
afterEach(async () => {
  await bot?.kill();
  bot = null;
  await story.close();
});

/** The product in a process of its own, so that it can be killed. */
async function startKillable(): Promise<void> {
  bot = await startBot(story.configFile, story.url, { env: { PATH: '/usr/bin:/bin' }, log: () => undefined });
}

describe('kill -9 in the middle', () => {
  it('a purge of 200 mailboxes under 429s is finished after the restarts, with one outcome per copy', async () => {
    story = await startStory({ employees: 220, seed: 3 });
    await story.stop();
    await startKillable();
    story.sandbox.graph.faults.set({ throttled: { share: 0.08, retryAfter: [0.2, 0.9] }, lostAnswers: 0.05 });
    const { incident, landed } = await story.attacked(phishingWave(story.sandbox, 200));
    await story.slack('dana', incident, 'purge');
    await story.teams('omar', incident, 'purge');
    const gone = () => landed.copies.filter((copy) => story.folderOf(copy) === OUT_OF_SIGHT).length;
    for (const share of [0.1, 0.4, 0.8]) {
      await story.until('the purge is under way', () => gone() >= landed.copies.length * share);
      await bot?.kill();
      await startKillable();
    }
    await story.bothSay(incident, '200 removed, seen gone');
    await bot?.stop();

    expect(gone()).toBe(200);
    expectOnlyApprovedWrites(story.sandbox, landed);
    const { entries, verification } = await story.record(incident);
    const outcomes = entries.filter((entry) => entry.type === 'copy.outcome');
    expect(verification.ok).toBe(true);
    expect(outcomes.map((entry) => entry.outcome)).toEqual(Array.from({ length: 200 }, () => 'removed'));
    expect(new Set(outcomes.map((entry) => entry.message)).size).toBe(200);
    // Each move that was seen had its intent on record first.
    const intents = new Set(entries.filter((entry) => entry.type === 'copy.intent').map((entry) => entry.message));
    expect(story.sandbox.graph.log.writes().every((write) => intents.has(write.message ?? null))).toBe(true);
    expect([(await story.slackCard(incident)).count, (await story.teamsCard(incident)).count]).toEqual([1, 1]);
    // Three restarts; on a shared server each may have to wait until the leases of the dead have run out.
  }, 400_000);

  it('an answer lost after Slack took the card does not make a second card', async () => {
    story = await startStory({ employees: 5, seed: 4 });
    story.sandbox.slack.faults.fail('chat.postMessage', { after: true, answer: 'drop' }, 1);
    const attack = phishingWave(story.sandbox, 3);
    story.land(attack);
    const incident = await story.report(attack);
    await story.bothSay(incident, 'Waiting for approval');
    expect((await story.slackCard(incident)).count).toBe(1);
    // Whoever presses before it is found again is told to press in a few seconds.
    await story.until('the press counts', async () =>
      (await story.slack('dana', incident, 'purge')).includes('1 of 2'),
    );
    expect((await story.slackCard(incident)).count).toBe(1);
  });

  it('nobody decides while the product is down: it expires at the next start, and a late press does not count', async () => {
    story = await startStory({ employees: 5, seed: 6 });
    const { incident, landed } = await story.attacked(phishingWave(story.sandbox, 3));
    await story.slack('dana', incident, 'purge');
    await story.stop();
    await story.start(() => Date.now() + 61 * 60_000);
    await story.bothSay(incident, 'Nobody decided in time');
    expect((await story.slackCard(incident)).words).not.toContain('cb:purge');
    expect(landed.copies.map(story.folderOf)).not.toContain(OUT_OF_SIGHT);
  });

  it('Graph is down when the alert comes: the card says what it does not know, and the plan is made later', async () => {
    story = await startStory({ employees: 5, seed: 8 });
    await story.sandbox.graph.faults.setDown('unavailable');
    const attack = phishingWave(story.sandbox, 3);
    story.land(attack);
    const incident = await story.report(attack);
    await story.bothSay(incident, 'Looking for copies');
    await story.sandbox.graph.faults.setDown('no');
    await story.bothSay(incident, 'Waiting for approval');
  });
});
