import { describe, expect, it } from 'vitest';
import { callLines } from '../../src/core/tell/call-words.ts';
import { type PageAnswer, pageWords, type SignInFor, signInWords } from '../../src/core/tell/page-words.ts';
import { DIGEST } from '../support/cases.ts';

const vote = { is: 'vote', action: 'purge', incident: 'CB-1', digest: DIGEST } as const;
const as = { name: 'Dana', address: 'dana@contoso.example' };
const AS = 'You are signed in as Dana (dana@contoso[.]example).';
const VOTE = 'Sign in to approve a purge: incident CB-1, plan a1b2 c3d4.';

describe('the sign-in page', () => {
  it.each<[SignInFor, string, readonly string[]]>([
    [
      vote,
      'Sign in to approve',
      [VOTE, 'Compare the plan with the one on the card. If you did not press a button there, close this page.'],
    ],
    [
      { is: 'list', incident: 'CB-1', digest: DIGEST },
      'Sign in to take the list',
      [
        'The mailboxes of incident CB-1, plan a1b2 c3d4.',
        'If you did not ask for this in the chat yourself, close this page.',
      ],
    ],
    [
      { is: 'link', chat: 'Slack', account: 'lena' },
      'Say who you are',
      [
        'Sign in with your own work account to link it to the Slack account “lena”.',
        'If you did not ask for this in Slack yourself, close this page.',
      ],
    ],
  ])('says what it is for: %j', (what, title, lines) => {
    expect(signInWords(what)).toEqual({ title, lines });
  });

  const again = 'Press the button in the chat again.';
  it.each<[PageAnswer, string, readonly string[]]>([
    [
      { code: 'gone' },
      'This address does not work any more',
      ['It works once and for ten minutes. Go back to the chat and press the button again.'],
    ],
    [
      { code: 'not-counted', why: 'entra-refused', said: 'access_denied' },
      'Nothing was approved or linked',
      ['The sign-in does not count: Entra says access_denied.', again],
    ],
    [
      { code: 'not-counted', why: 'sign-in-failed', said: 'the sign-in is not fresh' },
      'Nothing was approved or linked',
      ['The sign-in does not count: the sign-in is not fresh.', again],
    ],
    [
      { code: 'not-counted', why: 'somebody-else', said: '' },
      'Nothing was approved or linked',
      ['The sign-in does not count: the sign-in was somebody else’s than the press in the chat.', again],
    ],
    [
      { code: 'take-list', as, list: { is: 'list', incident: 'CB-1', digest: DIGEST }, ticket: 't' },
      'Take the list along?',
      [
        AS,
        'The mailboxes of incident CB-1, plan a1b2 c3d4.',
        'The file names people. It comes once, and the record says that you took it.',
      ],
    ],
    [
      { code: 'type-code', as, chat: 'Slack', account: 'lena', typed: 'ABCD' },
      'One step more',
      [
        AS,
        'Type this in Slack, as “lena”: /clawback link ABCD',
        'Give this code to nobody: whoever types it decides as you.',
      ],
    ],
    [{ code: 'confirm', as, vote, ticket: 't' }, 'Approve?', [AS, VOTE]],
    [
      { code: 'answered', answer: { code: 'repeated' } },
      'Clawback says',
      ['Your approval is counted already. It takes another person to go on.'],
    ],
    [{ code: 'answered', answer: null }, 'Clawback says', ['Nothing was approved or linked']],
  ])('answers %j', (page, title, lines) => {
    expect(pageWords(page)).toEqual({ title, lines });
  });

  it('names nobody in a way that is anything but text', () => {
    const evil = 'x\u202e https://evil.example';
    const pages = [
      signInWords({ is: 'link', chat: 'Slack', account: evil }),
      pageWords({ code: 'type-code', as: { name: evil, address: evil }, chat: 'Slack', account: evil, typed: 'A' }),
      pageWords({ code: 'not-counted', why: 'sign-in-failed', said: evil }),
      pageWords({ code: 'not-counted', why: 'entra-refused', said: evil }),
    ];
    expect(JSON.stringify(pages)).not.toMatch(/https:|\u202e/);
    expect(JSON.stringify(pages[0])).toContain('hxxps://evil[.]example');
  });
});

describe('the message that calls people', () => {
  it('says who is reminded, and the rule', () => {
    expect(callLines({ incident: 'CB-1', asks: { is: 'reminded', role: 'approver' }, rule: 'call people' })).toEqual([
      'CB-1 is still waiting for a decision (approver).',
      'Rule: call people',
    ]);
  });

  it('says who is asked from now on', () => {
    const asks = {
      is: 'asked instead',
      seats: [
        { role: 'lead', count: 1 },
        { role: 'approver', count: 2 },
      ],
    } as const;
    expect(callLines({ incident: 'CB-1', asks, rule: null })).toEqual([
      'CB-1 is still waiting for a decision. Asked from now on: 1 × lead and 2 × approver.',
    ]);
  });

  it('shows the rule letter by letter', () => {
    const lines = callLines({ incident: 'CB-1', asks: { is: 'reminded', role: 'a' }, rule: 'https://evil.example' });
    expect(lines[1]).toBe('Rule: hxxps://evil[.]example');
  });
});
