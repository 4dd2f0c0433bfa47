import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { runCommand } from '../../src/cli/command.ts';
import { phishingWave } from '../../src/sandbox/attacks.ts';
import { type Sublime, startSublime } from '../../src/sandbox/sublime/start.ts';
import { SUBLIME_EVENT, SUBLIME_MESSAGE, SUBLIME_MODEL } from '../support/payloads/vendors.ts';
import { OUT_OF_SIGHT, type Story, startStory } from '../support/story.ts';

/** From the event of another vendor to the verified purge. */

const [SIGN, KEY] = ['the-signing-secret', 'the-api-key'];
let story: Story;
let cloud: Sublime;
beforeAll(async () => {
  cloud = await startSublime({ key: KEY, secret: SIGN });
  story = await startStory({ employees: 40, seed: 31 });
  await story.stop();
  const config = parse(readFileSync(story.configFile, 'utf8'));
  config.tenants[0].sources.push({ name: 'sublime', vendor: 'sublime', url: cloud.url });
  writeFileSync(story.configFile, stringify(config));
  const env = join(dirname(story.configFile), '.env');
  appendFileSync(env, `\nCLAWBACK_SANDBOX_SOURCE_SUBLIME_SECRETS="sign=${SIGN} key=${KEY}"\n`);
  await story.start();
});
afterAll(() => Promise.all([story.close(), cloud.close()]));

describe('Sublime flags a message', () => {
  it('two people approve, every copy is seen gone, and what was sent can be read', async () => {
    const { attack, copies } = story.land(phishingWave(story.sandbox, 4));
    const { internetMessageId, sender: from, subject } = attack;
    cloud.messages.set('message-1', { ...SUBLIME_MESSAGE, subject, sender: { email: from } });
    cloud.models.set('message-1', {
      ...SUBLIME_MODEL,
      headers: { message_id: internetMessageId },
      sender: { email: { email: from } },
      subject: { subject },
      recipients: { to: attack.recipients.map((email) => ({ email: { email } })) },
      mailbox: {},
    });
    const answer = await cloud.deliver(`${story.url}/intake/alerts/sublime`, SUBLIME_EVENT);
    const { incident } = (await answer.json()) as { incident: string };
    await story.bothSay(incident, 'Waiting for approval');
    expect((await story.slackCard(incident)).words).toContain('its automation has removed the mail already');
    await story.slack('dana', incident, 'purge');
    await story.teams('omar', incident, 'purge');
    await story.bothSay(incident, 'seen gone');
    expect(new Set(copies.map(story.folderOf))).toEqual(new Set([OUT_OF_SIGHT]));
    expect(cloud.asked.every((path) => path.startsWith('GET '))).toBe(true);

    const out: string[] = [];
    const shell = { env: {}, node: '24.0.0', folder: dirname(story.configFile), stop: new AbortController().signal };
    const code = await runCommand(['source', 'rows', incident, '--json', '--config', story.configFile], {
      ...shell,
      out: (line) => out.push(line),
      err: (line) => out.push(line),
    });
    const [row] = JSON.parse(out.join('\n')) as { source: string; text: string }[];
    expect([code, row?.source, JSON.parse(row?.text ?? '').event]).toEqual([0, 'sublime', SUBLIME_EVENT]);
  });
});
