import { CardFactory, MessageFactory, TeamsInfo } from 'botbuilder';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Botted, card, startBot } from './teams-bot.ts';

let world: Botted;
beforeEach(async () => {
  world = await startBot();
});
afterEach(() => world.close());

const AUTHORIZATION = {
  authorization: `Bearer e30.${Buffer.from('{"aud":"https://api.botframework.com"}').toString('base64url')}.x`,
};
const withCard = (content: object) => ({
  type: 'message',
  attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
});

/** A bare call, for answers that botbuilder hides. */
async function call(method: string, path: string, body?: object, headers: Record<string, string> = AUTHORIZATION) {
  const answer = await fetch(`${world.teams.url}/v3/${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const said = (await answer.text()) || '{}';
  return { status: answer.status, wait: answer.headers.get('retry-after'), body: JSON.parse(said) };
}

describe('the Bot Connector stand-in', () => {
  test('starts a thread with the first card and names it by its root', async () => {
    const { conversationId, activityId } = await world.post();
    expect([conversationId, world.teams.messages()[0]?.activities[0]?.from]).toEqual([
      `${world.teams.channelId};messageid=${activityId}`,
      'bot',
    ]);
  });

  test('takes replies and deletions from botbuilder', async () => {
    const { conversationId } = await world.post();
    await world.inThread(conversationId, async (context) => {
      const sent = await context.sendActivity('history');
      await context.deleteActivity(sent?.id ?? '');
    });
    expect(world.teams.messages()[0]?.activities).toMatchObject([
      { deleted: false },
      { text: 'history', deleted: true },
    ]);
  });

  test('lists the roster in pages, guests marked', async () => {
    const { conversationId } = await world.post();
    const seen: unknown[] = [];
    await world.inThread(conversationId, async (context) => {
      const first = await TeamsInfo.getPagedMembers(context, 1);
      const second = await TeamsInfo.getPagedMembers(context, 1, first.continuationToken);
      seen.push(...[...first.members, ...second.members].map((one) => [one.aadObjectId, one.userRole]));
    });
    const { alice, bob } = world.teams.members;
    expect(seen).toEqual([
      [alice?.aadObjectId, 'user'],
      [bob?.aadObjectId, 'guest'],
    ]);
  });

  test('finds one member by object id', async () => {
    const { conversationId } = await world.post();
    const found = await call(
      'GET',
      `conversations/${encodeURIComponent(conversationId)}/members/${world.teams.members['bob']?.aadObjectId}`,
    );
    expect(found.body.userPrincipalName).toBe('bob@contoso.com');
  });

  test('lists the channels of the team', async () => {
    const found = await call('GET', `teams/${encodeURIComponent('19:team@thread.tacv2')}/conversations`);
    expect(found.body.conversations.map((one: { id: string }) => one.id)).toContain(world.teams.channelId);
  });

  test('says of what type a channel is, also after that changed', async () => {
    const types = async () => {
      const found = await call('GET', 'teams/19:team@thread.tacv2/conversations');
      return found.body.conversations.map((one: { type: string }) => one.type);
    };
    const before = await types();
    world.teams.setChannelType('shared');
    world.teams.setChannelType('private', world.teams.otherChannelId);
    expect([before, await types()]).toEqual([
      ['standard', 'standard'],
      ['shared', 'private'],
    ]);
  });

  test.each([
    ['no token', {}],
    ['a token for another audience', { authorization: 'Bearer e30.eyJhdWQiOiJ4In0.x' }],
  ])('refuses %s', async (_what, headers) => {
    expect((await call('GET', 'teams/19:team@thread.tacv2', undefined, headers)).status).toBe(401);
  });

  test.each([
    ['a newer card', { ...card('x'), version: '1.6' }],
    ['an unknown element', { ...card('x'), body: [{ type: 'Carousel' }] }],
    ['what templating left behind', card(`hello \${name}`)],
    ['an input without a label', { ...card('x'), body: [{ type: 'Input.Text', id: 'a' }] }],
  ])('refuses %s', async (_what, content) => {
    const sent = await call('POST', `conversations/${world.teams.channelId}/activities`, withCard(content));
    expect([sent.status, world.teams.messages()]).toEqual([400, []]);
  });

  test('refuses a message above 100 KB', async () => {
    const sent = await call(
      'POST',
      `conversations/${world.teams.channelId}/activities`,
      withCard(card('x'.repeat(52_000))),
    );
    expect([sent.status, sent.body.error.code]).toEqual([413, 'MessageSizeTooBig']);
  });

  test('knows no conversation but its own', async () => {
    expect((await call('POST', 'conversations/19:x@thread.tacv2/activities', withCard(card('x')))).status).toBe(404);
  });

  test('knows no card that it does not hold', async () => {
    const { conversationId } = await world.post();
    const path = `conversations/${encodeURIComponent(conversationId)}/activities/1`;
    expect((await call('PUT', path, withCard(card('x')))).body.error.code).toBe('ActivityNotFoundInConversation');
  });

  test('refuses a bot that was taken out of the team', async () => {
    world.teams.setInstalled(false);
    await expect(world.post()).rejects.toMatchObject({ statusCode: 403 });
  });

  test('shows a targeted message to one person only', async () => {
    const { conversationId } = await world.post();
    const path = `conversations/${encodeURIComponent(conversationId)}/activities?isTargetedActivity=true`;
    await call('POST', path, { type: 'message', text: 'only you', recipient: { id: world.teams.members['bob']?.id } });
    expect([
      world.teams.seenBy('bob').whispers.map((one) => one.text),
      world.teams.messages()[0]?.activities.length,
    ]).toEqual([['only you'], 1]);
  });
});

describe('what differs from tenant to tenant', () => {
  const memberPath = (conversationId: string, id = '') =>
    `conversations/${encodeURIComponent(conversationId)}/members/${encodeURIComponent(id)}`;

  test.each([
    [true, 200],
    [false, 404],
  ])('the roster finds people by their Entra id (%s), and always by its own', async (rosterByEntraId, status) => {
    world.teams.habits.rosterByEntraId = rosterByEntraId;
    const bob = world.teams.members['bob'];
    const asked = [bob?.aadObjectId, bob?.id].map((id) => call('GET', memberPath(world.teams.channelId, id)));
    expect((await Promise.all(asked)).map((answer) => answer.status)).toEqual([status, 200]);
  });

  test.each([403, 404] as const)(
    'an update is answered %i now and then although the message is there',
    async (status) => {
      const { conversationId, activityId } = await world.post();
      const lies = [{ status, code: 'Forbidden' }];
      world.teams.habits.updateLie = () => lies.pop() ?? null;
      const path = `conversations/${encodeURIComponent(conversationId)}/activities/${activityId}`;
      const answers = [await call('PUT', path, withCard(card('x'))), await call('PUT', path, withCard(card('y')))];
      expect(answers.map((answer) => answer.status)).toEqual([status, 200]);
    },
  );

  test('without the preview no message is for one person only', async () => {
    world.teams.habits.targeted = false;
    const { conversationId } = await world.post();
    const path = `conversations/${encodeURIComponent(conversationId)}/activities?isTargetedActivity=true`;
    const only = { type: 'message', text: 'only you', recipient: { id: world.teams.members['bob']?.id } };
    expect([(await call('POST', path, only)).status, world.teams.messages()[0]?.activities.length]).toEqual([400, 1]);
  });

  test.each([
    [true, 201],
    [false, 403],
  ])('a chat with one person needs the app installed for that person (%s)', async (personal, status) => {
    world.teams.habits.personal = personal;
    const opened = await call('POST', 'conversations', { members: [{ id: world.teams.members['bob']?.id }] });
    expect(opened.status).toBe(status);
    if (!personal) return;
    await call('POST', `conversations/${encodeURIComponent(opened.body.id)}/activities`, {
      type: 'message',
      text: 'hi',
    });
    expect(world.teams.seenBy('bob').whispers.map((one) => one.text)).toEqual(['hi']);
  });
});

describe('limits and faults', () => {
  const send = async (conversationId: string) =>
    call('POST', `conversations/${encodeURIComponent(conversationId)}/activities`, { type: 'message', text: 'x' });

  test('the eighth message of a second is put off, and the ninth of two seconds', async () => {
    const frozen = Date.now();
    let moved = 0;
    await world.close();
    world = await startBot({ clock: () => frozen + moved });
    const { conversationId } = await world.post();
    const first = [];
    for (let count = 0; count < 8; count += 1) {
      first.push((await send(conversationId)).status);
    }
    moved += 1_001;
    const second = [await send(conversationId), await send(conversationId)];
    expect([first, second.map((one) => [one.status, one.wait])]).toEqual([
      [201, 201, 201, 201, 201, 201, 201, 429],
      [
        [201, null],
        [429, '1'],
      ],
    ]);
  });

  test('botbuilder itself waits and posts once when the connector says 429', async () => {
    world.teams.faults.fail('create', { answer: { status: 429, headers: { 'retry-after': '1' } } });
    await world.post();
    expect([world.teams.calls.map((one) => one.status), world.teams.messages().length]).toEqual([[429, 201], 1]);
  });

  async function updated(status: number): Promise<number[]> {
    const { conversationId, activityId } = await world.post();
    world.teams.faults.fail('update', { answer: { status } });
    const next = { ...MessageFactory.attachment(CardFactory.adaptiveCard(card('y'))), id: activityId };
    const tried = world.inThread(conversationId, (context) => context.updateActivity(next));
    await tried.catch(() => undefined);
    return world.teams.calls.filter((one) => one.operation === 'update').map((one) => one.status);
  }

  test('412 is the end of an update', async () => {
    expect(await updated(412)).toEqual([412]);
  });

  test('502 is tried again by botbuilder itself', async () => {
    expect(await updated(502)).toEqual([502, 200]);
  });

  test('an answer lost after the effect makes botbuilder post the card twice', async () => {
    world.teams.faults.fail('create', { after: true, answer: 'drop' });
    await world.post();
    expect([world.teams.calls.map((one) => [one.status, one.effect]), world.teams.messages().length]).toEqual([
      [
        [0, 201],
        [201, 201],
      ],
      2,
    ]);
  });

  test('nothing answers while the connector is down', async () => {
    world.teams.faults.setDown(true);
    await expect(call('GET', 'teams/19:team@thread.tacv2')).rejects.toThrow();
  });
});
