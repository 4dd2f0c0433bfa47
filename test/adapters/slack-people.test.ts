import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClawbackError } from '../../src/core/error.ts';
import type { ChatPeople } from '../../src/ports/people.ts';
import type { SlackStandIn } from '../../src/sandbox/slack/start.ts';
import { createSlack, rememberingDesk } from '../support/card-pictures/slack-rig.ts';
import { slackOfTwo } from '../support/slack-of-two.ts';

let world: SlackStandIn;
let people: ChatPeople;
let now: number;
let waits: number[];

async function open(scopes?: readonly string[]): Promise<void> {
  world = await slackOfTwo({ groups: { S0LEADS: ['ana'] }, ...(scopes ? { scopes } : {}) });
  now = 1_764_000_000_000;
  waits = [];
  people = createSlack({
    apiUrl: world.apiUrl,
    botToken: 'xoxb-test',
    signingSecret: 'signing-secret-of-a-test',
    teamId: world.teamId,
    botId: world.botId,
    botUserId: world.botUserId,
    channel: world.channelId,
    desk: rememberingDesk(),
    log: { warn() {}, error() {} },
    mode: 'http',
    timeoutMs: 1_000,
    now: () => now,
    sleep: async (ms) => void waits.push(ms),
  }).people;
}

async function reopen(scopes: readonly string[]): Promise<void> {
  await world.close();
  await open(scopes);
}

beforeEach(() => open());
afterEach(() => world.close());

const idOf = (key: string) => world.users[key]?.id ?? expect.fail(`nobody called ${key}`);
const ana = () => people.account(idOf('ana'));
const callsOf = (method: string) => world.calls.filter((call) => call.method === method).length;
const answered = (body: object) => ({ answer: { status: 200, body: { ok: true, ...body } } });
const failureOf = (work: Promise<unknown>): Promise<ClawbackError> =>
  work.then(
    () => expect.fail('it was answered'),
    (error: unknown) => error as ClawbackError,
  );
/** What users.info says of Ana, with `change`; `undefined` leaves a field out. */
const said = (change: object) => {
  const flags = { deleted: false, is_bot: false, is_restricted: false, is_ultra_restricted: false };
  const user = {
    id: idOf('ana'),
    team_id: world.teamId,
    ...flags,
    profile: { email: 'ana@contoso.example' },
    ...change,
  };
  world.faults.fail('users.info', answered({ user }));
};

describe('who somebody in Slack is', () => {
  const insider = { active: true, bot: false, guest: false, stranger: false, address: 'ana@contoso.example' };

  test('an employee is active, no bot, no guest, no stranger, and has an address', async () => {
    expect(await ana()).toEqual(insider);
  });

  test.each([
    ['deactivated', { deleted: true }, { active: false }],
    ['a guest of several channels', { restricted: true }, { guest: true }],
    ['a guest of a single channel', { ultraRestricted: true }, { guest: true }],
    ['from a connected workspace', { teamId: 'T0FABRIKAM' }, { stranger: true }],
    ['from a connected workspace and marked so', { teamId: 'T0FABRIKAM', stranger: true }, { stranger: true }],
    ['the bot user of another app', { isBot: true }, { bot: true }],
  ])('somebody who is %s is told to be', async (_name, change, told) => {
    world.setPerson('ana', change);
    expect(await ana()).toEqual({ ...insider, ...told });
  });

  test('our own bot is a bot', async () => {
    expect(await people.account(world.botUserId)).toMatchObject({ bot: true });
  });

  test.each<[string, object, object]>([
    ['Slackbot, which Slack does not call a bot', { id: 'USLACKBOT' }, { bot: true }],
    ['a workflow', { is_workflow_bot: true }, { bot: true }],
    ['a stranger in spite of the right workspace', { is_stranger: true }, { stranger: true }],
    ['not said to be active', { deleted: undefined }, { active: false }],
    ['not said to be human', { is_bot: undefined }, { bot: true }],
    ['not said to be a full member', { is_restricted: undefined }, { guest: true }],
    ['not said to be of any workspace', { team_id: undefined }, { stranger: true }],
    [
      'of another company’s Enterprise Grid',
      { team_id: 'E0', enterprise_user: { teams: ['T0OTHER'] } },
      { stranger: true },
    ],
    [
      'of our Enterprise Grid, with another first workspace',
      { team_id: 'T0SISTER', enterprise_user: { teams: ['T0SISTER', 'T0SANDBOX01'] } },
      {},
    ],
    ['somebody who authorised the app, which makes nobody a bot', { is_app_user: true }, {}],
    ['without an address', { profile: {} }, { address: null }],
    ['with an empty address', { profile: { email: '' } }, { address: null }],
  ])('whoever is %s', async (_name, change, told) => {
    said(change);
    const id = 'id' in change ? String(change.id) : idOf('ana');
    expect(await people.account(id)).toEqual({ ...insider, ...told });
  });

  test('nobody is behind an id that Slack does not know', async () => {
    expect(await people.account('U0NOBODY')).toBeNull();
  });

  test('without the right to read addresses there is none', async () => {
    await reopen(['users:read']);
    expect(await ana()).toEqual({ ...insider, address: null });
  });

  test('a missing right is named', async () => {
    await reopen(['chat:write']);
    const { code, message } = await failureOf(ana());
    expect([code, message]).toEqual(['unavailable', 'Slack refuses users.info: the app lacks the scope users:read']);
  });

  test.each<[string, object]>([
    ['the answer about somebody else', { user: { id: 'U0ELSE', team_id: 'T0SANDBOX01', deleted: false } }],
    ['no person', {}],
    ['flags that are no flags', { user: { id: 'U0ANA', deleted: 'false' } }],
  ])('%s is no answer', async (_name, body) => {
    world.faults.fail('users.info', answered(body));
    expect((await failureOf(ana())).code).toBe('unavailable');
  });

  test.each(['user_not_visible', 'account_inactive', 'internal_error'])('%s is no answer', async (error) => {
    world.faults.fail('users.info', { answer: { status: 200, body: { ok: false, error } } });
    expect(await failureOf(ana())).toMatchObject({
      code: 'unavailable',
      message: `Slack answered ${error} to users.info`,
    });
  });

  test('a Slack that is down is no answer, and no answer is kept', async () => {
    world.faults.setDown(true);
    expect((await failureOf(ana())).code).toBe('unavailable');
    world.faults.setDown(false);
    expect(await ana()).toEqual(insider);
  });

  test('an answer is good for 15 seconds, then Slack is asked again', async () => {
    await ana();
    world.setPerson('ana', { deleted: true });
    now += 14_000;
    expect(await ana()).toMatchObject({ active: true });
    now += 2_000;
    expect([await ana(), callsOf('users.info')]).toEqual([{ ...insider, active: false }, 2]);
  });

  const throttled = (seconds: number) => ({
    answer: { status: 429, headers: { 'retry-after': String(seconds) }, body: { ok: false } },
  });

  test('asked anew, an account and a channel are asked for once more, and not answered from before', async () => {
    await Promise.all([ana(), people.isShared(world.channelId)]);
    world.setPerson('ana', { deleted: true });
    const anew = people.anew();
    expect([(await anew.account(idOf('ana')))?.active, await anew.isShared(world.channelId)]).toEqual([false, false]);
    expect([callsOf('users.info'), callsOf('conversations.info')]).toEqual([2, 2]);
    world.faults.setDown(true);
    expect((await failureOf(people.anew().account(idOf('ana')))).code).toBe('unavailable');
  });

  test('a short wait that Slack asks for is waited once', async () => {
    world.faults.fail('users.info', throttled(2));
    expect([await ana(), waits, callsOf('users.info')]).toEqual([insider, [2_000], 2]);
  });

  test('nobody is kept waiting twice', async () => {
    world.faults.fail('users.info', throttled(1));
    world.faults.fail('users.info', throttled(1));
    expect((await failureOf(ana())).message).toBe('Slack asks to wait with users.info');
    expect(callsOf('users.info')).toBe(2);
  });

  test('a long wait is no answer', async () => {
    world.faults.fail('users.info', throttled(3));
    expect((await failureOf(ana())).code).toBe('unavailable');
    expect([waits, callsOf('users.info')]).toEqual([[], 1]);
  });
});

describe('whether the channel is open to others', () => {
  const shared = () => people.isShared(world.channelId);

  test('a channel of our own is not', async () => {
    expect(await shared()).toBe(false);
  });

  test('a channel that workspaces of one company have in common is not', async () => {
    world.setChannelFlags({ is_org_shared: true, is_shared: true });
    expect(await shared()).toBe(false);
  });

  test.each<[string, object]>([
    ['shared with another organisation', { is_ext_shared: true }],
    ['shared inside the organisation, and with another', { is_org_shared: true, is_ext_shared: true, is_shared: true }],
    ['about to be shared', { is_pending_ext_shared: true }],
    ['shared, in whatever way', { is_shared: true }],
    ['with an invitation under way', { pending_shared: ['T0FABRIKAM'] }],
    ['with a workspace about to join', { pending_connected_team_ids: ['T0FABRIKAM'] }],
  ])('a channel %s is', async (_name, flags) => {
    world.setChannelFlags({ ...flags });
    expect(await shared()).toBe(true);
  });

  test('it is noticed within 15 seconds', async () => {
    await shared();
    world.setChannelFlags({ is_ext_shared: true });
    now += 16_000;
    expect(await shared()).toBe(true);
  });

  test.each<[string, object]>([
    ['silence about sharing', { id: 'C0' }],
    ['another channel', { id: 'C0ELSE', is_ext_shared: false }],
  ])('%s is no answer', async (_name, channel) => {
    const id = 'id' in channel && channel.id === 'C0' ? world.channelId : 'C0ELSE';
    world.faults.fail('conversations.info', answered({ channel: { ...channel, id } }));
    expect((await failureOf(shared())).code).toBe('unavailable');
  });

  test('a channel that cannot be read is no answer', async () => {
    expect((await failureOf(people.isShared('C0NOWHERE'))).message).toBe(
      'Slack answered channel_not_found to conversations.info',
    );
  });

  test('a missing right is named', async () => {
    await reopen(['users:read']);
    expect((await failureOf(shared())).message).toContain('the app lacks the scope');
  });
});

describe('who is in a user group', () => {
  test('its accounts, by id', async () => {
    expect(await people.groupMembers('S0LEADS')).toEqual(new Set([idOf('ana')]));
  });

  test('a change is noticed after five minutes', async () => {
    await people.groupMembers('S0LEADS');
    world.setGroup('S0LEADS', ['ben']);
    now += 299_000;
    expect(await people.groupMembers('S0LEADS')).toEqual(new Set([idOf('ana')]));
    now += 2_000;
    expect(await people.groupMembers('S0LEADS')).toEqual(new Set([idOf('ben')]));
  });

  test('a change is noticed at once by who asks anew, and then by everybody', async () => {
    await people.groupMembers('S0LEADS');
    world.setGroup('S0LEADS', ['ben']);
    const anew = people.anew();
    const said = [await anew.groupMembers('S0LEADS'), await anew.groupMembers('S0LEADS')];
    expect([...said, await people.groupMembers('S0LEADS')]).toEqual(Array(3).fill(new Set([idOf('ben')])));
    expect(callsOf('usergroups.users.list')).toBe(2);
  });

  test('a group that there is not is no empty group', async () => {
    expect(await failureOf(people.groupMembers('S0NONE'))).toMatchObject({
      code: 'unavailable',
      message: 'Slack answered no_such_subteam to usergroups.users.list',
    });
  });

  test('a missing right is named', async () => {
    await reopen(['users:read']);
    expect((await failureOf(people.groupMembers('S0LEADS'))).message).toContain('usergroups:read');
  });
});
