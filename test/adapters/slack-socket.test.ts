import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSlack } from '../../src/adapters/slack/slack.ts';
import { compileCard } from '../../src/adapters/teams/template.ts';
import { startSlack } from '../../src/sandbox/slack/start.ts';
import { cardStates } from '../support/card-pictures/states.ts';
import { listeningDesk } from '../support/card-pictures/teams-rig.ts';
import { startSocketMode } from '../support/slack-socket.ts';

const view = cardStates()[1]?.view ?? expect.fail('no state');

let world: Awaited<ReturnType<typeof startSlack>>;
let socket: Awaited<ReturnType<typeof startSocketMode>>;
let slack: ReturnType<typeof createSlack>;
const desk = listeningDesk();

beforeEach(async () => {
  socket = await startSocketMode();
  world = await startSlack({
    signingSecret: 'signing-secret-of-a-test',
    botToken: 'xoxb-test',
    appToken: 'xapp-test',
    channel: 'sec-alerts',
    users: [{ key: 'ana', name: 'Ana', email: 'ana@contoso.example' }],
    clock: Date.now,
    random: Math.random,
  });
  world.connectSocket(socket);
  slack = createSlack({
    apiUrl: world.apiUrl,
    botToken: 'xoxb-test',
    signingSecret: '',
    teamId: world.teamId,
    botId: world.botId,
    botUserId: world.botUserId,
    channel: world.channelId,
    desk,
    log: { warn() {}, error() {} },
    mode: 'socket',
    appToken: 'xapp-test',
    compile: compileCard,
  });
  desk.presses.length = 0;
  await slack.start();
});
afterEach(async () => {
  await slack.stop();
  await socket.close();
  await world.close();
});

test('over Socket Mode a press reaches the desk, without any address of ours', async () => {
  const { message } = await slack.rooms.post(view, 'key-1');
  await world.click('ana', message, 'cb:purge');
  expect(desk.presses).toMatchObject([{ verb: 'purge', incident: view.incident, card: { message } }]);
});

test('over Socket Mode a command is answered in its acknowledgement', async () => {
  await world.slash('ana', '/clawback', 'open');
  await vi.waitFor(() => expect(world.seenBy('ana').ephemerals).toHaveLength(1));
});
