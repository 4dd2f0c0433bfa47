import { expect, test } from 'vitest';
import { createSlack } from '../../src/adapters/slack/slack.ts';
import { compileCard } from '../../src/adapters/teams/template.ts';
import { startSlack } from '../../src/sandbox/slack/start.ts';
import { type RoomsRig, roomsContract } from '../contract/rooms.ts';
import { cardStates } from '../support/card-pictures/states.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';

const SECRET = 'signing-secret-of-a-test';
const quiet = { error() {}, warn() {} };
const nobody = () => Promise.reject(new Error('nobody presses in these tests'));

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
    desk: { press: nobody, command: nobody, stray: nobody },
    log: quiet,
    mode: 'http',
    compile: compileCard,
    timeoutMs: 2_000,
  });
  const error = (code: string) => ({ answer: { status: 200, body: { ok: false, error: code } } });
  const rig: RoomsRig = {
    rooms,
    count: async () => (await slack.messages()).length,
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
    refuse: () => slack.faults.fail('*', error('invalid_blocks')),
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

test('without the right to read the channel a lost card is unknowable', async () => {
  const { slack, rooms } = await slackRig();
  try {
    slack.faults.fail('conversations.history', {
      answer: { status: 200, body: { ok: false, error: 'missing_scope' } },
    });
    expect(await rooms.find('key-1')).toBe('unknowable');
  } finally {
    await slack.close();
  }
});

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
