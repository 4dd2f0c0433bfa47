import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EXCERPT, HOSTILE, HOSTILE_LINES, LIST, MAILBOX, SIGN_IN } from '../support/card-pictures/replies.ts';
import { cardStates } from '../support/card-pictures/states.ts';
import { startTeamsRig, TENANT_ID } from '../support/card-pictures/teams-rig.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';
import { offering } from '../support/offers.ts';

type Rig = Awaited<ReturnType<typeof startTeamsRig>>;
/** The same press, with another verb: the button is on a card that only the mailbox list leads to. */
const asking = (activity: object, verb: string) =>
  JSON.parse(JSON.stringify(activity).replaceAll('"verb":"details"', `"verb":"${verb}"`));
const IDS = { incident: 'CB-1', digest: '' };
const view = cardStates()[1]?.view ?? expect.fail('no state');

describe('a card in Teams', () => {
  let rig: Rig;
  let card: string;
  let thread: string;

  beforeEach(async () => {
    rig = await startTeamsRig({ current: view, answerWithinMs: 300 });
    const ref = await rig.teams.rooms.post(view, 'key-1');
    card = ref.message;
    thread = ref.channel;
  });
  afterEach(() => rig.close());

  test.each(['purge', 'flag', 'details'])(
    'a press of %s reaches the desk with person, place and plan',
    async (verb) => {
      await rig.world.click('ana', card, verb);
      const person = rig.world.members['ana'];
      expect(rig.desk.presses).toEqual([
        {
          by: { platform: 'teams', id: person?.aadObjectId, home: TENANT_ID, name: 'Ana' },
          card: { platform: 'teams', channel: thread, message: card },
          verb,
          incident: view.incident,
          digest: view.digest,
          reason: null,
          page: 0,
        },
      ]);
    },
  );

  test('the answer is a toast in plain words for the one who pressed', async () => {
    rig.desk.reply = HOSTILE;
    await rig.world.click('ana', card, 'purge');
    expect(rig.world.seenBy('ana').toasts).toMatchObject([{ kind: 'message', text: HOSTILE_LINES.join('\n') }]);
  });

  test('a reason given in the card goes along with the rejection', async () => {
    await rig.world.click('ana', card, 'reject', { reason: 'Our own newsletter' });
    expect(rig.desk.presses[0]).toMatchObject({ verb: 'reject', reason: 'Our own newsletter' });
  });

  test.each(['confirm', 'hard-purge'])('a press of %s reaches the desk where the card offers it', async (verb) => {
    const ref = await rig.teams.rooms.post({ ...view, ...offering('confirm', 'hard-purge') }, 'key-2');
    await rig.world.click('ana', ref.message, verb);
    expect(rig.desk.presses).toMatchObject([{ verb, digest: view.digest, reason: null }]);
  });

  test('the mailbox list is seen by the one who asked, and by nobody else', async () => {
    rig.desk.reply = LIST;
    await rig.world.click('ana', card, 'details');
    const seen = rig.world.seenBy('ana').cards.get(card);
    expect(literalTexts(seen, 'TextRun')).toContain(MAILBOX);
    expect(rig.world.seenBy('ben').cards.size).toBe(0);
  });

  test('the next page is asked for by its number', async () => {
    rig.desk.reply = LIST;
    await rig.world.click('ana', card, 'details');
    await rig.world.clickPrivate('ana', card, 'details', {}, { title: 'Next' });
    expect(rig.desk.presses.at(-1)).toMatchObject({ verb: 'details', page: 2 });
  });

  test('an excerpt of the mail stands in the place of the card, for the one who asked, with the way back', async () => {
    rig.desk.reply = EXCERPT;
    await rig.world.click('ana', card, 'details', {}, { patch: (activity) => asking(activity, 'excerpt') });
    const own = rig.world.seenBy('ana').cards.get(card);
    expect(literalTexts(own, 'TextRun')).toEqual(expect.arrayContaining(['Pay [link to evil[.]example] *now*']));
    expect(JSON.stringify(own)).not.toContain('Action.OpenUrl');
    expect(rig.world.seenBy('ben').cards.has(card)).toBe(false);
    await rig.world.clickPrivate('ana', card, 'card');
  });

  test('the mailbox list is filtered and searched, and both are kept while its pages are turned', async () => {
    const look = { filter: 'done', search: 'person1' } as const;
    rig.desk.reply = { ...LIST, page: { ...LIST.page, look } };
    await rig.world.click('ana', card, 'details');
    await rig.world.clickPrivate('ana', card, 'details', { filter: 'trouble', search: ' *x* ' }, { title: 'Search' });
    expect(rig.desk.presses.at(-1)).toMatchObject({ page: 0, look: { filter: 'trouble', search: ' *x* ' } });
    await rig.world.clickPrivate('ana', card, 'details', {}, { title: 'Next' });
    expect(rig.desk.presses.at(-1)).toMatchObject({ page: 2, look });
  });

  test('from the list there is a way back to the card', async () => {
    rig.desk.reply = LIST;
    await rig.world.click('ana', card, 'details');
    await rig.world.clickPrivate('ana', card, 'card');
    expect(literalTexts(rig.world.seenBy('ana').cards.get(card), 'TextRun')).toContain(view.subject);
  });

  test('the way back works only in our channel', async () => {
    rig.desk.reply = LIST;
    await rig.world.click('ana', card, 'details');
    await rig.world.clickPrivate('ana', card, 'card', {}, { conversationId: rig.world.otherChannelId });
    expect(rig.desk.strays.map(({ what }) => what)).toEqual(['card from elsewhere']);
  });

  test('a press in a copy elsewhere tells the desk where it came from', async () => {
    await rig.world.click('ana', card, 'purge', {}, { conversationId: '19:elsewhere@thread.tacv2;messageid=1' });
    expect(rig.desk.presses[0]?.card.channel).toBe('19:elsewhere@thread.tacv2;messageid=1');
  });

  test('the way back from a page of ours works as well', async () => {
    rig.desk.reply = SIGN_IN;
    await rig.world.click('ana', card, 'purge');
    await rig.world.clickPrivate('ana', card, 'card');
    expect(literalTexts(rig.world.seenBy('ana').cards.get(card), 'TextRun')).toContain(view.subject);
  });

  test.each([
    ['an unknown verb', { action: { verb: 'purge-everything', data: { incident: 'CB-1', digest: '' } } }],
    ['no verb', { action: { data: {} } }],
    ['no action', {}],
    ['no value', null],
    ['a list as the incident', { action: { verb: 'purge', data: { incident: ['CB-1'], digest: '' } } }],
    ['a filter that the list does not have', { action: { verb: 'details', data: { ...IDS, filter: 'drop' } } }],
    ['a search that is no text', { action: { verb: 'details', data: { ...IDS, search: { $gt: '' } } } }],
    ['a page that is no number', { action: { verb: 'details', data: { incident: 'CB-1', digest: '', page: '-1' } } }],
    [
      'a client’s own refresh',
      { trigger: 'automatic', action: { verb: 'purge', data: { incident: 'CB-1', digest: '' } } },
    ],
  ])('%s is a stray, answered and not acted on', async (_name, value) => {
    await rig.world.click('ana', card, 'purge', {}, { patch: (activity) => ({ ...activity, value }) });
    expect([rig.desk.presses.length, rig.desk.strays.length]).toEqual([0, 1]);
    expect(rig.world.seenBy('ana').toasts).toHaveLength(1);
  });

  test('another kind of invoke is a stray', async () => {
    await rig.world.click('ana', card, 'purge', {}, { patch: (activity) => ({ ...activity, name: 'task/fetch' }) });
    expect(rig.desk.strays.map(({ what }) => what)).toEqual(['invoke task/fetch']);
  });

  test('a desk that fails is answered in words, and logged', async () => {
    rig.desk.before = () => Promise.reject(new Error('database is gone'));
    const acted = await rig.world.click('ana', card, 'purge');
    expect(acted.body).toMatchObject({ statusCode: 500, value: { message: expect.stringContaining('try again') } });
    expect(rig.failures).toEqual(['a card press in Teams failed']);
  });

  test('what failed is not told to the person', async () => {
    rig.desk.before = () => Promise.reject(new Error('database is gone'));
    expect(JSON.stringify((await rig.world.click('ana', card, 'purge')).body)).not.toContain('database');
  });

  test('a desk that takes too long is answered before Teams gives up', async () => {
    rig.desk.before = () => new Promise((resolve) => setTimeout(resolve, 700));
    await rig.world.click('ana', card, 'purge');
    expect(rig.world.seenBy('ana').toasts[0]?.text).toContain('still working');
  });
});

describe('words to the bot in Teams', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = await startTeamsRig();
  });
  afterEach(() => rig.close());

  test('a mention is a command, without the mention', async () => {
    await rig.world.say('ana', 'incident CB-7F3K2M');
    expect(rig.desk.commands[0]).toMatchObject({ words: 'incident CB-7F3K2M', by: { name: 'Ana', home: TENANT_ID } });
  });

  test('the answer stands literally in the thread', async () => {
    rig.desk.reply = HOSTILE;
    const { replies } = await rig.world.say('ana', 'open');
    expect(replies.map(({ card }) => literalTexts(card, 'TextRun'))).toEqual([HOSTILE_LINES]);
  });

  test('a mailbox list is not given in the thread', async () => {
    rig.desk.reply = LIST;
    const { replies } = await rig.world.say('ana', 'details CB-1');
    expect(JSON.stringify(replies)).not.toContain(MAILBOX);
  });

  test('the way to a page for one person is not given in the thread', async () => {
    rig.desk.reply = SIGN_IN;
    const { replies } = await rig.world.say('ana', 'link');
    expect(JSON.stringify(replies)).not.toContain('clawback.example');
    expect(literalTexts(replies[0]?.card, 'TextRun').join()).toContain('for your eyes only');
  });

  test.each(['stop the newsletter is ours: see CB-7F3K2M', 'lift'])(
    '%j comes through as it was said',
    async (words) => {
      await rig.world.say('ana', words);
      expect(rig.desk.commands[0]?.words).toBe(words);
    },
  );

  test('a failing desk is answered in words', async () => {
    rig.desk.before = () => Promise.reject(new Error('database is gone'));
    const { replies } = await rig.world.say('ana', 'open');
    expect(literalTexts(replies[0]?.card, 'TextRun').join()).toContain('try again');
  });

  test('a message without a mention is no command', async () => {
    await rig.world.say('ana', 'hello', { patch: (activity) => ({ ...activity, entities: [] }) });
    expect([rig.desk.commands.length, rig.desk.strays.length]).toEqual([0, 1]);
  });

  test('being added to the team teaches where the bot lives', async () => {
    await rig.world.install('ana');
    await vi.waitFor(() =>
      expect(rig.learned[0]).toMatchObject({ event: 'present', serviceUrl: rig.world.serviceUrl, tenantId: TENANT_ID }),
    );
  });

  test('being taken out of the team is told as well', async () => {
    await rig.world.uninstall('ana');
    expect(rig.learned.at(-1)?.event).toBe('removed');
  });
});
