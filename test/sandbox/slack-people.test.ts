import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Bolted, startBolted } from './slack-app.ts';

let world: Bolted;
beforeEach(async () => {
  world = await startBolted();
});
afterEach(() => world.close());

async function infoOf(key: string) {
  const { user } = await world.app.client.users.info({ user: world.slack.users[key]?.id ?? '' });
  return user;
}

describe('a person in users.info', () => {
  test.each([
    ['left', { deleted: true }, { deleted: true }],
    ['became a guest', { restricted: true }, { is_restricted: true, is_ultra_restricted: false }],
    ['became a guest of one channel', { ultraRestricted: true }, { is_restricted: true, is_ultra_restricted: true }],
    ['is from outside', { stranger: true, teamId: 'T0OTHER' }, { is_stranger: true, team_id: 'T0OTHER' }],
    ['is a bot', { isBot: true }, { is_bot: true }],
    ['has a new address', { email: 'new@contoso.com' }, { profile: { email: 'new@contoso.com' } }],
  ])('who %s is shown as that', async (_, change, shown) => {
    world.slack.setPerson('alice', change);
    expect(await infoOf('alice')).toMatchObject(shown);
  });

  test('who changes back is as before', async () => {
    const before = await infoOf('alice');
    world.slack.setPerson('alice', { deleted: true });
    world.slack.setPerson('alice', { deleted: false });
    expect(await infoOf('alice')).toEqual(before);
  });

  test('acts from the workspace they belong to now', async () => {
    world.slack.setPerson('alice', { teamId: 'T0OTHER' });
    world.app.action(/^cb:/, ({ ack }) => ack());
    const { sent } = await world.slack.click('alice', await world.postCard(), 'cb:purge');
    const payload = JSON.parse(new URLSearchParams(sent.body).get('payload') ?? '{}');
    expect(payload.user.team_id).toBe('T0OTHER');
  });

  test('shows an address only to a token that may see addresses', async () => {
    const poor = await startBolted({ scopes: ['users:read'] });
    poor.slack.setPerson('alice', { email: 'new@contoso.com' });
    const { user } = await poor.app.client.users.info({ user: poor.slack.users['alice']?.id ?? '' });
    await poor.close();
    expect(user?.profile).not.toHaveProperty('email');
  });

  test('is found by the address of today and by no older one', async () => {
    world.slack.setPerson('alice', { email: 'new@contoso.com' });
    const found = await world.app.client.users.lookupByEmail({ email: 'New@contoso.com' });
    expect(found.user).toMatchObject({ id: world.slack.users['alice']?.id, profile: { email: 'new@contoso.com' } });
    await expect(world.app.client.users.lookupByEmail({ email: 'alice@contoso.com' })).rejects.toThrow(
      'users_not_found',
    );
  });

  test('has to exist to be changed', () => {
    expect(() => world.slack.setPerson('nobody', { deleted: true })).toThrow('nobody called nobody');
  });
});

describe('asking about people', () => {
  test.each([
    ['users.info', 100],
    ['conversations.info', 50],
    ['usergroups.users.list', 20],
  ])('by %s is put off after %i times in a minute', async (method, most) => {
    const args = {
      user: world.slack.users['alice']?.id,
      channel: world.slack.channelId,
      usergroup: 'S0APPROVERS',
    };
    const ask = () => world.app.client.apiCall(method, args);
    await Promise.all(Array.from({ length: most }, ask));
    await expect(ask()).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error' });
    world.advance(60_000);
    expect((await ask()).ok).toBe(true);
  });
});
