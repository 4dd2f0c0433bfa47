import { describe, expect, test } from 'vitest';
import { slackCards } from '../../src/adapters/slack/card.ts';
import type { CardView } from '../../src/core/tell/card.ts';
import { cardStates } from '../support/card-pictures/states.ts';
import { literalTexts } from '../support/card-pictures/texts.ts';
import { formShown } from '../support/forms.ts';
import { offering } from '../support/offers.ts';

const cards = slackCards();
const waiting = cardStates()[1]?.view ?? expect.fail('no state');
const place = { channel: 'C0ALERTS', ts: '1764000000.000100' };
const texts = (view: Partial<CardView>) => literalTexts(cards.incident({ ...waiting, ...view }).blocks, 'text');

/** The blocks’ elements of a type, wherever they are. */
function ofType(node: unknown, type: string): Readonly<Record<string, unknown>>[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = 'type' in node && node.type === type ? [node as Readonly<Record<string, unknown>>] : [];
  return [...own, ...Object.values(node).flatMap((value) => ofType(value, type))];
}

describe('a card while Clawback is stopped', () => {
  const stopped = 'By Ana *now*, <!here>: “false alarm”.';

  test('says so before anything else, letter by letter', () => {
    expect(texts({ stopped }).slice(0, 3)).toEqual(['  ', 'STOPPED', `\n${stopped}`]);
  });

  test('says nothing of it while it may act', () => {
    expect(texts({ stopped: '' })).not.toContain('STOPPED');
  });

  test('is announced in our own words alone', () => {
    expect(cards.incident({ ...waiting, stopped }).text).toBe(`Clawback ${waiting.incident}: Clawback is stopped`);
  });
});

describe('the buttons that cannot be undone by looking away', () => {
  const button = (change: Partial<CardView>, id: string) =>
    ofType(cards.incident({ ...waiting, ...change }).blocks, 'button').find((one) => one['action_id'] === id);

  test('deleting for good leads to a form: it asks nothing that one more press would answer', () => {
    const hard = button(offering('hard-purge'), 'cb:hard-purge');
    expect([hard?.['style'], hard?.['confirm']]).toEqual(['danger', undefined]);
  });

  test('keeping the mail removed is confirmed too', () => {
    const keep = button(offering('confirm'), 'cb:confirm');
    expect([keep?.['style'], JSON.stringify(keep?.['confirm'])]).toEqual(['primary', expect.stringContaining('name')]);
  });

  test('are there when they are the only ones', () => {
    expect(button(offering('hard-purge'), 'cb:hard-purge')).toBeDefined();
    expect(button(offering('confirm'), 'cb:confirm')).toBeDefined();
  });

  test.each(['cb:hard-purge', 'cb:confirm'])('%s is not there unless it is offered', (id) => {
    expect(button({}, id)).toBeUndefined();
  });
});

describe('the form for what cannot be undone', () => {
  const form = cards.form(formShown('hard-purge'), place);

  test('says how many copies, that it cannot be undone, and asks for a word', () => {
    const said = JSON.stringify(form);
    for (const words of ['12 copies in 11 mailboxes', 'This cannot be undone.', 'Type DELETE to approve it'])
      expect(said).toContain(words);
  });

  test('asks for nothing else', () => {
    expect(ofType(form.blocks, 'input').map((block) => block['block_id'])).toEqual(['word']);
  });
});

describe('the form for a reason', () => {
  const form = (verb: string) => cards.form(formShown(verb, { digest: 'd' }), place);

  test('asks why a mail is not malicious, and closes the case', () => {
    expect(form('reject')).toMatchObject({
      title: { text: 'Not malicious' },
      submit: { text: 'Close as not malicious' },
    });
  });

  test.each([
    ['purge', 'Your approval of this purge'],
    ['flag', 'Flagging the mailboxes'],
    ['confirm', 'Keeping the copies away'],
    ['undo', 'Putting the mail back'],
    ['reopen', 'Looking again'],
  ])('for %s says what is approved', (verb, what) => {
    expect(literalTexts(form(verb).blocks, 'text').join(' ')).toContain(`${what} needs a reason.`);
  });

  test('carries the verb and the card it was asked on, and nothing else', () => {
    const meta: unknown = JSON.parse(form('purge').private_metadata ?? '');
    expect(meta).toEqual({ incident: 'CB-7F3K2M', digest: 'd', verb: 'purge', ...place });
  });
});

describe('an answer with a page to go on with', () => {
  const answer = (url: string, lines: readonly string[] = ['Go on there.']) =>
    cards.link({ lines, label: 'Sign in', url }).blocks;

  test.each([
    'https://clawback.contoso.example/sign-in/abc#d',
    'http://127.0.0.1:3978/sign-in/abc',
    'http://localhost:3978/sign-in/abc',
    'http://[::1]:3978/sign-in/abc',
  ])('links to %s', (url) => {
    expect(ofType(answer(url), 'link')).toEqual([{ type: 'link', url, text: 'Sign in' }]);
  });

  test.each([
    'http://clawback.contoso.example/sign-in/abc',
    'http://127.0.0.1.contoso.example/sign-in',
    'https://ana:secret@clawback.contoso.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'slack://open',
    '/sign-in/abc',
    'https://',
    '',
    'https://clawback.contoso.example/?a=\u0024{1+1}',
    `https://clawback.contoso.example/${'a'.repeat(3_000)}`,
  ])('says in words that %j is nowhere to go', (url) => {
    const blocks = answer(url);
    expect(ofType(blocks, 'link')).toEqual([]);
    expect(literalTexts(blocks, 'text')).toEqual(['Go on there.', expect.stringContaining('no address that is safe')]);
  });

  test('the address is whole however long the lines are', () => {
    const url = `https://clawback.contoso.example/sign-in/${'a'.repeat(900)}`;
    const blocks = answer(
      url,
      Array.from({ length: 60 }, () => 'word '.repeat(1_000)),
    );
    expect(ofType(blocks, 'link')[0]?.['url']).toBe(url);
  });

  test('without lines is the link alone', () => {
    expect(literalTexts(answer('https://clawback.contoso.example/s', []), 'text')).toEqual([]);
  });
});
