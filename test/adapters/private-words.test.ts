import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSlackOutbound } from '../../src/adapters/slack/outbound.ts';
import type { SlackOptions, SlackStandIn } from '../../src/sandbox/slack/start.ts';
import { startTeamsRig } from '../support/card-pictures/teams-rig.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';
import { slackOfTwo } from '../support/slack-of-two.ts';

/** A few words go to one person alone: once, as they are, or it is known that they did not get there. */

const LINES = ['The mail “<!channel> *free* [x](evil[.]example)” was looked at.', 'Thank you for telling.'];

describe('words in Slack', () => {
  const SCOPES = ['chat:write', 'users:read', 'files:write', 'im:write'];
  let world: SlackStandIn;
  const open = async (options: Partial<SlackOptions> = {}) => {
    world = await slackOfTwo({ scopes: SCOPES, messagesTab: true, ...options });
  };
  const reopen = async (options: Partial<SlackOptions>) => {
    await world.close();
    await open(options);
  };
  beforeEach(() => open());
  afterEach(() => world.close());

  async function wordsIn(files: boolean) {
    const { words } = await openSlackOutbound({
      apiUrl: world.apiUrl,
      botToken: 'xoxb-test',
      teamId: world.teamId,
      channel: world.channelId,
      files,
      log: { warn() {}, error() {} },
      timeoutMs: 1_000,
      installation: { get: () => Promise.resolve(undefined), set: () => Promise.resolve() },
    });
    return words;
  }
  const send = async (account?: string) => (await wordsIn(true))?.send(account ?? world.users['ana']?.id ?? '', LINES);
  const seen = (key = 'ana') => world.seenBy(key).words;

  it('are in one person’s messages with the app, as plain text, and in nobody else’s', async () => {
    expect(await send()).toEqual({ is: 'sent' });
    const blocks = LINES.map((text) => ({ type: 'section', text: { type: 'plain_text', text } }));
    expect(seen()).toMatchObject([{ blocks }]);
    expect([seen('ben'), await world.messages()]).toEqual([[], []]);
  });

  it('are sent by nobody where that is not switched on', async () => {
    expect(await wordsIn(false)).toBeNull();
  });

  it.each<[string, Partial<SlackOptions>, string]>([
    ['without im:write', { scopes: SCOPES.filter((one) => one !== 'im:write') }, 'missing_scope'],
    ['with messages switched off', { messagesTab: false }, 'messages_tab_disabled'],
  ])('%s do not get there, and another try changes nothing', async (_name, options, why) => {
    await reopen(options);
    expect(await send()).toEqual({ is: 'not sent', why: expect.stringContaining(why), againMs: null });
  });

  it('to somebody who is not there do not get there', async () => {
    expect(await send('U0NOBODY')).toMatchObject({ is: 'not sent', againMs: null });
  });

  it('for which Slack asks to wait are tried later', async () => {
    world.faults.fail('chat.postMessage', { answer: { status: 429, headers: { 'retry-after': '30' } } });
    expect(await send()).toMatchObject({ is: 'not sent', againMs: 30_000 });
  });

  it('whose answer is lost may have arrived; while the messages are opened nothing has', async () => {
    world.faults.fail('chat.postMessage', { after: true, answer: 'drop' });
    expect(await send()).toMatchObject({ is: 'not known' });
    world.faults.fail('conversations.open', { after: true, answer: 'drop' });
    expect(await send()).toMatchObject({ is: 'not sent' });
    expect(seen()).toHaveLength(1);
  });
});

describe('words in Teams', () => {
  type Rig = Awaited<ReturnType<typeof startTeamsRig>>;
  let rig: Rig;
  beforeEach(async () => {
    rig = await startTeamsRig();
    rig.world.habits.personal = true;
  });
  afterEach(() => rig.close());
  const ana = () => rig.world.members['ana']?.aadObjectId ?? '';
  const send = (account = ana()) => rig.teams.words.send(account, LINES);
  const seen = (key = 'ana') => rig.world.seenBy(key).whispers;

  it('are in the chat with one person, as plain text, and in nobody else’s', async () => {
    expect(await send()).toEqual({ is: 'sent' });
    expect(seen().flatMap(({ card }) => literalTexts(card, 'TextRun'))).toEqual(expect.arrayContaining(LINES));
    expect([seen('ben'), rig.world.messages()]).toEqual([[], []]);
  });

  it('to somebody for whom the app is not installed do not get there, and another try changes nothing', async () => {
    rig.world.habits.personal = false;
    expect(await send()).toEqual({ is: 'not sent', why: expect.stringContaining('403'), againMs: null });
  });

  it('for which Teams asks to wait are tried later', async () => {
    rig.world.faults.fail('create', { answer: { status: 429, headers: { 'retry-after': '7' }, body: {} } });
    expect(await send()).toMatchObject({ is: 'not sent', againMs: 7_000 });
  });

  it('whose answer is lost may have arrived; while the chat is opened nothing has', async () => {
    rig.world.faults.fail('create', { answer: 'drop' });
    expect(await send()).toMatchObject({ is: 'not sent' });
    rig.world.faults.fail('send', { after: true, answer: 'drop' });
    expect(await send()).toMatchObject({ is: 'not known' });
    expect(seen()).toHaveLength(1);
  });
});
