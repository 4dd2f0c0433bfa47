import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ofType } from '../../src/core/record/ledger.ts';
import { becReply, type Landed, phishingWave } from '../../src/sandbox/attacks.ts';
import { type Story, startStory } from '../support/story.ts';

const ONE_PERSON = `version: 1
rules:
  - { name: one person, when: { action: [purge, hard-purge, undo] }, approve: [{ role: approver, count: 1 }] }
`;

let story: Story;
beforeAll(async () => {
  story = await startStory({ employees: 30, seed: 12 }, undefined, { policy: ONE_PERSON });
});
afterAll(() => story.close());

const addressOf = (copy: Landed['copies'][number]) => story.sandbox.tenant.look(copy.userId).user.mail ?? '';
/** As both cards show it: no chat makes a link of an address. */
const words = async (incident: string) =>
  [await story.slackCard(incident), await story.teamsCard(incident)].map((card) => card.words.replaceAll('[.]', '.'));

describe('a purge among mailboxes that are not as they should be', () => {
  let incident: string;
  let landed: Landed;
  const [ARCHIVED, SILENT, FILED, PLAIN] = [0, 1, 2, 3] as const;
  const copy = (n: number) => landed.copies[n] as Landed['copies'][number];

  beforeAll(async () => {
    landed = story.land(phishingWave(story.sandbox, 6));
    story.sandbox.tenant.addFolder(copy(FILED).userId, 'Projects');
    story.sandbox.tenant.userMoves(copy(FILED).userId, copy(FILED).messageId, 'Projects');
    incident = await story.report(landed.attack);
    await story.bothSay(incident, 'Waiting for approval');
  });

  it('says what became of each copy, names the mailboxes, and does not say that no copy is in sight', async () => {
    const { tenant, graph } = story.sandbox;
    tenant.userArchives(copy(ARCHIVED).userId, copy(ARCHIVED).messageId);
    // It is read, and then nobody reaches it any more.
    const stop = graph.onRequest(({ operation, mailbox }) => {
      if (operation === 'move' && mailbox === copy(SILENT).userId) graph.faults.set({ access: 'wavering' }, mailbox);
    });
    graph.faults.once({ operation: 'move', mailbox: copy(SILENT).userId, answer: 'dropped' });
    expect(await story.slack('dana', incident, 'purge')).toContain('Purging 6 copies');
    await story.bothSay(incident, 'Purged with trouble: 2 of 6 copies may still be readable');
    stop();
    for (const said of await words(incident)) {
      expect(said).not.toContain('in sight');
      expect(said).toContain(
        `cannot be reached this way (inactive, archived, on-premises, or it only asks to wait): ${addressOf(copy(SILENT))}`,
      );
      expect(said).toContain(`perhaps into an archive that nobody can look into: ${addressOf(copy(ARCHIVED))}`);
      expect(said).toContain('Owners can still recover what was removed');
    }
  });

  it('the undo tells which copy it could not put in its old place', async () => {
    const { tenant, graph } = story.sandbox;
    graph.faults.clear(copy(SILENT).userId);
    tenant.removeFolder(copy(FILED).userId, 'Projects');
    tenant.userMarks(copy(PLAIN).userId, copy(PLAIN).messageId, { isRead: true });
    await story.until('undo is offered', async () => (await story.slackCard(incident)).words.includes('cb:undo'));
    expect(await story.slack('dana', incident, 'undo')).toContain('Restoring 4 copies');
    await story.bothSay(
      incident,
      'Undone: 2 restored, seen back; 1 restored, later changes kept; 1 restored, not in its old place',
    );
    for (const said of await words(incident)) expect(said).toContain(`somebody moved it: ${addressOf(copy(FILED))}`);
    expect(story.folderOf(copy(FILED))).toBe('Projects');
  });

  it('the undo left what its owner had changed since, and wrote no mark', () => {
    expect(story.sandbox.graph.log.writes().filter(({ effect }) => effect === 'patch')).toEqual([]);
    const { messages } = story.sandbox.tenant.look(copy(PLAIN).userId);
    expect(messages.find(({ immutableId }) => immutableId === copy(PLAIN).messageId)?.isRead).toBe(true);
  });
});

describe.each([true, false])('a hard delete where the id of what lies in Purges can be read (%s)', (purgesReadable) => {
  it('is seen to be one, once, and cries no wolf', async () => {
    const { graph } = story.sandbox;
    graph.setBeliefs({ purgesReadable });
    const { incident, landed } = await story.attacked(becReply(story.sandbox));
    expect(await story.slack('dana', incident, 'hard-purge')).toContain('3 copies');
    await story.bothSay(incident, 'Purged: 3 deleted for good, seen gone. No copy of the plan is in sight');
    expect(new Set(landed.copies.map(story.folderOf))).toEqual(new Set(['Purges']));
    const ids = new Set(landed.copies.map(({ messageId }) => messageId));
    const writes = graph.log.writes().filter(({ message }) => ids.has(message ?? ''));
    expect(writes.map(({ effect }) => effect)).toEqual(Array(3).fill('permanentDelete'));
    for (const said of await words(incident)) expect(said).not.toContain('Owners can still recover');
  });
});

it('a hard delete that is refused for what lies in Recoverable Items already is told as it is', async () => {
  const { graph, tenant } = story.sandbox;
  graph.setBeliefs({ deletionsLocked: true });
  const { incident, landed } = await story.attacked(becReply(story.sandbox));
  const [first] = landed.copies;
  tenant.userMoves(first?.userId ?? '', first?.messageId ?? '', 'recoverableitemsdeletions');
  expect(await story.slack('dana', incident, 'hard-purge')).toContain('3 copies');
  await story.bothSay(incident, 'Purged with trouble: 1 of 3 copies may still be readable');
  const { entries } = await story.record(incident);
  const failed = entries.filter(ofType('copy.outcome')).filter(({ outcome }) => outcome === 'failed');
  expect(failed.map(({ detail }) => detail.note)).toEqual([
    'in Recoverable Items and not deleted for good: its owner can still recover it; the service said: 403 ErrorCannotDeleteObject',
  ]);
});
