import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSlackInbound, type SlackInboundOptions } from '../../../src/adapters/slack/inbound.ts';
import { createSlackOutbound, type SlackOutboundOptions } from '../../../src/adapters/slack/outbound.ts';
import { startSlack } from '../../../src/sandbox/slack/start.ts';
import { listeningDesk } from './teams-rig.ts';

const SECRET = 'signing-secret-of-a-test';

/** A desk that listens, remembers what came in before, and writes down what was turned away. */
export function rememberingDesk() {
  const seen = new Set<string>();
  const turnedAway: { readonly where: string; readonly why: string }[] = [];
  return Object.assign(listeningDesk(), {
    turnedAway,
    isFresh: (platform: string, key: string): Promise<boolean> => {
      const isNew = !seen.has(`${platform} ${key}`);
      seen.add(`${platform} ${key}`);
      return Promise.resolve(isNew);
    },
    refused: (where: string, why: string): Promise<void> => {
      turnedAway.push({ where, why });
      return Promise.resolve();
    },
  });
}

export type SlackOptions = SlackOutboundOptions & SlackInboundOptions;

/** Both halves of the Slack adapter. */
export function createSlack(options: SlackOptions) {
  const outbound = createSlackOutbound(options);
  return { ...outbound, ...createSlackInbound(outbound, options) };
}

/** The Slack adapter behind a loopback server, and a Slack stand-in that talks to it. */
export async function startSlackRig(
  ackWithinMs = 2_500,
  { world: place = {}, ...install }: Partial<SlackOptions> & { world?: Partial<Parameters<typeof startSlack>[0]> } = {},
) {
  const world = await startSlack({
    signingSecret: SECRET,
    botToken: 'xoxb-test',
    channel: 'sec-alerts',
    users: [
      { key: 'ana', name: 'Ana', email: 'ana@contoso.example' },
      { key: 'ben', name: 'Ben', email: 'ben@contoso.example' },
    ],
    clock: Date.now,
    random: Math.random,
    limits: { postBurst: 50 },
    ...place,
  });
  const desk = rememberingDesk();
  const failures: string[] = [];
  const refusals: (string | null)[] = [];
  const slack = createSlack({
    apiUrl: world.apiUrl,
    botToken: 'xoxb-test',
    signingSecret: SECRET,
    teamId: world.teamId,
    botId: world.botId,
    botUserId: world.botUserId,
    channel: world.channelId,
    desk,
    log: { warn() {}, error: (_fields, message) => failures.push(message) },
    mode: 'http',
    timeoutMs: 2_000,
    ackWithinMs,
    ...install,
  });
  const server = createServer((req, res) => {
    slack.handle(req, res).then(
      (why) => refusals.push(why),
      () => res.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  world.connect({ eventsUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events` });
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await world.close();
  };
  return { world, slack, desk, failures, refusals, close };
}
