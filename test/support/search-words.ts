import type { SearchFacts } from '../../src/core/tell/answer-search.ts';
import type { Case } from './refusal-words.ts';

const SENT_COPIES =
  'You asked for it, so you do not decide about them. Their cards come in a moment. What the account itself keeps of one is taken out by “contain <incident> take-sent-copy <address> because …”.';

/** What somebody is told who looks for mail without an alert. */
export const SEARCHED: { readonly [Code in keyof SearchFacts]: readonly Case<Code>[] } = {
  'may-not-search': [
    [
      { roles: [] },
      'The policy lets nobody look for mail without an alert: reads.search in policy.yaml names who may. Nothing was looked for.',
    ],
    [
      { roles: ['analyst', 'lead'] },
      'Your roles may not look for mail without an alert: it takes one of analyst, lead. Nothing was looked for, and that you asked is recorded.',
    ],
  ],
  'search-too-many': [
    [
      { most: 1 },
      'You have searched 1 time within an hour, which is as often as the policy lets one person. Nothing was looked for.',
    ],
  ],
  'search-waits': [
    [
      { search: 'CS-1', role: 'lead' },
      [
        'CS-1 waits: nothing is looked for until somebody else with the role lead says \u201csearch allow CS-1\u201d, which shows them who looks for what and why.',
        'After that \u201csearch CS-1\u201d shows you what was found.',
      ],
    ],
  ],
  'search-asks': [
    [
      {
        search: 'CS-1',
        who: 'Dana',
        at: '2026-11-20T08:00:00.000Z',
        criteria: {
          sender: 'a@x.example',
          messageId: null,
          subject: 'invoice',
          urlHost: null,
          attachment: null,
          days: 30,
        },
        reason: 'a customer called',
        digest: 'a1b2c3d4'.repeat(8),
      },
      [
        'Dana wants to look into all mailboxes (CS-1, asked 20 Nov 08:00 UTC).',
        'For: sender a@x[.]example and subject with invoice; the last 30 days before it is allowed.',
        'Why: a customer called',
        'To allow just this, say \u201csearch allow CS-1 a1b2c3d4a1b2c3d4\u201d. Until then nothing is looked for.',
      ],
    ],
  ],
  'search-allowed': [[{ search: 'CS-1' }, 'CS-1 is allowed and begins. Only who asked for it sees what it finds.']],
  'search-not-allowed': [
    [{ why: 'own' }, 'Your own search is for somebody else to allow. Nothing was changed.'],
    [{ why: 'role' }, 'Your roles do not allow searches of others. Nothing was changed.'],
    [
      { why: 'another digest' },
      'That is not what was shown to you: say “search allow” with the id alone to see what is asked for. Nothing was changed.',
    ],
    [{ why: 'not waiting' }, 'There is no search of this name that waits to be allowed.'],
  ],
  'search-not-known': [
    [
      { asked: 'CS-2' },
      'I know no search of yours \u201cCS-2\u201d. An answer is kept for a day, and for who asked alone.',
    ],
  ],
  'search-changed': [
    [
      { search: 'CS-1' },
      'What is stored of CS-1 is not what the record says of it: nothing is looked for, shown or made of it. Search again, and tell whoever runs Clawback.',
    ],
  ],
  'search-has-no-mail': [[{ search: 'CS-1' }, 'That mail is not in what CS-1 found. Nothing was changed.']],
  'search-filed': [
    [
      { search: 'CS-1', incident: 'CB-1', copies: 3, joined: false },
      [
        'CB-1 is made of CS-1: its list is looked up in the 3 mailboxes that you saw, and in no other.',
        'You asked for it, so you do not decide about it. Its card comes in a moment.',
      ],
    ],
    [
      { search: 'CS-1', incident: 'CB-1', copies: 3, joined: true },
      [
        'The mail is CB-1 already: what CS-1 saw was told there, and its list stays as it is.',
        'You asked for it, so you do not decide about it.',
      ],
    ],
  ],
  'search-filed-all': [
    [
      { search: 'CS-1', incidents: ['CB-1', 'CB-2'], copies: 7, joined: 0, left: 0, cut: false },
      ['CS-1: 2 incidents of the 7 copies that you saw: CB-1, CB-2.', SENT_COPIES],
    ],
    [
      { search: 'CS-1', incidents: ['CB-1'], copies: 500, joined: 1, left: 960, cut: true },
      [
        'CS-1: 1 incident of the 500 copies that you saw: CB-1.',
        '1 mail was in one of them before: what CS-1 saw was told there, and its list stays as it is. Look at its card.',
        '960 more mails and deliveries are in none of them: look for less, and again.',
        'There may be more, of which no service told: look for less, and again.',
        SENT_COPIES,
      ],
    ],
  ],
  'search-says-nothing': [[{}, 'What was found cannot be read any more: search again.']],
};
