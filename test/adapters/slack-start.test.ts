import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSlackOutbound } from '../../src/adapters/slack/outbound.ts';
import { startSlack as startStandIn } from '../../src/sandbox/slack/start.ts';

describe('starting with Slack', () => {
  let world: Awaited<ReturnType<typeof startStandIn>>;
  let stored: unknown;

  beforeEach(async () => {
    stored = undefined;
    world = await startStandIn({
      signingSecret: 'signing-secret-of-a-test',
      botToken: 'xoxb-test',
      channel: 'sec-alerts',
      users: [{ key: 'ana', name: 'Ana', email: 'ana@contoso.example' }],
      clock: Date.now,
      random: () => 0.5,
    });
  });
  afterEach(() => world.close());

  const start = (teamId = world.teamId) =>
    openSlackOutbound({
      apiUrl: world.apiUrl,
      botToken: 'xoxb-test',
      teamId,
      channel: world.channelId,
      log: { warn() {}, error() {} },
      timeoutMs: 1_000,
      installation: {
        get: () => Promise.resolve(stored),
        set: async (identity) => {
          stored = identity;
        },
      },
    });

  test('the bot learns who it is, and keeps it', async () => {
    await start();
    expect(stored).toEqual({
      enterpriseId: '',
      orgWide: false,
      teamId: world.teamId,
      botUserId: world.botUserId,
      botId: world.botId,
    });
  });

  test('it starts while Slack is down, once it has been there', async () => {
    await start();
    world.faults.setDown(true);
    await expect(start()).resolves.toMatchObject({ rooms: { platform: 'slack' } });
  });

  test('it does not start while Slack is down and it was never there', async () => {
    world.faults.setDown(true);
    await expect(start()).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('it does not start in another workspace than the configured one', async () => {
    await expect(start('T0OTHER')).rejects.toMatchObject({ code: 'config', field: 'teamId' });
  });
});
