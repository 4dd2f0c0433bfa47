import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as ws from 'ws';
import { createSlack, rememberingDesk } from '../support/card-pictures/slack-rig.ts';
import { cardStates } from '../support/card-pictures/states.ts';
import { startSocketMode, startWorkspace } from '../support/slack-socket.ts';

const view = cardStates()[1]?.view ?? expect.fail('no state');

interface Connection {
  send(data: string): void;
  on(event: 'message', listener: (raw: unknown) => void): void;
  terminate(): void;
}

// The types in the tree describe ws 6; this is as much of ws 8 as is used here.
const { WebSocketServer } = ws as unknown as {
  readonly WebSocketServer: new (options: {
    readonly host: string;
    readonly port: number;
  }) => {
    readonly clients: ReadonlySet<Connection>;
    address(): unknown;
    once(event: 'listening', listener: () => void): void;
    on(event: 'connection', listener: (connection: Connection) => void): void;
    close(done: () => void): void;
  };
};

/** A line to Slack on which every envelope arrives as often as `times` says. */
async function startEcho(upstream: string) {
  const echo = { url: '', times: 1, close: () => Promise.resolve() };
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise<void>((resolve) => server.once('listening', resolve));
  server.on('connection', (connection) => {
    const slack = new WebSocket(upstream);
    slack.addEventListener('message', ({ data }) => {
      const times = String(data).includes('"envelope_id"') ? echo.times : 1;
      for (let n = 0; n < times; n += 1) connection.send(String(data));
    });
    connection.on('message', (raw) => slack.send(String(raw)));
  });
  echo.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  echo.close = () =>
    new Promise((resolve) => {
      for (const one of server.clients) one.terminate();
      server.close(() => resolve());
    });
  return echo;
}

let echo: Awaited<ReturnType<typeof startEcho>>;
let desk: ReturnType<typeof rememberingDesk>;
let world: Awaited<ReturnType<typeof startWorkspace>>;
let socket: Awaited<ReturnType<typeof startSocketMode>>;
let slack: ReturnType<typeof createSlack>;

beforeEach(async () => {
  socket = await startSocketMode(1_000);
  echo = await startEcho(socket.url);
  desk = rememberingDesk();
  world = await startWorkspace();
  world.connectSocket({ url: echo.url, deliver: socket.deliver });
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
  });
  await slack.start();
});
afterEach(async () => {
  await slack.stop();
  await echo.close();
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

test('over Socket Mode the same envelope again has no effect, and is recorded', async () => {
  const { message } = await slack.rooms.post(view, 'key-1');
  echo.times = 3;
  await world.click('ana', message, 'cb:purge');
  await vi.waitFor(() => expect(desk.turnedAway).toHaveLength(2));
  expect(desk.turnedAway[0]).toEqual({ where: 'Slack Socket Mode', why: 'replayed' });
  expect(desk.presses).toHaveLength(1);
});

test('over Socket Mode two presses are two envelopes, and both arrive', async () => {
  const { message } = await slack.rooms.post(view, 'key-1');
  await world.click('ana', message, 'cb:purge');
  await world.click('ana', message, 'cb:purge');
  expect([desk.presses.length, desk.turnedAway]).toEqual([2, []]);
});

test('over Socket Mode nothing is done, or said to be done, while nobody can tell what is a replay', async () => {
  const { message } = await slack.rooms.post(view, 'key-1');
  desk.isFresh = () => Promise.reject(new Error('the database is down'));
  const { status } = await world.click('ana', message, 'cb:purge');
  expect([status, desk.presses]).toEqual([0, []]);
});
