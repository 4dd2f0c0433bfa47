import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Landed, phishingWave } from '../../src/sandbox/attacks.ts';
import { expectOnlyApprovedWrites, OUT_OF_SIGHT, type Story, startStory } from '../support/story.ts';

describe('two people, one in Slack and one in Teams, take a phishing wave back out', () => {
  let story: Story;
  let incident: string;
  let landed: Landed;
  const folders = new Map<string, string>();

  beforeAll(async () => {
    story = await startStory({ employees: 60, seed: 11 });
    ({ incident, landed } = await story.attacked(phishingWave(story.sandbox, 40)));
    for (const copy of landed.copies) folders.set(copy.messageId, story.folderOf(copy));
  });
  afterAll(() => story.close());

  it('the card tells reach, proposal and digest in both chats', async () => {
    for (const card of [await story.slackCard(incident), await story.teamsCard(incident)]) {
      expect(card.words).toContain('40 copies in 40 mailboxes');
      expect(card.words).toContain('May be this mail: left alone unless you take it in');
      expect(card.words).toContain('2 approvals by people who neither received nor reported the mail');
    }
  });

  it('Emma, who received the mail, is refused; a guest is refused', async () => {
    expect(await story.teams('emma', incident, 'purge')).toContain('received this mail yourself');
    expect(await story.slack('gus', incident, 'purge')).toContain('Guests cannot decide');
  });

  it('Dana presses twice, in two chats, and counts once', async () => {
    expect(await story.slack('dana', incident, 'purge')).toContain('1 of 2');
    await story.bothSay(incident, 'Waiting for approval: 1 of 2 given');
    expect(await story.teams('dana', incident, 'purge')).toContain('counted already');
  });

  it('Omar completes the quorum, and every copy is seen gone', async () => {
    expect(await story.teams('omar', incident, 'purge')).toContain('Purging 40 copies');
    await story.bothSay(incident, 'Purged: 40 removed, seen gone');
    expect(new Set(landed.copies.map(story.folderOf))).toEqual(new Set([OUT_OF_SIGHT]));
  });

  it('nothing but the approved copies was written to, each exactly once', () => {
    expectOnlyApprovedWrites(story.sandbox, landed);
    expect(story.sandbox.graph.log.writes()).toHaveLength(40);
  });

  it('no mailbox ever had more than four requests under way', () => {
    expect(story.sandbox.graph.stats().maxPerMailbox).toBeLessThanOrEqual(4);
  });

  it('a late press is answered and changes nothing', async () => {
    const card = await story.slackCard(incident);
    expect(card.words).not.toContain('cb:purge');
    await expect(story.sandbox.slack.click('lena', card.id, 'cb:purge')).rejects.toThrow('could not click');
  });

  it('the undo puts every copy back where it was', async () => {
    await story.slack('dana', incident, 'undo');
    expect(await story.teams('omar', incident, 'undo')).toContain('Restoring 40 copies');
    await story.bothSay(incident, 'Undone: 40 restored, seen back');
    expect(landed.copies.map(story.folderOf)).toEqual(landed.copies.map((copy) => folders.get(copy.messageId)));
  });

  it('an undo keeps read state, flags and categories', () => {
    const seen = landed.copies.map((copy) =>
      story.sandbox.tenant.look(copy.userId).messages.find((item) => item.immutableId === copy.messageId),
    );
    expect(seen.filter((item) => item?.isRead)).toHaveLength(10);
    expect(
      seen.filter((item) => item?.flagStatus === 'flagged' && item.categories.includes('Project Orange')),
    ).toHaveLength(5);
  });

  it('the record tells who approved what, and its chain is whole', async () => {
    const { entries, verification } = await story.record(incident);
    expect(verification.ok).toBe(true);
    const approvals = entries.filter((entry) => entry.type === 'decision.approved' && entry.detail.action === 'purge');
    expect(approvals.map((entry) => [entry.actor.name, entry.platform])).toEqual([
      ['Dana Analyst', 'slack'],
      ['Omar Analyst', 'teams'],
    ]);
    const outcomes = entries.filter((entry) => entry.type === 'copy.outcome');
    expect(outcomes).toHaveLength(80);
    expect(outcomes.every((entry) => entry.requestId !== '' && entry.planDigest?.length === 64)).toBe(true);
  });
});
