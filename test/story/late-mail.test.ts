import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ofType } from '../../src/core/record/ledger.ts';
import { type Landed, phishingWave } from '../../src/sandbox/attacks.ts';
import { OUT_OF_SIGHT, type Story, startStory } from '../support/story.ts';

/** Hunting shows mail minutes after its delivery; the alert names two of twelve recipients. */
describe('a wave that hunting does not show yet', () => {
  let story: Story;
  let incident: string;
  let landed: Landed;
  let child: string;

  beforeAll(async () => {
    story = await startStory({ employees: 20, seed: 31, limits: { huntingLagMs: [3_600_000, 3_600_000] } });
    ({ incident, landed } = await story.attacked(phishingWave(story.sandbox, 12)));
  });
  afterAll(() => story.close());

  const where = () => landed.copies.map(story.folderOf);
  const inSight = () => where().filter((folder) => folder !== OUT_OF_SIGHT).length;

  it('is planned for whom the alert names, and the card says that there may be more', async () => {
    for (const card of [await story.slackCard(incident), await story.teamsCard(incident)]) {
      expect(card.words).toContain('2 copies in 2 mailboxes');
      expect(card.words).toContain('Advanced hunting named no delivery of this mail');
      expect(card.words).toContain('there may be more copies');
    }
  });

  it('is purged as far as it was approved; what hunting shows by then is asked for in a list of its own', async () => {
    story.sandbox.graph.setLimits({ huntingLagMs: [0, 0] });
    await story.slack('dana', incident, 'purge');
    expect(await story.teams('omar', incident, 'purge')).toContain('Purging 2 copies');
    // The newest cards that name the incident are those of what grew out of it.
    await story.bothSay(incident, '10 copies in 10 mailboxes');
    const ids = (await story.slackCard(incident)).words.match(/CB-\w{6}/g) ?? [];
    child = ids.find((id) => id !== incident) ?? '';
    await story.until('the first card names the second', async () => {
      const [first] = await story.sandbox.slack.messages();
      const words = JSON.stringify(first?.blocks);
      return words.includes(`${child} asks for them`) && words.includes('Purged: 2 removed, seen gone');
    });
    expect(inSight()).toBe(10);
  });

  it('is gone once that list is approved too', async () => {
    await story.slack('dana', child, 'purge');
    expect(await story.teams('omar', child, 'purge')).toContain('Purging 10 copies');
    await story.bothSay(child, 'Purged: 10 removed, seen gone');
    expect(inSight()).toBe(0);
  });

  it('all of it is on record', async () => {
    const { entries, verification } = await story.record(incident);
    expect(entries.filter(ofType('plan.grown')).map(({ detail }) => detail.child)).toEqual([child]);
    const made = entries.find(ofType('plan.made'));
    expect(made?.detail.finders).toMatchObject([{ name: 'hunting', status: 'answered', found: 0 }]);
    expect([verification.ok, verification.differences]).toEqual([true, []]);
  });
});
