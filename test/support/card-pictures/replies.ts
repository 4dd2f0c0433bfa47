import type { Call } from '../../../src/core/tell/call-words.ts';
import type { DetailsPage } from '../../../src/core/tell/details.ts';
import { countsOf, EVERYTHING } from '../../../src/core/tell/details-rows.ts';
import type { Reply } from '../../../src/ports/desk.ts';
import { DIGEST } from '../cases.ts';

/** What a desk may answer, for those who show it; and how it reads. */

export const MAILBOX = 'person0@contoso[.]example';
const page: DetailsPage = {
  incident: 'CB-7F3K2M',
  digest: DIGEST,
  copies: 40,
  seenAt: '2026-11-23T13:24:00Z',
  found: { foundBy: 'hunting and recipients', finders: [] },
  restorable: 0,
  rows: Array.from({ length: 15 }, (_none, n) => ({
    is: 'copy',
    mailbox: `person${n}@contoso.example`,
    folder: 'Inbox',
    place: { mailbox: `person${n}`, folderId: 'inbox' },
    isRead: n % 2 === 0,
    receivedAt: null,
    outcome: 'removed',
    detail: null,
  })),
  page: 1,
  pages: 3,
  notLooked: 0,
  counts: { ...countsOf([]), all: 40, done: 40 },
  look: EVERYTHING,
  matches: 40,
  offers: { export: true, excerpt: true },
};
/** The middle one of three pages of the mailbox list. */
export const LIST = { kind: 'details', page } as const satisfies Reply;

export const EXCERPT: Reply = {
  kind: 'said',
  answer: {
    code: 'excerpt-shown',
    incident: 'CB-7F3K2M',
    mailbox: 'ann@contoso.example',
    lines: ['Dear Ann,', 'Pay [link to evil.example] *now*'],
    cut: true,
  },
};

export const SIGN_IN = {
  kind: 'link',
  answer: { code: 'link-begins' },
  to: 'link',
  url: 'https://clawback.example/s/1?t=x',
} as const satisfies Reply;
export const SIGN_IN_LINE = 'Sign in with your work account; you then get a code to type here.';
export const SIGN_IN_LABEL = 'Sign in to say who you are';

export const STAYS: Reply = { kind: 'said', answer: { code: 'containment-confirmed', incident: 'CB-7F3K2M' } };
export const STAYS_LINE = 'Confirmed. The copies of CB-7F3K2M stay removed.';

/** Markup of every chat, in the subject of a mail. */
const MARKUP = '*1 of 2* <!channel> [CB-1](//x) **b**';
export const HOSTILE: Reply = {
  kind: 'said',
  answer: {
    code: 'status',
    stopped: { by: 'Dana', reason: '<!here>' },
    open: [{ incident: 'CB-1', stands: 'open', subject: MARKUP }],
  },
};
export const HOSTILE_LINES = ['STOPPED by Dana: <!here>', `CB-1  open  ${MARKUP}`];

export const WAITS: Call = { incident: 'CB-1', asks: { is: 'reminded', role: 'approver' }, rule: null };
export const WAITS_LINE = 'CB-1 is still waiting for a decision (approver).';
