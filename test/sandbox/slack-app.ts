import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, type Logger, LogLevel } from '@slack/bolt';
import { type SlackOptions, type SlackStandIn, startSlack } from '../../src/sandbox/slack/start.ts';

const SECRET = 'signing-secret-for-tests';
const TOKEN = 'xoxb-for-tests';

export interface Bolted {
  readonly slack: SlackStandIn;
  readonly app: App;
  /** Moves the sandbox's clock, milliseconds. */
  advance(ms: number): void;
  /** Posts the card with one Approve button and one that opens a form; answers its ts. */
  postCard(text?: string): Promise<string>;
  close(): Promise<void>;
}

export const CARD = [
  { type: 'header', text: { type: 'plain_text', text: 'HIGH: 3 mailboxes', emoji: false } },
  {
    type: 'actions',
    block_id: 'cb:CB-1:1',
    elements: [
      {
        type: 'button',
        action_id: 'cb:purge',
        text: { type: 'plain_text', text: 'Purge' },
        value: 'CB-1',
        style: 'danger',
      },
      { type: 'button', action_id: 'cb:reject', text: { type: 'plain_text', text: 'Reject' }, value: 'CB-1' },
    ],
  },
];

// Refusals are the point of these tests; the SDK would print each of them.
export const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

/** The real Bolt app over real HTTP against the stand-in. The clock runs with the machine, plus what is advanced. */
export async function startBolted(options: Partial<SlackOptions> = {}): Promise<Bolted> {
  let offset = 0;
  const slack = await startSlack({
    signingSecret: SECRET,
    botToken: TOKEN,
    channel: 'sec-alerts',
    users: [
      { key: 'alice', name: 'Alice Adams', email: 'alice@contoso.com' },
      { key: 'bob', name: 'Bob Brown', email: 'bob@contoso.com', restricted: true },
    ],
    groups: { S0APPROVERS: ['alice'] },
    clock: () => Date.now() + offset,
    random: () => 0.42,
    ...options,
  });
  const receiver = new HTTPReceiver({ signingSecret: SECRET, logger: SILENT, unhandledRequestTimeoutMillis: 200 });
  const app = new App({
    token: TOKEN,
    receiver,
    botId: slack.botId,
    botUserId: slack.botUserId,
    tokenVerificationEnabled: false,
    logger: SILENT,
    clientOptions: { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
  });
  const server = createServer(receiver.requestListener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  slack.connect({ eventsUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events` });
  return {
    slack,
    app,
    advance(ms) {
      offset += ms;
    },
    async postCard(text = 'Case CB-1') {
      const metadata = { event_type: 'clawback_card', event_payload: { key: 'CB-1' } };
      const posted = await app.client.chat.postMessage({ channel: slack.channelId, text, blocks: CARD, metadata });
      return String(posted.ts);
    },
    async close() {
      await slack.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
