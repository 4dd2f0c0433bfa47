import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/cli/command.ts';
import { phishingWave } from '../../src/sandbox/attacks.ts';
import { type Story, startStory } from '../support/story.ts';

/** Last month's mail, known to nobody's detector: an analyst looks for it by what it is like, and two others take it out. */

const LENA = '00000000-0000-4000-8000-0000000000d3';
const POLICY = `version: 1
roles: { hunter: { people: [${LENA}] } }
rules:
  - { name: two people, when: { action: [purge, undo] }, approve: [{ role: approver, count: 2 }] }
reads: { search: { by: [hunter] } }
`;

let story: Story;
beforeAll(async () => {
  story = await startStory({ employees: 30, seed: 77 }, undefined, { policy: POLICY });
});
afterAll(() => story.close());

const modal = (who: string) => JSON.stringify(story.sandbox.slack.seenBy(who).modal);

async function atTheMachine(...argv: string[]): Promise<string> {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const [node, folder, stop] = [process.versions.node, tmpdir(), new AbortController().signal];
  await runCommand([...argv, '--config', story.configFile], { env: {}, node, folder, out: say, err: say, stop });
  return lines.join('\n');
}

describe('an analyst without an alert', () => {
  it('finds the mail among others of its sender, sees who it reached, makes it an incident, and two others take it out', async () => {
    const attack = phishingWave(story.sandbox, 12);
    const landed = story.land(attack);
    const { slack } = story.sandbox;
    await slack.slash('lena', '/clawback', 'search');
    await story.until('the form is there', () => modal('lena').includes('Search mail'));
    await slack.submitModal('lena', { sender: attack.sender, subject: attack.subject, reason: 'a customer called' });
    const search = await story.until('it was found', async () => {
      const found = /Search (CS-\w+) found 1 mail/.exec(modal('lena'));
      if (found) return found[1];
      const button = modal('lena').includes('cb:found"');
      if (button) await slack.clickInModal('lena', 'cb:found');
      return null;
    });
    expect(modal('lena')).toContain('12 mailboxes');
    await slack.clickInModal('lena', 'cb:file:0');
    const incident = await story.until('it is an incident', () => /(CB-\w+) is made of/.exec(modal('lena'))?.[1]);
    await story.bothSay(incident, 'Waiting for approval');
    await story.slack('dana', incident, 'purge');
    await story.teams('omar', incident, 'purge');
    await story.bothSay(incident, 'Purged: 12 removed');
    expect(new Set(landed.copies.map((copy) => story.folderOf(copy)))).toEqual(new Set(['Deletions']));
    const seen = JSON.parse(await atTheMachine('search', search, '--json'));
    expect([seen.search, seen.state]).toEqual([search, 'answered']);
    expect(seen.found.mails.map(({ copies }: { copies: readonly unknown[] }) => copies.length)).toEqual([12]);
    const { entries, verification } = await story.record(incident);
    expect(entries.map(({ type }) => type)).toContain('inquiry.filed');
    expect(verification.fault).toBeNull();
  });
});
