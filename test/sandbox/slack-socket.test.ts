import { App, SocketModeReceiver } from '@slack/bolt';
import { expect, test } from 'vitest';
import { startSlack } from '../../src/sandbox/slack/start.ts';
import { startSocketMode } from '../support/slack-socket.ts';
import { CARD, SILENT } from './slack-app.ts';

test('a press reaches an app without an inbound address over Socket Mode', async () => {
  const slack = await startSlack({
    signingSecret: 'x',
    botToken: 'xoxb-socket',
    appToken: 'xapp-socket',
    channel: 'sec-alerts',
    users: [{ key: 'alice', name: 'Alice Adams', email: 'alice@contoso.com' }],
    clock: Date.now,
    random: () => 0.5,
  });
  const socket = await startSocketMode();
  slack.connectSocket(socket);
  const receiver = new SocketModeReceiver({
    appToken: 'xapp-socket',
    logger: SILENT,
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl } },
  });
  const app = new App({
    token: 'xoxb-socket',
    receiver,
    botId: slack.botId,
    botUserId: slack.botUserId,
    tokenVerificationEnabled: false,
    logger: SILENT,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  const pressed: string[] = [];
  app.action(/^cb:/, async ({ ack, body }) => {
    pressed.push(body.user.id);
    await ack();
  });
  await app.start();
  await socket.connected();
  const { ts } = await app.client.chat.postMessage({ channel: slack.channelId, text: 'x', blocks: CARD });
  const answer = await slack.click('alice', String(ts), 'cb:purge');
  await app.stop();
  await socket.close();
  await slack.close();
  expect([answer.status, pressed]).toEqual([200, [slack.users['alice']?.id]]);
});
