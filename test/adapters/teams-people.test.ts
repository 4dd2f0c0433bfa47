import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChatAccount } from '../../src/ports/people.ts';
import { startTeamsRig, TEAM_ID, TENANT_ID } from '../support/card-pictures/teams-rig.ts';

type Rig = Awaited<ReturnType<typeof startTeamsRig>>;
let rig: Rig;
let now: number;

async function open(changes: Parameters<typeof startTeamsRig>[0] = {}): Promise<void> {
  now = 1_764_000_000_000;
  rig = await startTeamsRig({ now: () => now, ...changes });
}

async function reopen(changes: Parameters<typeof startTeamsRig>[0]): Promise<void> {
  await rig.close();
  await open(changes);
}

beforeEach(() => open());
afterEach(() => rig.close());

const idOf = (key: string) => rig.world.members[key]?.aadObjectId ?? expect.fail(`nobody called ${key}`);
const account = (id: string): Promise<ChatAccount | null> => rig.teams.people.account(id);
const shared = (channel = rig.world.channelId) => rig.teams.people.isShared(channel);
const questions = () => rig.world.calls.length;
const unavailable = { code: 'unavailable' };
const nobody = '44444444-0000-4000-8000-000000000000';

/** The next question about a member is answered with this, whoever is asked about. */
function answerWith(body: object, status = 200): void {
  rig.world.faults.fail('members', { answer: { status, body } });
}

describe('an account in Teams', () => {
  const plain = { active: true, bot: false, guest: false, stranger: false, address: null };
  const member = () => ({ aadObjectId: idOf('ana'), tenantId: TENANT_ID, userRole: 'user' });

  test('of a member of the channel has nothing against it', async () => {
    expect(await account(idOf('ana'))).toEqual(plain);
  });

  test('is found whatever case the id is written in', async () => {
    expect(await account(idOf('ana').toUpperCase())).toEqual(plain);
  });

  test('of a guest is called one', async () => {
    expect(await account(idOf('gus'))).toEqual({ ...plain, guest: true });
  });

  test.each(['anonymous', 'Guest', 'federated'])('in the role %s counts as a guest', async (userRole) => {
    answerWith({ ...member(), userRole });
    expect((await account(idOf('ana')))?.guest).toBe(true);
  });

  test('from another tenant is a stranger', async () => {
    answerWith({ ...member(), tenantId: '55555555-0000-4000-8000-000000000000' });
    expect((await account(idOf('ana')))?.stranger).toBe(true);
  });

  test('with the id in the older field is found', async () => {
    const { aadObjectId: objectId, ...rest } = member();
    answerWith({ ...rest, objectId });
    expect(await account(idOf('ana'))).toEqual(plain);
  });

  test('is none for somebody who is not in the channel', async () => {
    expect(await account(nobody)).toBeNull();
  });

  test.each(['29:1abc', 'ana@contoso.example', '', '../../teams/x'])(
    'is none for %j, and Teams is not asked',
    async (id) => {
      expect([await account(id), questions()]).toEqual([null, 0]);
    },
  );

  test.each([
    ['somebody else’s data', { aadObjectId: nobody }],
    ['no tenant', { tenantId: undefined }],
    ['no role', { userRole: undefined }],
    ['no id', { aadObjectId: undefined }],
  ])('cannot be told from an answer with %s', async (_name, change) => {
    answerWith({ ...member(), ...change });
    await expect(account(idOf('ana'))).rejects.toMatchObject(unavailable);
  });

  test.each([
    [404, 'ConversationNotFound'],
    [404, ''],
    [403, 'BotNotInConversationRoster'],
    [401, ''],
    [429, 'TooManyRequests'],
    [500, ''],
    [307, ''],
  ])('cannot be told from a %i %s, and Teams is asked once', async (status, code) => {
    answerWith(code ? { error: { code } } : {}, status);
    await expect(account(idOf('ana'))).rejects.toMatchObject(unavailable);
    expect(questions()).toBe(1);
  });

  test('cannot be told while the bot is not in the team', async () => {
    rig.world.setInstalled(false);
    await expect(account(idOf('ana'))).rejects.toMatchObject(unavailable);
  });

  test.each(['drop', 'hang'] as const)('cannot be told when the answer does not come (%s)', async (answer) => {
    await reopen({ askTimeoutMs: 100 });
    rig.world.faults.fail('members', { answer });
    await expect(account(idOf('ana'))).rejects.toMatchObject(unavailable);
  });

  test('cannot be told without a token', async () => {
    await reopen({ token: () => Promise.reject(new Error('no token today')) });
    await expect(account(idOf('ana'))).rejects.toMatchObject(unavailable);
  });

  test('is never asked for at a service URL that is not allowed', async () => {
    await reopen({ reference: () => 'https://evil.example/' });
    await expect(account(idOf('ana'))).rejects.toMatchObject(unavailable);
    expect(questions()).toBe(0);
  });

  test('is asked for where the channel said last that it can be reached', async () => {
    await reopen({ serviceUrl: 'https://smba.trafficmanager.net/', reference: (serviceUrl) => serviceUrl });
    expect(await account(idOf('ana'))).toEqual(plain);
  });

  test('is remembered for 15 seconds and no longer', async () => {
    await account(idOf('ana'));
    now += 14_999;
    await account(idOf('ana'));
    expect(questions()).toBe(1);
    now += 1;
    await account(idOf('ana'));
    expect(questions()).toBe(2);
  });

  test('is asked for again at once by who asks anew, and that answer is for everybody', async () => {
    await account(idOf('ana'));
    answerWith({ ...member(), userRole: 'guest' });
    expect((await rig.teams.people.anew().account(idOf('ana')))?.guest).toBe(true);
    expect([(await account(idOf('ana')))?.guest, questions()]).toEqual([true, 2]);
  });

  test('that could not be told is asked for again at once', async () => {
    answerWith({}, 500);
    await expect(account(idOf('ana'))).rejects.toMatchObject(unavailable);
    expect(await account(idOf('ana'))).toEqual(plain);
  });
});

describe('whether a Teams channel is shared', () => {
  const listed = (...conversations: object[]) =>
    rig.world.faults.fail('channels', { answer: { status: 200, body: { conversations } } });
  const ours = () => ({ id: rig.world.channelId, name: 'Mail alerts' });

  test.each([
    ['standard', false],
    ['private', false],
    ['shared', true],
  ] as const)('a %s one: %j', async (type, answer) => {
    rig.world.setChannelType(type);
    expect(await shared()).toBe(answer);
  });

  test('a thread is as shared as its channel', async () => {
    rig.world.setChannelType('shared');
    expect(await shared(`${rig.world.channelId};messageid=1764000000000`)).toBe(true);
  });

  test('sharing another channel changes nothing', async () => {
    rig.world.setChannelType('shared', rig.world.otherChannelId);
    expect([await shared(), await shared(rig.world.otherChannelId)]).toEqual([false, true]);
  });

  test('a channel that is made a shared one is seen 15 seconds later', async () => {
    await shared();
    rig.world.setChannelType('shared');
    now += 15_000;
    expect(await shared()).toBe(true);
  });

  test('a channel that is made a shared one is seen at once by who asks anew', async () => {
    await shared();
    rig.world.setChannelType('shared');
    expect([await shared(), await rig.teams.people.anew().isShared(rig.world.channelId)]).toEqual([false, true]);
  });

  test('a list without any types is of a service in which no bot of ours gets into a shared channel', async () => {
    listed({ id: TEAM_ID, name: null }, ours());
    expect(await shared()).toBe(false);
  });

  test('the General channel may be missing from the list', async () => {
    expect(await shared(TEAM_ID)).toBe(false);
  });

  test('cannot be told of a channel that is not in the team', async () => {
    await expect(shared('19:unknown@thread.tacv2')).rejects.toMatchObject(unavailable);
  });

  test('cannot be told from a type nobody knows', async () => {
    listed({ ...ours(), type: 'federated' });
    await expect(shared()).rejects.toMatchObject(unavailable);
  });

  test('cannot be told when others have a type and ours has none', async () => {
    listed({ id: TEAM_ID, type: 'standard' }, ours());
    await expect(shared()).rejects.toMatchObject(unavailable);
  });

  test.each([
    [403, { error: { code: 'BotNotInConversationRoster' } }],
    [429, {}],
    [200, { conversations: 'none' }],
    [200, {}],
  ])('cannot be told from a %i with %j', async (status, body) => {
    rig.world.faults.fail('channels', { answer: { status, body } });
    await expect(shared()).rejects.toMatchObject(unavailable);
  });
});

test('Teams has no groups of accounts', async () => {
  await expect(rig.teams.people.groupMembers('S0LEADS')).rejects.toMatchObject(unavailable);
});
