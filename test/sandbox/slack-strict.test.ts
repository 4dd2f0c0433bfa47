import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SlackOptions } from '../../src/sandbox/slack/start.ts';
import { type Bolted, CARD, startBolted } from './slack-app.ts';

let world: Bolted;
const reopen = async (options: Partial<SlackOptions>) => {
  await world.close();
  world = await startBolted(options);
};
beforeEach(async () => {
  world = await startBolted();
});
afterEach(() => world.close());

const message = () => ({ channel: world.slack.channelId, text: 'x', blocks: CARD });
const update = (ts: string) => world.app.client.chat.update({ ...message(), ts });
const posts = () => world.slack.calls.filter(({ method }) => method === 'chat.postMessage');

describe('Slack takes no more than it says', () => {
  test('the second message of a second is put off for whole seconds', async () => {
    await reopen({ clock: () => 1_764_000_000_500 });
    await world.app.client.chat.postMessage(message());
    await expect(world.app.client.chat.postMessage(message())).rejects.toMatchObject({ retryAfter: 1 });
    expect(posts().map(({ status }) => status)).toEqual([200, 429]);
  });

  test('an archived channel takes nothing, and says that it is archived', async () => {
    const ts = await world.postCard();
    world.slack.setArchived(true);
    await expect(update(ts)).rejects.toThrow('is_archived');
    world.advance(2_000);
    await expect(world.app.client.chat.postMessage(message())).rejects.toThrow('is_archived');
    const { channel } = await world.app.client.conversations.info({ channel: world.slack.channelId });
    expect(channel?.is_archived).toBe(true);
  });

  test.each(['edit_window_closed', 'cant_update_message', 'message_not_found'] as const)(
    'a message that cannot be changed answers %s and stays as it is',
    async (error) => {
      const ts = await world.postCard();
      world.slack.setUnchangeable(error);
      await expect(update(ts)).rejects.toThrow(error);
      world.slack.setUnchangeable(null);
      expect((await world.slack.messages()).map(({ edits }) => edits)).toEqual([0]);
    },
  );
});

describe('a workspace in an Enterprise Grid', () => {
  const grid = { enterpriseId: 'E0COMPANY' };
  const alice = { key: 'alice', name: 'Alice Adams', email: 'alice@contoso.com', teamId: 'T0SISTER' };

  test('says in users.info, and nowhere else, which workspaces somebody is in', async () => {
    await reopen({ grid, users: [{ ...alice, gridTeams: ['T0SISTER', 'T0SANDBOX01'] }], groups: {} });
    const { user } = await world.app.client.users.info({ user: world.slack.users['alice']?.id ?? '' });
    expect(user).toMatchObject({
      team_id: 'T0SISTER',
      enterprise_user: { enterprise_id: 'E0COMPANY', teams: ['T0SISTER', 'T0SANDBOX01'] },
    });
  });

  test.each([
    [false, 'T0SANDBOX01'],
    [true, undefined],
  ])('installed for the whole organisation (%s), a press names the team %s', async (orgWide, team) => {
    await reopen({ grid: { ...grid, orgWide }, users: [alice], groups: {} });
    const ts = await world.postCard();
    const { sent } = await world.slack.click('alice', ts, 'cb:purge');
    const payload = JSON.parse(new URLSearchParams(sent.body).get('payload') ?? '{}');
    expect([payload.team?.id, payload.enterprise.id, payload.is_enterprise_install]).toEqual([
      team,
      'E0COMPANY',
      orgWide,
    ]);
  });

  test.each([
    ['workspace', 'T0SANDBOX01'],
    ['enterprise', 'E0COMPANY'],
  ] as const)('its token calls its team by the id of the %s', async (tokenTeam, id) => {
    await reopen({ grid: { ...grid, orgWide: true, tokenTeam } });
    expect(await world.app.client.auth.test()).toMatchObject({
      team_id: id,
      enterprise_id: 'E0COMPANY',
      is_enterprise_install: true,
    });
  });

  test('an organisation’s token has to name the workspace of a user group', async () => {
    await reopen({ grid: { ...grid, orgWide: true } });
    const { users } = world.app.client.usergroups;
    await expect(users.list({ usergroup: 'S0APPROVERS' })).rejects.toThrow('missing_argument');
    expect((await users.list({ usergroup: 'S0APPROVERS', team_id: world.slack.teamId })).ok).toBe(true);
  });
});
