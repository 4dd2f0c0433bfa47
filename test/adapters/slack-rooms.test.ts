import { expect, test } from 'vitest';
import type { RoomError } from '../../src/core/error.ts';
import { startSlack } from '../../src/sandbox/slack/start.ts';
import { type RoomsRig, roomsContract } from '../contract/rooms.ts';
import { WAITS, WAITS_LINE } from '../support/card-pictures/replies.ts';
import { createSlack, rememberingDesk } from '../support/card-pictures/slack-rig.ts';
import { cardStates } from '../support/card-pictures/states.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';

const SECRET = 'signing-secret-of-a-test';
const quiet = { error() {}, warn() {} };

/** Accounts that are mentioned anywhere in the blocks. */
function calledIn(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = 'type' in node && node.type === 'user' && 'user_id' in node ? [String(node.user_id)] : [];
  return [...own, ...Object.values(node).flatMap(calledIn)];
}

async function slackRig() {
  const slack = await startSlack({
    signingSecret: SECRET,
    botToken: 'xoxb-test',
    channel: 'sec-alerts',
    users: [{ key: 'ana', name: 'Ana', email: 'ana@contoso.example' }],
    clock: Date.now,
    random: () => 0.5,
    limits: { postBurst: 50 },
  });
  const { rooms, start } = createSlack({
    apiUrl: slack.apiUrl,
    botToken: 'xoxb-test',
    signingSecret: SECRET,
    teamId: slack.teamId,
    botId: slack.botId,
    botUserId: slack.botUserId,
    channel: slack.channelId,
    desk: rememberingDesk(),
    log: quiet,
    mode: 'http',
    timeoutMs: 2_000,
  });
  const error = (code: string) => ({ answer: { status: 200, body: { ok: false, error: code } } });
  const rig: RoomsRig = {
    rooms,
    count: async () => (await slack.messages()).filter(({ ts, threadTs }) => (threadTs ?? ts) === ts).length,
    somebody: { account: slack.users['ana']?.id ?? '', name: 'Ana' },
    async below(ref) {
      const replies = (await slack.messages()).filter(
        ({ ts, threadTs }) => threadTs === ref.message && ts !== threadTs,
      );
      return replies.map(({ blocks }) => ({
        texts: literalTexts(blocks, 'text').filter((text) => text.trim() !== ''),
        called: calledIn(blocks),
      }));
    },
    async shown(ref) {
      const message = (await slack.messages()).find(({ ts }) => ts === ref.message);
      return message ? literalTexts(message.blocks, 'text').map((text) => text.replace(/^\n/, '')) : null;
    },
    throttle(seconds) {
      const answer = { status: 429, headers: { 'retry-after': String(seconds) }, body: { ok: false } };
      slack.faults.fail('*', { answer });
    },
    loseAnswer: () => slack.faults.fail('chat.postMessage', { after: true, answer: 'drop' }),
    vanish: () => slack.faults.fail('*', error('message_not_found')),
    die: () => slack.setArchived(true),
    elsewhere: slack.otherChannelId,
    refuse: () => slack.faults.fail('*', error('as_user_not_supported')),
    calls: () => slack.calls.length,
    close: () => slack.close(),
  };
  return { rig, slack, rooms, start };
}

roomsContract('Slack', async () => (await slackRig()).rig);

const waiting = cardStates()[1]?.view ?? expect.fail('no state');

test('a card of another app with our key is not taken for ours', async () => {
  const { slack, rooms } = await slackRig();
  try {
    slack.faults.fail('conversations.history', {
      answer: {
        status: 200,
        body: {
          ok: true,
          messages: [
            {
              ts: '1.000001',
              bot_id: 'B0ELSE',
              user: 'U0ELSE',
              metadata: { event_type: 'clawback_card', event_payload: { key: 'key-1' } },
            },
          ],
        },
      },
    });
    expect(await rooms.find('key-1')).toBeNull();
  } finally {
    await slack.close();
  }
});

test('where Slack gives one page a minute, a card that is not on the first keeps nobody waiting for the others', async () => {
  const { slack, rooms, rig } = await slackRig();
  try {
    const body = {
      ok: true,
      messages: [{ ts: '1.000001' }],
      has_more: true,
      response_metadata: { next_cursor: 'more' },
    };
    slack.faults.fail('conversations.history', { answer: { status: 200, body } });
    const answer = { status: 429, headers: { 'retry-after': '60' }, body: { ok: false } };
    slack.faults.fail('conversations.history', { answer });
    expect(await rooms.find('key-1')).toBe('unknowable');
    rig.throttle(60);
    await expect(rooms.find('key-1')).rejects.toMatchObject({ kind: 'throttled', retryAfterMs: 60_000 });
  } finally {
    await slack.close();
  }
});

test.each([
  ...['missing_scope', 'not_in_channel', 'channel_not_found', 'no_permission', 'not_allowed_token_type'],
  ...['enterprise_is_restricted', 'method_deprecated', 'invalid_limit'],
])(
  'where Slack lets nobody read the channel (%s) a lost card is unknowable: it may be posted all the same',
  async (error) => {
    const { slack, rooms } = await slackRig();
    try {
      slack.faults.fail('conversations.history', { answer: { status: 200, body: { ok: false, error } } });
      expect(await rooms.find('key-1')).toBe('unknowable');
    } finally {
      await slack.close();
    }
  },
);

test('a Slack that cannot be reached asks to come back later: nothing was sent', async () => {
  const { slack, rooms } = await slackRig();
  await slack.close();
  await expect(rooms.post(waiting, 'key-1')).rejects.toMatchObject({ kind: 'throttled' });
});

test('the notification is our own words and the incident, and links are not unfolded', async () => {
  const { slack, rooms } = await slackRig();
  try {
    await rooms.post({ ...waiting, subject: '<!channel>' }, 'key-1');
    const call = slack.calls.find(({ method }) => method === 'chat.postMessage');
    expect([call?.args['text'], String(call?.args['unfurl_links']), String(call?.args['unfurl_media'])]).toEqual([
      `Clawback ${waiting.incident}: approval needed`,
      'false',
      'false',
    ]);
  } finally {
    await slack.close();
  }
});

test('a nudge says nothing in its notification but our own words, and nothing in it is unfolded', async () => {
  const { slack, rooms } = await slackRig();
  try {
    const ref = await rooms.post(waiting, 'key-1');
    await rooms.nudge(ref, { ...WAITS, rule: '<!channel> https://evil.example' }, [
      { account: 'U0ANA', name: '<!here>' },
    ]);
    const { args } = slack.calls.findLast(({ method }) => method === 'chat.postMessage') ?? expect.fail('no call');
    expect([args['text'], String(args['unfurl_links']), String(args['unfurl_media'])]).toEqual([
      'Clawback asks you to look at the card above.',
      'false',
      'false',
    ]);
  } finally {
    await slack.close();
  }
});

test.each(['', 'U0ANA> <!channel', 'ana@contoso.example', '33333333-0000-4000-8000-00000000000a'])(
  'whoever has no Slack account (%j) is named in words instead',
  async (account) => {
    const { rig, slack, rooms } = await slackRig();
    try {
      const ref = await rooms.post(waiting, 'key-1');
      await rooms.nudge(ref, WAITS, [{ account, name: 'Ana <!here>' }]);
      expect(await rig.below(ref)).toEqual([{ texts: ['Ana <!here>', WAITS_LINE], called: [] }]);
    } finally {
      await slack.close();
    }
  },
);

test('of very many people a nudge calls some and says how many it left out', async () => {
  const { rig, slack, rooms } = await slackRig();
  try {
    const ref = await rooms.post(waiting, 'key-1');
    const people = Array.from({ length: 45 }, (_, n) => ({ account: `U0PERSON${n}`, name: `Person ${n}` }));
    await rooms.nudge(ref, WAITS, people);
    const [nudge] = await rig.below(ref);
    expect([nudge?.called.length, nudge?.texts.at(-1)]).toEqual([20, '25 more people are not called here.']);
  } finally {
    await slack.close();
  }
});

test('a token of another workspace is refused at the start', async () => {
  const { slack, start } = await slackRig();
  try {
    slack.faults.fail('auth.test', {
      answer: { status: 200, body: { ok: true, team_id: 'T0OTHER', user_id: slack.botUserId } },
    });
    await expect(start()).rejects.toMatchObject({ code: 'config', field: 'teamId' });
  } finally {
    await slack.close();
  }
});

test('a revoked token is refused at the start', async () => {
  const { slack, start } = await slackRig();
  try {
    slack.faults.fail('auth.test', { answer: { status: 200, body: { ok: false, error: 'token_revoked' } } });
    await expect(start()).rejects.toMatchObject({ code: 'config', field: 'botToken' });
  } finally {
    await slack.close();
  }
});

test.each([
  ['edit_window_closed', 'fixed'],
  ['cant_update_message', 'fixed'],
  ['message_not_found', 'gone'],
] as const)('a message of which Slack says %s is %s', async (code, kind) => {
  const { slack, rooms } = await slackRig();
  try {
    const ref = await rooms.post(waiting, 'key-1');
    slack.setUnchangeable(code);
    await expect(rooms.update(ref, waiting)).rejects.toMatchObject({ kind });
  } finally {
    await slack.close();
  }
});

test.each([
  ...['not_in_channel', 'channel_not_found', 'restricted_action', 'token_revoked', 'missing_scope'],
  ...['restricted_action_thread_only_channel', 'enterprise_is_restricted', 'two_factor_setup_required'],
  ...['user_is_restricted', 'not_allowed_token_type'],
])('a room of which Slack says %s is dead, and its word is kept', async (code) => {
  const { slack, rooms } = await slackRig();
  try {
    slack.faults.fail('chat.postMessage', { answer: { status: 200, body: { ok: false, error: code } } });
    const message = `Slack answered ${code} to chat.postMessage`;
    await expect(rooms.post(waiting, 'key-1')).rejects.toMatchObject({ kind: 'dead', message });
  } finally {
    await slack.close();
  }
});

test.each(['invalid_blocks', 'msg_too_long', 'msg_blocks_too_long', 'metadata_too_large'])(
  'a message of which Slack says %s says nothing of its room',
  async (code) => {
    const { slack, rooms } = await slackRig();
    try {
      slack.faults.fail('chat.postMessage', { answer: { status: 200, body: { ok: false, error: code } } });
      await expect(rooms.post(waiting, 'key-1')).rejects.toMatchObject({ kind: 'unfit' });
    } finally {
      await slack.close();
    }
  },
);

test.each(['team_added_to_org', 'message_limit_exceeded', 'rate_limited'])(
  'a workspace of which Slack says %s is asked again later',
  async (code) => {
    const { slack, rooms } = await slackRig();
    try {
      slack.faults.fail('chat.postMessage', { answer: { status: 200, body: { ok: false, error: code } } });
      const failure = await rooms.post(waiting, 'key-1').catch((error: unknown) => error);
      expect(failure).toMatchObject({ kind: 'throttled', retryAfterMs: expect.any(Number) });
      expect((failure as RoomError).retryAfterMs).toBeGreaterThanOrEqual(5_000);
    } finally {
      await slack.close();
    }
  },
);

test('a channel that takes no threads takes cards', async () => {
  const { slack, rooms } = await slackRig();
  try {
    const ref = await rooms.post(waiting, 'key-1');
    const error = 'restricted_action_non_threadable_channel';
    slack.faults.fail('chat.postMessage', { answer: { status: 200, body: { ok: false, error } } });
    await expect(rooms.nudge(ref, WAITS, [])).rejects.toMatchObject({ kind: 'refused' });
  } finally {
    await slack.close();
  }
});

test('the room may be spoken to once in more than a second, so that Slack never has to say that it is too much', async () => {
  const { slack, rooms } = await slackRig();
  await slack.close();
  expect([rooms.roomPaceMs, rooms.paceMs].every((ms) => ms >= 1_200)).toBe(true);
});
