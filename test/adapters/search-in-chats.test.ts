import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { slackCards } from '../../src/adapters/slack/card.ts';
import { foundCard, searchCard, veiledCard } from '../../src/adapters/teams/card.ts';
import type { FoundPage } from '../../src/core/tell/found-view.ts';
import type { Reply } from '../../src/ports/desk.ts';
import { blockProblems, viewProblems } from '../../src/sandbox/slack/block-kit.ts';
import { cardProblems } from '../../src/sandbox/teams/card-rules.ts';
import { formStates, foundStates } from '../support/card-pictures/search-states.ts';
import { startSlackRig } from '../support/card-pictures/slack-rig.ts';
import { startTeamsRig } from '../support/card-pictures/teams-rig.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';

/** Looking for mail in both chats: a form, and an answer that only one pair of eyes sees. */

const cards = slackCards();
const FORM: Reply = { kind: 'search-form', form: { typed: {}, problem: null, second: null } };
const page: FoundPage = {
  search: 'CS-1',
  criteria: { sender: 'a@x.example', messageId: null, subject: null, urlHost: null, attachment: null, days: 30 },
  at: '2026-11-20T08:00:00.000Z',
  allowedAt: null,
  found: {
    criteria: { sender: 'a@x.example', messageId: null, subject: null, urlHost: null, attachment: null, days: 30 },
    asOf: '2026-11-20T08:00:00.000Z',
    coverage: [],
    mails: [
      {
        key: '7',
        digest: 'a1b2c3d4'.repeat(8),
        internetMessageId: '<one@x.example>',
        networkMessageIds: [],
        sender: 'a@x.example',
        subject: 'The secret subject',
        first: null,
        last: null,
        copies: [],
        exposure: {
          read: { is: 'nothing' },
          clicked: { is: 'nothing' },
          replied: { is: 'nothing' },
          forwarded: { is: 'nothing' },
          moved: { is: 'nothing' },
        },
      },
    ],
    mailsLeft: 0,
    copiesLeft: 0,
    unnamed: 0,
  },
};
const FOUND: Reply = { kind: 'found', page };

describe.each(foundStates().map(({ name, view }) => [name, view] as const))('%s', (_name, view) => {
  test('is taken by both chats, and says the same', () => {
    expect(blockProblems(cards.search.found(view).blocks, 'message')).toEqual([]);
    expect(viewProblems(cards.answer(cards.search.found(view)))).toEqual([]);
    const card = foundCard(view);
    expect(cardProblems(card as never)).toEqual([]);
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(25_000);
    const inSlack = literalTexts(cards.search.found(view).blocks, 'text').join('\n');
    const inTeams = literalTexts(card, 'TextRun').join('\n');
    for (const { text } of view.notes) expect([inSlack.includes(text), inTeams.includes(text)]).toEqual([true, true]);
  });

  test('shows nothing of it where everybody looks', () => {
    const veiled = JSON.stringify(veiledCard(view));
    expect(cardProblems(veiledCard(view) as never)).toEqual([]);
    for (const { subject, sender } of view.mails)
      expect([veiled.includes(subject), veiled.includes(sender)]).toEqual([false, false]);
  });
});

describe.each(formStates().map(({ name, form }) => [name, form] as const))('the form %s', (_name, form) => {
  test('is taken by both chats', () => {
    expect(viewProblems(cards.search.form(form, 'C0ALERTS'))).toEqual([]);
    expect(cardProblems(searchCard(form) as never)).toEqual([]);
  });
});

describe('in Slack', () => {
  let rig: Awaited<ReturnType<typeof startSlackRig>>;
  beforeEach(async () => {
    rig = await startSlackRig();
    rig.desk.reply = FORM;
    await rig.world.slash('ana', '/clawback', 'search');
  });
  afterEach(() => rig.close());
  const modal = () => JSON.stringify(rig.world.seenBy('ana').modal);

  test('the command opens a form, and what is typed goes to the desk as it is', async () => {
    expect(modal()).toContain('Search mail');
    rig.desk.reply = FOUND;
    await rig.world.submitModal('ana', {
      sender: "o'x@x.example",
      subject: '<b> & "c"',
      days: '90',
      reason: 'because',
    });
    expect(rig.desk.searches).toMatchObject([
      {
        by: { id: rig.world.users['ana']?.id },
        channel: rig.world.channelId,
        asks: {
          is: 'begin',
          typed: { sender: "o'x@x.example", messageId: null, subject: '<b> & "c"', days: '90', reason: 'because' },
        },
      },
    ]);
    expect(modal()).toContain('The secret subject');
    expect(rig.world.seenBy('ben').modal).toBeNull();
    expect(JSON.stringify(await rig.world.messages())).not.toContain('The secret subject');
  });

  test('a field that cannot be taken is named in the form, which stays open', async () => {
    rig.desk.reply = { kind: 'search-form', form: { typed: {}, problem: 'sender', second: null } };
    await rig.world.submitModal('ana', { sender: 'two words', reason: 'because' });
    expect(rig.world.seenBy('ana').modalErrors).toEqual({
      sender: 'That is not one plain mail address: nothing was looked for.',
    });
  });

  test('a mail becomes an incident by its button, in the window and in a message for one', async () => {
    rig.desk.reply = FOUND;
    await rig.world.submitModal('ana', { sender: 'a@x.example', reason: 'because' });
    rig.desk.reply = {
      kind: 'said',
      answer: { code: 'search-filed', search: 'CS-1', incident: 'CB-9', copies: 2, joined: false },
    };
    await rig.world.clickInModal('ana', 'cb:file:0');
    expect(rig.desk.searches.at(-1)?.asks).toEqual({ is: 'file', search: 'CS-1', mail: '7' });
    await vi.waitFor(() => expect(modal()).toContain('CB-9 is made of CS-1'));
    rig.desk.reply = FOUND;
    await rig.world.slash('ana', '/clawback', 'search CS-1');
    const message = rig.world.seenBy('ana').ephemerals.at(-1);
    expect(JSON.stringify(message)).toContain('The secret subject');
    await rig.world.click('ana', message?.ts ?? '', 'cb:found');
    expect(rig.desk.searches.at(-1)?.asks).toEqual({ is: 'show', search: 'CS-1' });
  });

  test('a form from another workspace is a stray', async () => {
    await rig.world.submitModal('ana', { sender: 'a@x.example', reason: 'x' }, { userTeam: 'T0EXTERNAL' });
    expect([rig.desk.searches.length, rig.desk.strays.length]).toEqual([0, 1]);
  });
});

describe('in Teams', () => {
  let rig: Awaited<ReturnType<typeof startTeamsRig>>;
  beforeEach(async () => {
    rig = await startTeamsRig();
  });
  afterEach(() => rig.close());

  test('the words after a mention are answered with a form, and its answer is for who sent it', async () => {
    rig.desk.reply = FORM;
    const { replies } = await rig.world.say('ana', 'search');
    const card = replies[0]?.id ?? expect.fail('no form');
    rig.desk.reply = FOUND;
    await rig.world.click('ana', card, 'search', { sender: "o'x@x.example", days: '30', reason: 'because' });
    expect(rig.desk.searches[0]?.asks).toMatchObject({
      is: 'begin',
      typed: { sender: "o'x@x.example", days: '30', reason: 'because', subject: '' },
    });
    expect(literalTexts(rig.world.seenBy('ana').cards.get(card), 'TextRun').join()).toContain('The secret subject');
    expect(rig.world.seenBy('ben').cards.size).toBe(0);
    await rig.world.clickPrivate('ana', card, 'file');
    expect(rig.desk.searches.at(-1)?.asks).toEqual({ is: 'file', search: 'CS-1', mail: '7' });
  });

  test('what was found is never in the thread: a button shows it to who asked', async () => {
    rig.desk.reply = FOUND;
    const { replies } = await rig.world.say('ana', 'search CS-1');
    expect(JSON.stringify(replies)).not.toContain('The secret subject');
    await rig.world.click('ana', replies[0]?.id ?? '', 'found');
    expect(rig.desk.searches.at(-1)?.asks).toEqual({ is: 'show', search: 'CS-1' });
    expect(JSON.stringify(rig.world.seenBy('ana').cards.get(replies[0]?.id ?? ''))).toContain('The secret subject');
  });
});
