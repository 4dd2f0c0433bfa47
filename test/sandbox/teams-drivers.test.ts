import { type AdaptiveCardInvokeResponse, CardFactory, MessageFactory } from 'botbuilder';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Botted, card, startBot, TENANT } from './teams-bot.ts';

let world: Botted;
beforeEach(async () => {
  world = await startBot();
});
afterEach(() => world.close());

const shown = () => world.teams.messages().flatMap((thread) => thread.activities);
const cardAnswer = (value: object): AdaptiveCardInvokeResponse => ({
  statusCode: 200,
  type: 'application/vnd.microsoft.card.adaptive',
  value: value as Record<string, unknown>,
});
const toastAnswer = (said: string) =>
  ({
    statusCode: 200,
    type: 'application/vnd.microsoft.activity.message',
    value: said,
  }) as unknown as AdaptiveCardInvokeResponse;

describe('a click on a Teams card', () => {
  test('reaches the real adapter with a token it believes and names person, card and tenant', async () => {
    const { activityId, conversationId } = await world.post();
    const clicked = await world.teams.click('alice', activityId, 'purge');
    expect(clicked.status).toBe(200);
    expect(world.turns).toMatchObject([
      {
        type: 'invoke',
        name: 'adaptiveCard/action',
        replyToId: activityId,
        conversation: { id: conversationId, tenantId: TENANT },
        from: { aadObjectId: world.teams.members['alice']?.aadObjectId },
        value: { action: { type: 'Action.Execute', verb: 'purge', data: { incident: 'CB-1' } }, trigger: 'manual' },
      },
    ]);
  });

  test('lets the bot update the card for everybody', async () => {
    const { activityId } = await world.post();
    world.onInvoke = async (context) => {
      const next = MessageFactory.attachment(CardFactory.adaptiveCard(card('1 of 2', ['purge'])));
      await context.updateActivity({ ...next, id: context.activity.replyToId ?? '' });
      return toastAnswer('counted');
    };
    await world.teams.click('alice', activityId, 'purge');
    expect(shown()).toMatchObject([{ id: activityId, updates: 1, card: { fallbackText: '1 of 2' } }]);
    expect(world.teams.seenBy('alice').toasts).toEqual([{ kind: 'message', text: 'counted', activityId }]);
  });

  test('may be answered with a card for the clicker alone, whose buttons work', async () => {
    const { activityId } = await world.post();
    world.onInvoke = () => Promise.resolve(cardAnswer(card('details', ['next'])));
    await world.teams.click('alice', activityId, 'purge');
    const own = world.teams.seenBy('alice').cards.get(activityId);
    await world.teams.clickPrivate('alice', activityId, 'next');
    expect([
      own?.['fallbackText'],
      world.teams.seenBy('bob').cards.size,
      world.turns.at(-1)?.value.action.verb,
    ]).toEqual(['details', 0, 'next']);
  });

  test('behind a form needs the reason a real client insists on', async () => {
    const { activityId } = await world.post();
    await expect(world.teams.click('alice', activityId, 'reject')).rejects.toThrow('reason is required');
  });

  test('sends what was filled in together with the data of the action', async () => {
    const { activityId } = await world.post();
    await world.teams.click('alice', activityId, 'reject', { reason: 'false alarm' });
    expect(world.turns[0]?.value.action.data).toEqual({ incident: 'CB-1', reason: 'false alarm' });
  });

  test('is impossible without the button', async () => {
    const { activityId } = await world.post();
    await expect(world.teams.click('alice', activityId, 'undo')).rejects.toThrow('a real user could not click it');
  });

  test('forgets the private card when the message is replaced', async () => {
    const { activityId, conversationId } = await world.post();
    world.onInvoke = () => Promise.resolve(cardAnswer(card('details', ['next'])));
    await world.teams.click('alice', activityId, 'purge');
    const next = MessageFactory.attachment(CardFactory.adaptiveCard(card('closed', [])));
    await world.inThread(conversationId, (context) => context.updateActivity({ ...next, id: activityId }));
    expect(world.teams.seenBy('alice').cards.size).toBe(0);
  });

  test('whose answer breaks leaves the person with an error sign', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { activityId } = await world.post();
    world.onInvoke = () => Promise.reject(new Error('broken'));
    await world.teams.click('alice', activityId, 'purge');
    expect(world.teams.seenBy('alice').toasts).toMatchObject([{ kind: 'failed' }]);
  });
});

describe('a word to the bot', () => {
  test('arrives with the mention, and its answer stands in the same thread', async () => {
    world.onMessage = (context) => context.sendActivity('two cases open');
    const said = await world.teams.say('alice', 'status');
    expect([world.turns[0]?.text, said.replies.map((one) => one.text)]).toEqual([
      '<at>Clawback</at> status',
      ['two cases open'],
    ]);
  });

  test('installing tells the bot the team without naming the person', async () => {
    await world.teams.install('alice');
    expect(world.turns).toMatchObject([
      {
        type: 'conversationUpdate',
        membersAdded: [{ id: world.teams.botId }],
        channelData: { eventType: 'teamMemberAdded' },
      },
      { type: 'installationUpdate', action: 'add', from: { aadObjectId: world.teams.members['alice']?.aadObjectId } },
    ]);
  });
});

describe('a forged request', () => {
  // The adapter prints public keys and stack traces for each of these.
  beforeEach(() => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
  });

  test.each([
    ['without a token', { absent: true }, 401],
    ['for another bot', { aud: 'someone-else' }, 401],
    ['expired an hour ago', { expiresIn: -3600 }, 401],
    ['with the service URL of somebody else in the token', { serviceUrl: 'https://smba.example.com/' }, 401],
    ['without a service URL in the token', { serviceUrl: null }, 401],
    ['signed with a key that may not speak for Teams', { key: 'unendorsed' as const }, 401],
    ['from another issuer', { iss: 'https://sts.example.com' }, 401],
    // The adapter answers its own surprises with 500; a bot has to turn them into 401 itself.
    ['without a signature', { alg: 'none' as const }, 500],
    ['signed with a key nobody published', { key: 'foreign' as const }, 500],
    ['signed with the public key as a secret', { alg: 'HS256' as const }, 500],
  ])('%s never reaches a turn', async (_how, token, status) => {
    const { activityId } = await world.post();
    const sent = await world.teams.raw(world.teams.draft('alice', activityId, 'purge'), token);
    expect([sent.status, world.turns]).toEqual([status, []]);
  });

  test('from another tenant does reach the turn: the adapter does not look', async () => {
    const { activityId } = await world.post();
    await world.teams.click('alice', activityId, 'purge', {}, { tenantId: 'other-tenant' });
    expect(world.turns[0]?.channelData.tenant.id).toBe('other-tenant');
  });

  test('without a service URL in its body does reach the turn: the adapter skips the check', async () => {
    const { activityId } = await world.post();
    const { serviceUrl, ...activity } = world.teams.draft('alice', activityId, 'purge');
    await world.teams.raw(activity, { serviceUrl: 'https://smba.example.com/' });
    expect([serviceUrl, world.turns.length]).toEqual([world.teams.serviceUrl, 1]);
  });

  test('repeated byte for byte runs again: the adapter keeps no memory', async () => {
    const { activityId } = await world.post();
    const clicked = await world.teams.click('alice', activityId, 'purge');
    await world.teams.again(clicked.sent);
    expect(world.turns).toHaveLength(2);
  });
});
