import { describe, expect, it } from 'vitest';
import type { Action } from '../../src/core/action/action.ts';
import { callLines } from '../../src/core/tell/call-words.ts';
import type { Amount } from '../../src/core/tell/effect.ts';
import {
  confirmLabel,
  type PageAnswer,
  pageWords,
  type SignInFor,
  signInWords,
  type VoteAbout,
} from '../../src/core/tell/page-words.ts';
import { DIGEST } from '../support/cases.ts';

const about: VoteAbout = {
  subject: 'Overdue invoice',
  sender: 'billing@evil.example',
  amount: { copies: 402, mailboxes: 400, mode: 'live' },
  reason: null,
};
const vote = { is: 'vote', action: 'purge', incident: 'CB-1', digest: DIGEST, about } as const;
const as = { name: 'Dana', address: 'dana@contoso.example' };
const AS = 'You are signed in as Dana (dana@contoso[.]example).';
const FACTS = [
  [
    'What happens',
    'Moves 402 copies in 400 mailboxes to Recoverable Items, where owners can still recover them. Can be undone, for 14 days by default.',
  ],
  ['Can it be undone?', 'Yes'],
  ['Mail', '“Overdue invoice”'],
  ['From', 'billing@evil[.]example'],
  ['Incident', 'CB-1, plan a1b2 c3d4'],
];
const CARD_AGAIN = 'Go back to the chat, look at the card as it is now, and press the button there.';
const CHANGED = [
  'The list of copies of incident CB-1 has changed since you pressed the button, or it was closed. Nothing was approved.',
  CARD_AGAIN,
];

describe('the sign-in page', () => {
  it.each<[SignInFor, string, readonly string[], typeof FACTS]>([
    [
      vote,
      'Sign in to approve a purge',
      ['Compare this with the card in the chat. If you did not press a button there, close this page.'],
      FACTS,
    ],
    [{ ...vote, about: null }, 'This is not asked about any more', CHANGED, []],
    [
      { is: 'list', incident: 'CB-1', digest: DIGEST },
      'Sign in to take the list',
      [
        'The mailboxes of incident CB-1, plan a1b2 c3d4.',
        'If you did not ask for this in the chat yourself, close this page.',
      ],
      [],
    ],
    [
      { is: 'link', chat: 'Slack', account: 'lena' },
      'Say who you are',
      [
        'Sign in with your own work account to link it to the Slack account “lena”.',
        'If you did not ask for this in Slack yourself, close this page.',
      ],
      [],
    ],
  ])('says what it is for: %j', (what, title, lines, facts) => {
    expect(signInWords(what)).toEqual({ title, lines, facts });
  });

  const again = 'Press the button in the chat again for a new page';
  const ask = 'If it fails again, ask whoever runs Clawback.';
  it.each<[PageAnswer, string, readonly string[], typeof FACTS]>([
    [
      { code: 'gone' },
      'This address does not work any more',
      ['It works once and for ten minutes. Go back to the chat and press the button again.'],
      [],
    ],
    [
      { code: 'not-counted', why: 'entra-refused', said: 'access_denied' },
      'Nothing was approved or linked',
      [
        'The sign-in does not count: it was not finished, or your organisation does not let this account in (Entra says access_denied).',
        `${again}, and finish the sign-in there. ${ask}`,
      ],
      [],
    ],
    [
      { code: 'not-counted', why: 'entra-refused', said: 'constructor' },
      'Nothing was approved or linked',
      ['The sign-in does not count: Entra says constructor.', `${again}, and finish the sign-in there. ${ask}`],
      [],
    ],
    [
      { code: 'not-counted', why: 'sign-in-failed', said: 'the sign-in is not fresh' },
      'Nothing was approved or linked',
      ['The sign-in does not count: the sign-in is not fresh.', `${again}. ${ask}`],
      [],
    ],
    [
      { code: 'not-counted', why: 'somebody-else', said: '' },
      'Nothing was approved or linked',
      [
        'The sign-in does not count: the sign-in was somebody else’s than the press in the chat.',
        `${again}, and sign in there with the account that is yours in the chat: choose “Use another account”, or open the page in a private window.`,
      ],
      [],
    ],
    [
      { code: 'take-list', as, list: { is: 'list', incident: 'CB-1', digest: DIGEST }, sendsTo: null, ticket: 't' },
      'Take the list along?',
      [
        AS,
        'The mailboxes of incident CB-1, plan a1b2 c3d4.',
        'The file names people. It comes once, and the record says that you took it.',
      ],
      [],
    ],
    [
      { code: 'list-sent', chat: 'Slack', file: 'CB-1-mailboxes.csv' },
      'The list is in your messages in Slack',
      [
        'Look for CB-1-mailboxes.csv among the messages between you and Clawback. Nobody else sees it there.',
        'The record says that you took it.',
      ],
      [],
    ],
    [
      { code: 'list-lost', chat: 'Slack', file: 'CB-1-mailboxes.csv' },
      'Whether Slack took the list is not known',
      [
        'Look for CB-1-mailboxes.csv among the messages between you and Clawback. It is not sent again by itself, so that it is not there twice.',
        'Is it not there in a minute? Press the button in the chat again.',
      ],
      [],
    ],
    [
      {
        code: 'list-not-sent',
        chat: 'Slack',
        why: 'too large',
        list: { is: 'list', incident: 'CB-1', digest: DIGEST },
        ticket: 't',
      },
      'The list was not sent to Slack',
      [
        'The file is larger than Slack takes.',
        'The mailboxes of incident CB-1, plan a1b2 c3d4.',
        'Take it here: it still comes once.',
      ],
      [],
    ],
    [
      { code: 'not-taken', answer: { code: 'stale-card' } },
      'The list was not taken',
      ['The list of copies has changed since this card was drawn. Look at the current card and decide on that one.'],
      [],
    ],
    [{ code: 'not-taken', answer: null }, 'The list was not taken', ['Press the button in the chat again.'], []],
    [
      { code: 'type-code', as, chat: 'Slack', account: 'lena', typed: 'ABCD' },
      'One step more',
      [
        AS,
        'Type this in Slack, as “lena”: /clawback link ABCD',
        'Give this code to nobody: whoever types it decides as you.',
      ],
      [],
    ],
    [
      { code: 'confirm', as, vote, ticket: 't' },
      'Approve a purge?',
      [AS, 'Your approval counts for exactly this list and is recorded under your name.'],
      FACTS,
    ],
    [
      { code: 'confirm', as, vote: { ...vote, about: null }, ticket: 't' },
      'This is not asked about any more',
      CHANGED,
      [],
    ],
    [
      { code: 'answered', answer: { code: 'repeated' }, vote },
      'Clawback says',
      [
        'Your approval is counted already. It takes another person to go on.',
        'The card in the chat shows how it goes on.',
      ],
      FACTS,
    ],
    [
      { code: 'answered', answer: { code: 'recipient' }, vote },
      'Your approval does not count',
      ['You received this mail yourself, so somebody else has to decide.', CARD_AGAIN],
      FACTS,
    ],
    [{ code: 'answered', answer: null, vote }, 'Nothing was approved or linked', [CARD_AGAIN], FACTS],
  ])('answers %j', (page, title, lines, facts) => {
    expect(pageWords(page)).toEqual({ title, lines, facts });
  });

  it.each<[Action, Partial<Amount>, string, string]>([
    ['hard-purge', { copies: 1, mailboxes: 1 }, 'Deletes 1 copy in 1 mailbox for good', 'No'],
    ['contain', {}, 'Leaves 402 copies in 400 mailboxes, removed at once', 'Yes'],
    ['restore', { mailboxes: null }, 'Puts 402 copies back where they were', 'Not needed: nothing is lost'],
    ['flag', { mode: 'dry-run' }, 'Dry run: looks at 402 copies', 'Not needed: nothing is lost'],
  ])('says what %s does to the copies, and whether there is a way back', (action, change, does, back) => {
    const { facts } = signInWords({ ...vote, action, about: { ...about, amount: { ...about.amount, ...change } } });
    expect(facts.slice(0, 2)).toEqual([
      ['What happens', expect.stringContaining(does)],
      ['Can it be undone?', back],
    ]);
  });

  it('repeats the voter\u2019s reason, and shows mail as text', () => {
    const evil = 'x\u202e https://evil.example';
    const { facts } = signInWords({ ...vote, about: { ...about, subject: evil, sender: evil, reason: evil } });
    expect(facts.filter(([, value]) => value.includes('hxxps://evil[.]example')).map(([label]) => label)).toEqual([
      'Mail',
      'From',
      'Your reason',
    ]);
    expect(JSON.stringify(facts)).not.toMatch(/https:|\u202e/);
  });

  it.each<[Action, string]>([
    ['hard-purge', 'Approve deleting for good'],
    ['flag', 'Approve flagging mailboxes'],
  ])('has a button that says what it does: %s', (action, label) => {
    expect(confirmLabel({ ...vote, action })).toBe(label);
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
