import { webApi } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bolted, CARD, startBolted } from './slack-app.ts';

let world: Bolted;
beforeEach(async () => {
  world = await startBolted();
});
afterEach(() => world.close());

const post = (text: string) =>
  world.app.client.chat.postMessage({ channel: world.slack.channelId, text, blocks: CARD });

describe('the Web API stand-in', () => {
  test('says who the bot is', async () => {
    expect(await world.app.client.auth.test()).toMatchObject({
      ok: true,
      team_id: world.slack.teamId,
      bot_id: world.slack.botId,
      user_id: world.slack.botUserId,
    });
  });

  test('refuses another token', async () => {
    const stranger = new webApi.WebClient('xoxb-other', { slackApiUrl: world.slack.apiUrl });
    await expect(stranger.auth.test()).rejects.toThrow('invalid_auth');
  });

  test('lists the members of a user group, also after it changed', async () => {
    world.slack.setGroup('S0APPROVERS', ['bob']);
    const listed = await world.app.client.usergroups.users.list({ usergroup: 'S0APPROVERS' });
    expect(listed.users).toEqual([world.slack.users['bob']?.id]);
  });

  test('marks a guest in users.info', async () => {
    const info = await world.app.client.users.info({ user: world.slack.users['bob']?.id ?? '' });
    expect([info.user?.is_restricted, info.user?.team_id]).toEqual([true, world.slack.teamId]);
  });

  test('tells that a channel became shared', async () => {
    world.slack.setChannelFlags({ is_ext_shared: true });
    const info = await world.app.client.conversations.info({ channel: world.slack.channelId });
    expect(info.channel?.is_ext_shared).toBe(true);
  });

  test.each(['is_ext_shared', 'is_org_shared', 'is_pending_ext_shared'] as const)(
    'says plainly when %s is so',
    async (flag) => {
      const channel = world.slack.channelId;
      const before = await world.app.client.conversations.info({ channel });
      world.slack.setChannelFlags({ [flag]: true });
      const after = await world.app.client.conversations.info({ channel });
      expect([before.channel?.[flag], after.channel?.[flag]]).toEqual([false, true]);
      expect(after.channel?.is_shared).toBe(flag !== 'is_pending_ext_shared');
    },
  );

  test('gives metadata in the history only to those who ask for it', async () => {
    await world.postCard();
    const channel = world.slack.channelId;
    const plain = await world.app.client.conversations.history({ channel });
    const whole = await world.app.client.conversations.history({ channel, include_all_metadata: true });
    expect([plain.messages?.[0]?.metadata, whole.messages?.[0]?.metadata?.event_payload]).toEqual([
      undefined,
      { key: 'CB-1' },
    ]);
  });

  test('finds no message older than `oldest` on the clock of the sandbox', async () => {
    await world.postCard('early');
    world.advance(7_200_000);
    const oldest = String((Date.now() + 3_600_000) / 1000);
    const later = await world.postCard('late');
    const found = await world.app.client.conversations.history({ channel: world.slack.channelId, oldest });
    expect(found.messages?.map((one) => one.ts)).toEqual([later]);
  });

  test('needs the bot to be in the channel', async () => {
    world.slack.setBotInChannel(false);
    await expect(post('x')).rejects.toThrow('not_in_channel');
  });

  test('names a missing scope', async () => {
    const poor = await startBolted({ scopes: ['chat:write'] });
    const asked = poor.app.client.conversations.history({ channel: poor.slack.channelId });
    await expect(asked).rejects.toThrow('missing_scope');
    await poor.close();
  });

  test('keeps an ephemeral for one person', async () => {
    const user = world.slack.users['bob']?.id ?? '';
    await world.app.client.chat.postEphemeral({ channel: world.slack.channelId, user, text: 'only you' });
    expect(world.slack.seenBy('bob').ephemerals.map((one) => one.text)).toEqual(['only you']);
  });

  test.each([
    ['an unknown block', [{ type: 'nope' }], 'invalid_blocks'],
    ['51 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' })), 'invalid_blocks'],
    [
      'an alert, which belongs into a modal',
      [{ type: 'alert', text: { type: 'plain_text', text: 'x' } }],
      'invalid_blocks',
    ],
    [
      'a header of 151 characters',
      [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }],
      'invalid_blocks',
    ],
    ['mrkdwn in a header', [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }], 'invalid_blocks'],
    [
      'one block_id twice',
      [
        { type: 'divider', block_id: 'a' },
        { type: 'divider', block_id: 'a' },
      ],
      'invalid_blocks',
    ],
    ['an undocumented field', [{ type: 'divider', disabled: true }], 'invalid_blocks'],
    [
      'two tables',
      [1, 2].map((n) => ({ type: 'table', block_id: `t${n}`, rows: [[{ type: 'raw_text', text: 'x' }]] })),
      'invalid_attachments',
    ],
  ])('refuses %s', async (_what, blocks, error) => {
    const asked = world.app.client.chat.postMessage({ channel: world.slack.channelId, text: 'x', blocks });
    await expect(asked).rejects.toThrow(error);
  });

  test('refuses a message without the text that notifications are made of', async () => {
    await expect(post('')).rejects.toThrow('no_text');
  });

  test('refuses a modal that asks for input and has no submit button', async () => {
    const view = { type: 'modal', title: { type: 'plain_text', text: 'x' }, blocks: [] as unknown[] };
    const label = { type: 'plain_text', text: 'x' };
    view.blocks.push({ type: 'input', label, element: { type: 'plain_text_input', action_id: 'a' } });
    const asked = world.app.client.apiCall('views.open', { trigger_id: 'x', view });
    await expect(asked).rejects.toThrow('invalid_arguments');
  });
});

describe('limits and faults', () => {
  test('a second post at once is put off and passes a second later', async () => {
    await post('1');
    await expect(post('2')).rejects.toMatchObject({ retryAfter: 1 });
    world.advance(1_000);
    await post('2');
    expect((await world.slack.messages()).map((one) => one.text)).toHaveLength(2);
  });

  test('the fifty-first update of a minute is put off', async () => {
    const ts = await world.postCard();
    const update = () => world.app.client.chat.update({ channel: world.slack.channelId, ts, text: 'x', blocks: CARD });
    for (let count = 0; count < 50; count += 1) {
      await update();
    }
    await expect(update()).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error' });
  });

  test.each([
    ['a 500', { status: 500, body: 'oops' }],
    ['a dropped connection', 'drop' as const],
  ])('a post whose answer is %s is in the channel all the same', async (_what, answer) => {
    world.slack.faults.fail('chat.postMessage', { after: true, answer });
    await expect(post('lost')).rejects.toThrow();
    expect([(await world.slack.messages()).length, world.slack.calls.at(-1)?.answer?.['ok']]).toEqual([1, true]);
  });

  test('nothing answers while Slack is down, and nothing is posted', async () => {
    world.slack.faults.setDown(true);
    await expect(post('x')).rejects.toThrow();
    expect(await world.slack.messages()).toEqual([]);
  });

  test('a response url takes five answers and lives for thirty minutes', async () => {
    const urls: string[] = [];
    world.app.action(/^cb:/, async ({ ack, body }) => {
      urls.push((body as { response_url: string }).response_url);
      await ack();
    });
    const ts = await world.postCard();
    await world.slack.click('alice', ts, 'cb:purge');
    await world.slack.click('alice', ts, 'cb:purge');
    const answer = async (url = '') => (await fetch(url, { method: 'POST', body: '{"text":"x"}' })).status;
    const five = [
      await answer(urls[0]),
      await answer(urls[0]),
      await answer(urls[0]),
      await answer(urls[0]),
      await answer(urls[0]),
    ];
    const sixth = await answer(urls[0]);
    world.advance(30 * 60_000 + 10_000);
    expect([five, sixth, await answer(urls[1])]).toEqual([[200, 200, 200, 200, 200], 404, 404]);
  });
});
