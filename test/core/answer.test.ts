import { describe, expect, it } from 'vitest';
import type { RefusalCode } from '../../src/core/ask/refusal.ts';
import { type Answer, type AnswerCode, linesOf, problemWords, type Refusal } from '../../src/core/tell/answer.ts';
import { PUT_BACK } from '../support/automation-words.ts';
import { DIGEST, factsOf, planOf } from '../support/cases.ts';
import { FLAGGED } from '../support/flag-words.ts';
import { MEASURED } from '../support/measure-words.ts';
import { PEOPLE_SHOWN } from '../support/people-words.ts';
import { type Case, REFUSED } from '../support/refusal-words.ts';
import { REPORTED } from '../support/report-words.ts';
import { SEARCHED } from '../support/search-words.ts';

/** Every answer and its words. Both tables are total: an answer that nobody has read does not compile. */

const others = { lost: [{ name: 'Dana', why: 'deactivated' }], unsure: ['Omar', 'Lena'] } as const;
const OTHERS =
  ' The vote of Dana does not count any more: the account is deactivated. Omar, Lena could not be checked this moment, so nothing starts yet: press again.';
const vote = { incident: 'CB-1', plan: DIGEST, counted: 1, needed: 2, over: null, others: { lost: [], unsure: [] } };
const counted = { counted: 1, needed: 2, others: vote.others };

const SAID: { readonly [Code in Exclude<AnswerCode, RefusalCode>]: readonly Case<Code>[] } = {
  ...MEASURED,
  'vote-counted': [
    [vote, 'Your approval of CB-1 counts: 1 of 2. Plan a1b2c3d4.'],
    [
      { ...vote, over: 'the tenant\u2019s cap of 1 plan an hour' },
      'Your approval of CB-1 counts: 1 of 2. Plan a1b2c3d4. It is over the tenant\u2019s cap of 1 plan an hour, so more people are needed.',
    ],
    [{ ...vote, others }, `Your approval of CB-1 counts: 1 of 2. Plan a1b2c3d4.${OTHERS}`],
  ],
  'vote-recorded': [[vote, 'Your approval of CB-1 is recorded, but other roles are missing: 1 of 2. Plan a1b2c3d4.']],
  'verb-counted': [
    [{ ...counted, incident: 'CB-1', verb: 'reject' }, 'You call CB-1 not malicious: 1 of 2.'],
    [{ ...counted, incident: 'CB-1', verb: 'reopen' }, 'You ask to look again for copies of CB-1: 1 of 2.'],
    [{ ...counted, incident: 'CB-1', verb: 'take-in' }, 'You ask to take these copies into the list of CB-1: 1 of 2.'],
    [
      { ...counted, incident: 'CB-1', verb: 'cancel', others },
      `You ask to cancel what is under way for CB-1: 1 of 2.${OTHERS}`,
    ],
  ],
  'run-started': [
    [
      { action: 'purge', mode: 'live', incident: 'CB-1', copies: 1 },
      'Approved. Purging 1 copy of CB-1 now; the card shows what is seen.',
    ],
    [
      { action: 'restore', mode: 'live', incident: 'CB-1', copies: 5_000 },
      'Approved. Restoring 5,000 copies of CB-1 now; the card shows what is seen.',
    ],
    [
      { action: 'purge', mode: 'dry-run', incident: 'CB-1', copies: 2 },
      'Approved. Dry run over 2 copies of CB-1 now; the card shows what is seen.',
    ],
  ],
  'containment-confirmed': [[{ incident: 'CB-1' }, 'Confirmed. The copies of CB-1 stay removed.']],
  rejected: [
    [{ incident: 'CB-1', touched: false }, 'CB-1 is closed as not malicious. Nothing was touched.'],
    [{ incident: 'CB-1', touched: true }, 'CB-1 is closed as not malicious. What was done before stays as it is.'],
  ],
  reopened: [[{ incident: 'CB-1' }, 'Looking again for copies of CB-1. The new list needs new approvals.']],
  'taken-in': [
    [
      { incident: 'CB-1', messages: 1 },
      'Taken in: 1 message more in CB-1. Looking again; the new list needs new approvals.',
    ],
  ],
  cancelled: [
    [{ incident: 'CB-1', left: 1 }, 'Cancelled. 1 copy is left alone; what was begun is finished.'],
    [{ incident: 'CB-1', left: 2 }, 'Cancelled. 2 copies are left alone; what was begun is finished.'],
  ],
  'reason-missing': [
    [{ verb: 'reject' }, 'Please say why this is not malicious.'],
    [{ verb: 'purge' }, 'Please say why: the policy wants a reason with each approval.'],
  ],
  'reason-too-long': [[{ most: 1_000 }, 'Please use at most 1000 characters.']],
  'list-waits': [
    [
      {},
      [
        'The list is on a page for you alone: sign in there with your own work account, and take it as CSV or JSON.',
        'The address works once and for ten minutes. Who took the list is recorded.',
      ],
    ],
  ],
  'excerpt-shown': [
    [
      {
        incident: 'CB-1',
        mailbox: 'ann@contoso.example',
        lines: ['Dear Ann', 'see [link to evil.example]'],
        cut: true,
      },
      [
        'CB-1: how the mail begins, as read in ann@contoso[.]example. Only you see this, and it is recorded.',
        'Dear Ann',
        'see [link to evil[.]example]',
        'There is more, which is not shown.',
      ],
    ],
  ],
  'excerpt-missing': [
    [{ incident: 'CB-1', tried: 2 }, 'CB-1: nothing of the mail could be read now, in 2 mailboxes. Try again later.'],
  ],
  'word-missing': [[{ word: 'DELETE' }, 'To approve this, type DELETE. It cannot be undone.']],
  'sign-in-wanted': [
    [
      {},
      'The policy wants a fresh sign-in for this. Your press counts once you have signed in and confirmed it there.',
    ],
  ],
  'card-comes': [[{ incident: 'CB-1' }, 'The card of CB-1 comes into this channel now.']],
  'all-decided': [
    [
      {
        votes: [
          {
            incident: 'CB-1',
            answer: { code: 'run-started', action: 'purge', mode: 'live', incident: 'CB-1', copies: 2 },
          },
          { incident: 'CB-2', answer: { code: 'card-is-here', incident: 'CB-2' } },
        ],
      },
      [
        'Your press counts for 1 of 2 waves.',
        'CB-1: Approved. Purging 2 copies of CB-1 now; the card shows what is seen.',
        'CB-2: The card of CB-2 is in this channel already.',
      ],
    ],
  ],
  'needs-own-press': [[{ incident: 'CB-1' }, 'CB-1 asks for more than this press: open its card and press there.']],
  'campaign-left': [
    [
      { incident: 'CB-1', lead: 'CB-2' },
      'CB-1 is not shown with the campaign of CB-2 any more: it has a card of its own.',
    ],
  ],
  'card-is-here': [[{ incident: 'CB-1' }, 'The card of CB-1 is in this channel already.']],
  ...REPORTED,
  ...FLAGGED,
  ...SEARCHED,
  ...PEOPLE_SHOWN,
  ...PUT_BACK,
  'queue-card-comes': [[{ incident: 'CB-1' }, 'The card of CB-1 comes into the channel of the alerts now.']],
  'queue-card-is-there': [
    [{ incident: 'CB-1' }, 'The card of CB-1 is in the channel of the alerts. Decisions are made there.'],
  ],
  'queue-not-shown': [
    [
      { why: 'unknown-person', chat: 'Slack', linkable: false },
      [
        'You hold no role here, so no incident is shown to you.',
        'Who decides is said in policy.yaml and in the list of approvers: ask whoever runs Clawback to put you there.',
      ],
    ],
    [
      { why: 'unlinked', chat: 'Slack', linkable: true },
      [
        'I do not know which person is behind this Slack account, so no incident is shown to you.',
        'Say \u201clink\u201d to Clawback (/clawback link) to say who you are.',
      ],
    ],
    [
      { why: 'unlinked', chat: 'Slack', linkable: false },
      [
        'I do not know which person is behind this Slack account, so no incident is shown to you.',
        'Ask whoever runs Clawback to name your account in the list of approvers.',
      ],
    ],
    [{ why: 'guest', chat: 'Teams', linkable: false }, 'Guests do not decide here, so no incident is shown to you.'],
  ],
  'stop-begun': [[{}, 'Stopped. Nothing new begins; a chunk under way still ends.']],
  'stop-holds': [[{}, 'Clawback is stopped already.']],
  'stop-not-allowed': [[{}, 'You hold no role here, so I do not stop for you. Nothing was done.']],
  'not-stopped': [[{}, 'Clawback is not stopped.']],
  lifted: [[{}, 'The stop is lifted. What was held up goes on.']],
  'stop-file-there': [[{}, 'The stop file is still there: whoever put it there has to take it away first.']],
  'lift-not-asked': [
    [{ seats: [{ role: 'lead', count: 1 }] }, 'Your roles are not asked for this: it takes 1 × lead.'],
  ],
  'lift-not-counted': [[{}, 'Who you are and what you may do was looked at again: your vote does not count now.']],
  'lift-counted': [
    [counted, 'Your vote counts: 1 of 2 to go on.'],
    [{ ...counted, others }, `Your vote counts: 1 of 2 to go on.${OTHERS}`],
  ],
  'lift-repeated': [
    [counted, 'Your vote is counted already: 1 of 2. It takes another person to go on.'],
    [{ ...counted, others }, `Your vote is counted already: 1 of 2.${OTHERS}`],
  ],
  help: [
    [
      { linking: [] },
      [
        'queue: what waits for you, what waits for your role, what runs, and what is in trouble',
        'status: the open incidents',
        'incident <id>: what is known of one incident',
        'search: look for mail without an alert; search <id>: what yours found; search allow <id>: where the policy wants a second person',
        'flags [mine | overdue | cleared]: flagged mailboxes; flag <address> <reason>: flags one by hand, where the policy lets you',
        'contain <incident> <measures> <addresses> because <reason>: ask for what is done about people, such as disable-account',
        'stop <reason>: nothing is approved or carried out any more, at once',
        'lift: go on again; takes as many people as the policy says',
        'help: these lines',
        'Decisions are made with the buttons of the cards, by the people whom the policy names.',
      ],
    ],
    [
      { linking: ['Slack', 'Chat'] },
      expect.arrayContaining(['link: say which person is behind this Slack and Chat account']),
    ],
  ],
  status: [
    [{ stopped: null, open: [] }, 'No open incidents.'],
    [
      {
        stopped: { by: 'Dana', reason: 'a detector went mad' },
        open: [
          { incident: 'CB-1', stands: 'open', subject: 'Invoice overdue' },
          { incident: 'CB-2', stands: 'running', subject: null },
        ],
      },
      ['STOPPED by Dana: a detector went mad', 'CB-1  open  Invoice overdue', 'CB-2  running  (no subject)'],
    ],
    [{ stopped: { by: null, reason: null }, open: [] }, ['STOPPED by somebody: no reason given', 'No open incidents.']],
  ],
  'incident-told': [
    [
      { facts: factsOf('open', { plan: planOf() }) },
      expect.arrayContaining([
        expect.stringMatching(/^CB-\w+: /),
        expect.stringMatching(/^Waiting for approval: 0 of /),
      ]),
    ],
  ],
  'incident-not-known': [[{ asked: 'CB-NOPE' }, 'I know no incident “CB-NOPE”.']],
  'nothing-shown': [[{}, 'You hold no role here, so I cannot show you incidents.']],
  'asker-unchecked': [[{}, 'Who you are cannot be checked this moment. Please try again.']],
  'asker-unlinked': [[{ chat: 'Slack' }, 'I do not know which person is behind this Slack account.']],
  'not-understood': [[{}, 'I did not understand that, so nothing was done. Say “help” to see what I know.']],
  'too-many': [[{}, 'You asked very often in a short time. Please wait a minute; nothing was done.']],
  'link-begins': [[{}, 'Sign in with your work account; you then get a code to type here.']],
  'link-has-no-page': [[{}, 'There is no sign-in page here. Ask whoever runs Clawback to link you.']],
  'link-not-needed': [[{}, 'No account here has to be linked.']],
  'link-not-here': [[{ chats: ['Slack', 'Chat'] }, 'Only Slack and Chat accounts of this workspace are linked.']],
  'link-configured': [[{}, 'This account is linked by configuration.']],
  'link-code-unknown': [[{}, 'I do not know this code, or it is too old. Say /clawback link to begin anew.']],
  'link-taken': [[{}, 'This account, or the person you signed in as, is linked already. Ask whoever runs Clawback.']],
  linked: [[{ chat: 'Slack', name: 'Lena' }, 'Linked: this Slack account is Lena. Press the button again.']],
};

const refused = Object.entries(REFUSED).map(([code, [facts, words]]) => ({ answer: { code, ...facts }, words }));
const said = Object.entries(SAID).flatMap(([code, cases]) =>
  (cases as readonly Case<AnswerCode>[]).map(([facts, words]) => ({ answer: { code, ...facts }, words })),
);

describe('why a press had no effect is told in one line of its own', () => {
  it.each(refused)('$answer.code', ({ answer, words }) => {
    expect(linesOf(answer as Refusal)).toEqual([words]);
  });
});

describe('an answer is told in these words', () => {
  it.each(said)('$answer.code: $words', ({ answer, words }) => {
    expect(linesOf(answer as Answer)).toEqual(typeof words === 'string' ? [words] : words);
  });
});

describe('what people and mails said stays text', () => {
  const EVIL = 'see https://evil.example \u202e\n{{x}}';
  const TOLD = /see hxxps:\/\/evil\[\.]example \[U\+202E\]/;
  const answers: readonly Answer[] = [
    { code: 'policy', why: EVIL },
    { code: 'not-asked', seats: [{ role: EVIL, count: 1 }] },
    { code: 'unchecked', people: [EVIL], counted: 1, needed: 2 },
    { code: 'vote-counted', ...vote, others: { lost: [{ name: EVIL, why: 'guest' }], unsure: [] } },
    { code: 'lift-counted', ...counted, others: { lost: [], unsure: [EVIL] } },
    { code: 'status', stopped: { by: EVIL, reason: EVIL }, open: [] },
    { code: 'status', stopped: null, open: [{ incident: 'CB-1', stands: 'open', subject: EVIL }] },
    { code: 'incident-not-known', asked: EVIL },
    { code: 'linked', chat: 'Slack', name: EVIL },
    { code: 'excerpt-shown', incident: 'CB-1', mailbox: EVIL, lines: [EVIL], cut: false },
    { code: 'card-comes', incident: EVIL },
    { code: 'card-is-here', incident: EVIL },
    { code: 'queue-card-comes', incident: EVIL },
    { code: 'queue-card-is-there', incident: EVIL },
    { code: 'search-not-known', asked: EVIL },
    {
      code: 'reported',
      files: [{ name: EVIL, became: { is: 'not taken', why: 'no mail', detail: EVIL } }],
      left: 0,
      others: 0,
      unproven: false,
    },
    { code: 'search-waits', search: 'CS-1', role: EVIL },
  ];

  it.each(answers)('in $code', (answer) => {
    const words = linesOf(answer).join('\n');
    expect(words).toMatch(TOLD);
    expect(words).not.toMatch(/https:|\u202e|\{\{/);
  });

  it('and with very many names is cut, never refused', () => {
    const unsure = Array.from({ length: 100 }, (_none, n) => `Approver ${n}`);
    const [line = ''] = linesOf({ code: 'vote-counted', ...vote, others: { lost: [], unsure } });
    expect([line.length, line.at(-1)]).toEqual([400, '\u2026']);
  });
});

it('a reason that nobody was asked for before has no problem', () => {
  const said = [null, { code: 'reason-too-long', most: 300 } as const].map(problemWords);
  expect(said).toEqual(['', 'Please use at most 300 characters.']);
});
