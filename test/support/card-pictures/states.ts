import type { CardView, DetailsView } from '../../../src/core/card.ts';
import { inert } from '../../../src/core/text.ts';

const DIGEST = 'a1b2c3d4'.repeat(8);

const waiting: CardView = {
  tenant: 'Contoso',
  incident: 'CB-7F3K2M',
  revision: '3',
  digest: DIGEST,
  shortDigest: 'a1b2 c3d4',
  headline: 'HIGH · Phishing',
  status: 'Waiting for approval: 0 of 2 given.',
  tone: 'attention',
  sender: 'IT Service Desk <helpdesk@c0ntoso-mail[.]example>',
  subject: 'Action required: your password expires today',
  reach: '12 copies in 11 mailboxes, 4 read',
  facts: [
    { label: 'Reported', value: 'Defender, 23 Nov 13:20 UTC; 2 alerts' },
    { label: 'Received', value: '23 Nov 13:02 UTC' },
    { label: 'Links', value: 'hxxps://login[.]c0ntoso-mail[.]example/reset' },
    { label: 'Found by', value: 'hunting and recipients' },
  ],
  warnings: [
    { text: 'The sender’s name holds another address: it@contoso[.]example.' },
    { text: '1 message with the same Message-ID but another sender was left alone.' },
  ],
  proposal: 'Move 12 copies out of reach of 11 people. Can be undone for 14 days.',
  needs: '2 approvals by people who did not receive the mail, until 23 Nov 14:05 UTC',
  decisions: [],
  progress: '',
  outcomes: [],
  canPurge: true,
  canFlag: true,
  canReject: true,
  canUndo: false,
  canReopen: false,
  canSeeDetails: true,
};

const quiet = { canPurge: false, canFlag: false, canReject: false, canUndo: false, canReopen: false } as const;
const closed = { ...quiet, proposal: '', needs: '' } as const;
const approved = [
  { text: 'Adele Vance approved the purge, 23 Nov 13:31 UTC' },
  { text: 'Lee Gu approved the purge, 23 Nov 13:33 UTC' },
];

/** Mail text as the product shows it: hostile, but in its final form. */
const hostileSubject = inert(
  '<!channel> [Release](https://evil.example) **Verdict: Clean** {{DATE(2026-01-01T00:00:00Z)}} \u0024{1+1} \u202Etxt.exe\u200B\n> approved :lock:',
  400,
);

const long = (words: string, max: number) =>
  words
    .repeat(Math.ceil(max / words.length))
    .slice(0, max)
    .trim();

const longest: CardView = {
  ...waiting,
  tenant: long('Contoso Holding ', 80),
  headline: long('CRITICAL · Business e-mail compromise ', 120),
  status: long('Waiting for approval by people who did not receive it. ', 300),
  sender: long('Международная служба поддержки ', 600),
  subject: long('Unbreakable'.repeat(6).concat(' '), 400),
  reach: long('5,000 copies in 4,900 mailboxes, 812 read ', 300),
  facts: Array.from({ length: 8 }, (_, n) => ({
    label: long(`Fact number ${n} `, 60),
    value: long('value "quoted" ', 600),
  })),
  warnings: Array.from({ length: 8 }, (_, n) => ({ text: long(`Warning ${n} with much to say. `, 300) })),
  proposal: long('Move all copies out of reach. ', 400),
  needs: long('2 approvals by people of the security team ', 300),
  decisions: Array.from({ length: 20 }, (_, n) => ({ text: long(`Decision ${n} by somebody. `, 300) })),
  progress: long('120 of 400 copies checked ', 200),
  outcomes: Array.from({ length: 12 }, (_, n) => ({
    label: long(`Outcome ${n} `, 60),
    value: long(`${n},000 copies `, 600),
  })),
  canUndo: true,
  canReopen: true,
};

/** Every state an incident card can be in, for pictures and for tests. */
export function cardStates(): { name: string; view: CardView }[] {
  const states: Record<string, Partial<CardView>> = {
    'looking-for-copies': {
      ...closed,
      revision: '1',
      digest: '',
      shortDigest: '—',
      tone: 'busy',
      status: 'Looking for copies of this mail.',
      reach: 'Not known yet',
      progress: '340 of 1,200 mailboxes searched',
      warnings: [],
      canReject: true,
      canSeeDetails: false,
    },
    'waiting-0-of-2': {},
    'waiting-1-of-2': {
      revision: '4',
      status: 'Waiting for approval: 1 of 2 given.',
      decisions: approved.slice(0, 1),
      needs: '1 more approval by a person who did not receive the mail, until 23 Nov 14:05 UTC',
    },
    running: {
      ...closed,
      tone: 'busy',
      status: 'The approved purge is being carried out.',
      progress: '7 of 12 copies checked',
      decisions: approved,
      outcomes: [
        { label: 'Removed, seen gone', value: '6' },
        { label: 'Already gone', value: '1' },
      ],
    },
    'purged-all-well': {
      ...closed,
      tone: 'good',
      status: 'Purged: no copy was seen any more in any of the 11 mailboxes.',
      decisions: approved,
      warnings: [],
      outcomes: [
        { label: 'Removed, seen gone', value: '11' },
        { label: 'Already gone', value: '1' },
      ],
      canUndo: true,
    },
    'purged-with-trouble': {
      ...closed,
      tone: 'bad',
      status: 'Purged with trouble: 3 of 12 copies may still be readable.',
      decisions: approved,
      outcomes: [
        { label: 'Removed, seen gone', value: '8' },
        { label: 'Moved by the user', value: '1' },
        { label: 'Still there', value: '1' },
        { label: 'Not allowed', value: '1' },
        { label: 'Failed', value: '1' },
      ],
      canUndo: true,
    },
    undone: {
      ...closed,
      tone: 'neutral',
      status: 'The purge was undone.',
      decisions: [...approved, { text: 'Adele Vance had the purge undone, 23 Nov 15:02 UTC' }],
      outcomes: [{ label: 'Restored, seen back', value: '11' }],
      canReopen: true,
    },
    rejected: {
      ...closed,
      tone: 'neutral',
      status: 'Closed as not malicious.',
      decisions: [{ text: 'Lee Gu, 23 Nov 13:40 UTC: not malicious. “Our own awareness campaign, see the calendar.”' }],
      canReopen: true,
    },
    expired: {
      ...closed,
      tone: 'attention',
      status: 'Nobody decided in time; nothing was done.',
      canReopen: true,
    },
    flagged: {
      tone: 'attention',
      status: 'Mailboxes are flagged; a purge can still be approved.',
      decisions: [{ text: 'Lee Gu had the mailboxes flagged, 23 Nov 13:29 UTC' }],
      outcomes: [{ label: 'Flagged', value: '12' }],
      canFlag: false,
    },
    'hostile-subject': {
      subject: hostileSubject,
      sender: inert('"Security Team" <!here> *Approved by* _Ana_ <ceo@contoso.example>', 200),
      facts: [
        { label: 'Links', value: inert('https://evil.example/a?u=victim@contoso.example, javascript:alert(1)', 200) },
      ],
    },
    'five-thousand-mailboxes': {
      headline: 'CRITICAL · Malware',
      tone: 'bad',
      reach: '5,214 copies in 5,000 mailboxes, 1,377 read',
      proposal: 'Move 5,214 copies out of reach of 5,000 people. Can be undone for 14 days.',
      needs: '3 approvals by people who did not receive the mail, until 23 Nov 14:05 UTC',
      warnings: [...waiting.warnings, { text: '17 mailboxes could not be read; they are not part of the plan.' }],
    },
    'longest-texts': longest,
  };
  return Object.entries(states).map(([name, change]) => ({ name, view: { ...waiting, ...change } }));
}

/** Pages of the mailbox list: first, a middle one, one that is empty, and one with the longest texts. */
export function detailsStates(): { name: string; view: DetailsView }[] {
  const row = (n: number) => ({
    mailbox: `person${n}@contoso[.]example`,
    folder: n % 3 === 0 ? 'Inbox/Projects' : 'Inbox',
    seen: n % 2 === 0 ? 'read' : 'not read',
    outcome: n % 4 === 0 ? 'Still there' : 'Removed, seen gone',
  });
  const first: DetailsView = {
    incident: 'CB-7F3K2M',
    digest: DIGEST,
    title: '40 copies in 38 mailboxes',
    summary: 'As found 23 Nov 13:24 UTC; outcomes as last seen.',
    rows: Array.from({ length: 15 }, (_, n) => row(n)),
    page: 'Page 1 of 3',
    previous: '',
    next: '1',
    hasPrevious: false,
    hasNext: true,
  };
  const longRow = {
    mailbox: long('a', 330),
    folder: long('Folder/', 200),
    seen: long('read ', 120),
    outcome: long('no ', 120),
  };
  return [
    { name: 'details-first', view: first },
    { name: 'details-middle', view: { ...first, page: 'Page 2 of 3', previous: '0', next: '2', hasPrevious: true } },
    { name: 'details-empty', view: { ...first, rows: [], page: 'Page 1 of 1', next: '', hasNext: false } },
    { name: 'details-longest', view: { ...first, rows: Array.from({ length: 15 }, () => longRow) } },
  ];
}
