import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/cli/command.ts';
import { newsletter } from '../../src/sandbox/attacks.ts';
import { type Story, startStory } from '../support/story.ts';

/** A good mail that Defender took out of mailboxes on its own: it is listed, and comes back by two people and a word. */

const POLICY = `version: 1
rules:
  - { name: two people, when: { action: [purge, undo, release] }, approve: [{ role: approver, count: 2 }] }
`;

let story: Story;
beforeAll(async () => {
  story = await startStory({ employees: 60, seed: 91 }, undefined, { policy: POLICY });
});
afterAll(() => story.close());

async function atTheMachine(...argv: string[]): Promise<string> {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const [node, folder, stop] = [process.versions.node, tmpdir(), new AbortController().signal];
  await runCommand([...argv, '--config', story.configFile], { env: {}, node, folder, out: say, err: say, stop });
  return lines.join('\n');
}

describe('a newsletter that a filter is wrong about', () => {
  it('is listed with the command, wanted in Slack, approved in both chats, and back in its mailboxes', async () => {
    const { slack } = story.sandbox;
    const landed = story.land(newsletter(story.sandbox));
    const gone = landed.copies.filter((copy) => story.folderOf(copy) === 'Deletions');
    expect(gone.length).toBeGreaterThan(30);
    const list = await story.until('hunting tells of it', async () => {
      const said = await atTheMachine('automation');
      return /New: (AU-\w+)/.exec(said)?.[1];
    });
    await story.bothSay(list, 'What Defender took out on its own');
    const { id: message } = await story.slackCard(list);
    const before = slack.seenBy('dana').ephemerals.length;
    await slack.click('dana', message, 'cb:open:0');
    const incident = await story.until(
      'it is an incident',
      () => /CB-\w+/.exec(JSON.stringify(slack.seenBy('dana').ephemerals.slice(before)))?.[0],
    );
    await story.bothSay(incident, 'Waiting for approval');
    expect((await story.slackCard(incident)).words).toContain('nobody knows in which folder they were');
    expect(await story.slack('dana', incident, 'release')).toContain('asked');
    expect(landed.copies.filter((copy) => story.folderOf(copy) === 'Deletions')).toHaveLength(gone.length);
    await story.slack('omar', incident, 'release');
    await story.teams('lena', incident, 'release');
    await story.bothSay(incident, `Put back: ${gone.length} restored`);
    expect(new Set(gone.map((copy) => story.folderOf(copy)))).toEqual(new Set(['Inbox', 'Junk Email']));
    const wrote = new Set(story.sandbox.graph.log.writes().map((write) => write.message));
    expect(gone.filter((copy) => !wrote.has(copy.messageId))).toEqual([]);
    const { entries, verification } = await story.record(incident);
    expect(entries.map(({ type }) => type)).toContain('automation.opened');
    expect(verification.fault).toBeNull();
  });
});
