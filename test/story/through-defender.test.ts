import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ofType } from '../../src/core/record/ledger.ts';
import { type Landed, phishingWave } from '../../src/sandbox/attacks.ts';
import { OUT_OF_SIGHT, type Story, startStory } from '../support/story.ts';

/** A tenant that lets nobody write into mailboxes: Defender takes the wave out by an order, all of it but one copy. */
describe('a wave that Defender is to take out', () => {
  let story: Story;
  let incident: string;
  let landed: Landed;

  beforeAll(async () => {
    story = await startStory({
      employees: 20,
      seed: 47,
      byDefender: true,
      limits: { huntingLagMs: [0, 0], remediateMs: [700, 900], remediationTellMs: [300, 500] },
    });
    ({ incident, landed } = await story.attacked(phishingWave(story.sandbox, 6)));
  });
  afterAll(() => story.close());

  const where = () => landed.copies.map(story.folderOf);
  const orders = () =>
    story.sandbox.graph.remediations.orders().map(({ action, mails }) => `${action} ${mails.length}`);

  it('is planned from what Defender tells, and both cards say so and what it means for the undo', async () => {
    for (const card of [await story.slackCard(incident), await story.teamsCard(incident)]) {
      expect(card.words).toContain('6 copies in 6 mailboxes; whether they were read is not told');
      expect(card.words).toContain('All 6 copies go through Defender, as it is configured');
      expect(card.words).toContain('back into the Inbox, not into the folder that they were in');
      expect(card.words).toContain('known from Defender alone, as it told');
      expect(card.words).not.toContain('Flag mailboxes');
    }
  });

  it('is taken out as Defender does it; the copy that it never does is told so', async () => {
    story.sandbox.graph.faults.set({ neverRemediated: true }, landed.copies[0]?.userId);
    await story.slack('dana', incident, 'purge');
    expect(await story.teams('omar', incident, 'purge')).toContain('Purging 6 copies');
    await story.bothSay(incident, '5 removed, seen gone');
    await story.bothSay(incident, 'Still in the mailbox of');
    expect(where().toSorted()).toEqual([...Array.from({ length: 5 }, () => OUT_OF_SIGHT), 'Inbox']);
    expect(orders()).toEqual(['softDelete 6', 'softDelete 1']);
  });

  it('is back in the Inbox after the undo', async () => {
    await story.slack('dana', incident, 'undo');
    await story.teams('omar', incident, 'undo');
    // One was in Junk before: Defender knows one way back.
    await story.bothSay(incident, '4 restored, seen back');
    expect(new Set(where())).toEqual(new Set(['Inbox']));
    expect(orders().slice(2)).toEqual(['moveToInbox 5']);
  });

  it('no mailbox was ever asked, and all of it is on record', async () => {
    const asked = story.sandbox.graph.log
      .entries()
      .filter(({ path }) => /^\/users\/[^/?]+\/(?:messages|mailFolders)/.test(path));
    expect(asked).toEqual([]);
    const { entries, verification } = await story.record(incident);
    const outcomes = entries.filter(ofType('copy.outcome')).map(({ outcome }) => outcome);
    const counts = [...Map.groupBy(outcomes, (one) => one)].map(([one, all]) => `${one} ${all.length}`);
    expect(counts.toSorted()).toEqual(['removed 5', 'restored 4', 'restoredElsewhere 1', 'stillThere 1']);
    expect([verification.ok, verification.differences]).toEqual([true, []]);
  });
});
