import { type SlackOptions, type SlackStandIn, startSlack } from '../../src/sandbox/slack/start.ts';

/** A workspace with two people, Ana and Ben, and a channel for the cards. */
export function slackOfTwo(options: Partial<SlackOptions> = {}): Promise<SlackStandIn> {
  return startSlack({
    signingSecret: 'signing-secret-of-a-test',
    botToken: 'xoxb-test',
    channel: 'sec-alerts',
    users: [
      { key: 'ana', name: 'Ana', email: 'ana@contoso.example' },
      { key: 'ben', name: 'Ben', email: 'ben@contoso.example' },
    ],
    clock: Date.now,
    random: () => 0.5,
    ...options,
  });
}
