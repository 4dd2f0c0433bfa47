import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../src/core/action/outcome.ts';
import { type DetailsPage, presentDetails } from '../../src/core/tell/details.ts';
import {
  type CopyEnd,
  countsOf,
  type DetailsRow,
  EVERYTHING,
  groupOf,
  type Look,
  readSearch,
  rowsFor,
  rowsOf,
} from '../../src/core/tell/details-rows.ts';
import { DetailsView } from '../../src/core/tell/details-view.ts';
import { DIGEST, planOf } from '../support/cases.ts';

const page: DetailsPage = {
  incident: 'CB-1',
  digest: DIGEST,
  copies: 2,
  seenAt: '2026-11-20T08:00:00Z',
  found: { foundBy: 'hunting and recipients', finders: [] },
  restorable: 1,
  notLooked: 0,
  counts: countsOf([]),
  look: EVERYTHING,
  matches: 0,
  rows: [],
  page: 0,
  pages: 1,
  offers: { export: false, excerpt: false },
};
const copy = {
  is: 'copy',
  mailbox: 'ann@contoso.example',
  folder: 'Inbox',
  place: { mailbox: 'm-1', folderId: 'f-1' },
  isRead: true,
  receivedAt: null,
  outcome: null,
  detail: null,
} as const;
const NONE = '\u2014';
const shown = (row: DetailsRow) => DetailsView.parse(presentDetails({ ...page, rows: [row] })).rows[0];

describe('the list of mailboxes', () => {
  it('says of what it is, how it was found and what can come back', () => {
    expect(presentDetails(page)).toMatchObject({
      title: 'Mailboxes of CB-1',
      summary: '2 copies seen 20 Nov 08:00 UTC, found by hunting and recipients. 1 copy can be restored.',
      counts: 'No mailboxes',
      page: 'Page 1 of 1',
      hasPrevious: false,
      hasNext: false,
    });
  });

  it('says what Microsoft answered while the last run went on', () => {
    const answers = { requests: 3_015, p95Ms: 380, throttled: 12, unavailable: 0 };
    expect(presentDetails({ ...page, answers }).summary).toContain(
      'Meanwhile Microsoft answered 3,015 requests, 95 % of batches within 380 ms; asked to wait: 12',
    );
  });

  it('fits the form with everything that may be said', () => {
    const answers = { requests: 3_000_015, p95Ms: 29_800, throttled: 1_200_000, unavailable: 1_200_000 };
    const found = { foundBy: 'hunting and recipients', finders: [] };
    const full = { ...page, found, copies: 100_000, restorable: 100_000, notLooked: 120_000, answers };
    expect(DetailsView.safeParse(presentDetails(full)).success).toBe(true);
  });

  it('says how many mailboxes are in no row', () => {
    expect(presentDetails({ ...page, notLooked: 1_200 }).summary).toContain(
      '1,200 more mailboxes in no row: too many for one list.',
    );
  });

  it.each([
    [0, ['Page 1 of 3', '', '1', false, true]],
    [1, ['Page 2 of 3', '0', '2', true, true]],
    [2, ['Page 3 of 3', '1', '', true, false]],
  ])('on page %i knows its neighbours', (at, words) => {
    const { page: name, previous, next, hasPrevious, hasNext } = presentDetails({ ...page, page: at, pages: 3 });
    expect([name, previous, next, hasPrevious, hasNext]).toEqual(words);
  });

  it.each<[DetailsRow, string, string, string]>([
    [copy, 'Inbox', 'Read', 'Untouched'],
    [{ ...copy, outcome: 'undecided' }, 'Inbox', 'Read', 'Untouched: waits for a decision'],
    [{ ...copy, isRead: false, outcome: 'waiting' }, 'Inbox', 'Not read', 'Waiting its turn'],
    [{ ...copy, folder: '', outcome: 'removed' }, 'folder not told', 'Read', 'Removed, seen gone'],
    [{ ...copy, outcome: 'notAllowed' }, 'Inbox', 'Read', 'Not allowed: Clawback has no right to this mailbox'],
    [{ ...copy, outcome: 'stillThere' }, 'Inbox', 'Read', 'Still there: found in its folder after the last try'],
    [{ is: 'denied', mailbox: copy.mailbox }, NONE, NONE, 'Not looked into: Clawback has no right to this mailbox'],
    [{ is: 'failed', mailbox: copy.mailbox }, NONE, NONE, 'Not looked into: no clear answer came'],
    [
      { is: 'unreachable', mailbox: copy.mailbox },
      NONE,
      NONE,
      'Not looked into: in the directory, and archived, inactive or on premises',
    ],
    [{ is: 'missing', mailbox: copy.mailbox }, NONE, NONE, 'Not looked into: nobody in the directory has this address'],
    [{ is: 'nothing', mailbox: copy.mailbox }, NONE, NONE, 'No copy found'],
    [{ is: 'shielded', mailbox: copy.mailbox, set: 'the board' }, NONE, NONE, 'Protected, never touched: the board'],
    [
      { is: 'unsure', mailbox: copy.mailbox, group: 1 },
      NONE,
      NONE,
      'May be this mail, group 2: left alone unless people take it in',
    ],
    [
      { is: 'left alone', mailbox: copy.mailbox, why: 'another sender' },
      NONE,
      NONE,
      'Another mail, left alone: another sender',
    ],
  ])('tells a row: %j', (row, folder, seen, outcome) => {
    expect(shown(row)).toMatchObject({ mailbox: 'ann@contoso[.]example', folder, seen, outcome });
  });

  it.each([
    ['no longer in Recoverable Items: it cannot be restored', 'no longer in Recoverable Items: it cannot be restored'],
    [
      'the message under this id is not the approved mail any more: left alone; the service said: 403 ErrorAccessDenied',
      'the message under this id is not the approved mail any more: left alone',
    ],
    ['503 ErrorServerBusy', 'Microsoft 365 refused it or gave no clear answer; the record has its words'],
    [null, 'Microsoft 365 refused it or gave no clear answer; the record has its words'],
  ])('says why something was not done, and leaves the codes of a service to the record: %s', (detail, why) => {
    expect(shown({ ...copy, outcome: 'failed', detail })?.outcome).toBe(`Not done: ${why}`);
  });

  it('has no name of ours for what became of a copy', () => {
    const words = OUTCOMES.map((outcome) => shown({ ...copy, outcome })?.outcome ?? '');
    const names = OUTCOMES.filter((outcome) => /[A-Z]/.test(outcome));
    expect(words.filter((line) => names.some((name) => line.includes(name)))).toEqual([]);
    expect(words.every((line) => !/[a-z][A-Z]|-purge/.test(line))).toBe(true);
  });

  it('shows what mailboxes and policies call things as text', () => {
    const evil = 'x\u202e https://evil.example';
    const rows: DetailsRow[] = [
      { ...copy, mailbox: evil, folder: evil },
      { ...copy, outcome: 'failed', detail: evil },
      { is: 'shielded', mailbox: evil, set: evil },
      { is: 'left alone', mailbox: evil, why: evil },
    ];
    expect(JSON.stringify(presentDetails({ ...page, rows }))).not.toMatch(/https:|\u202e/);
  });
});

describe('the order of the list', () => {
  const addresses = ['ann', 'bob', 'cas', 'dee', 'eve'].map((name) => `${name}@contoso.example`);
  const copies = addresses.map((address, n) => ({
    ...(planOf().copies[0] ?? expect.fail()),
    address,
    message: `m${n}`,
    mailbox: `box${n}`,
  }));
  const plan = {
    ...planOf(),
    copies,
    denied: ['off@contoso.example'],
    nothing: ['without@contoso.example'],
    unsure: [],
    leftAlone: [],
    shielded: [],
    failed: [],
    missing: [],
    unreachable: [],
  };
  const end = (outcome: CopyEnd['outcome']): CopyEnd => ({ outcome, detail: null });
  const ends = new Map([
    ['box0 m0', end('removed')],
    ['box1 m1', end('waiting')],
    ['box2 m2', end('notAllowed')],
    ['box3 m3', end('stillThere')],
  ]);
  const rows = rowsOf(plan, ends, true);

  it('is trouble first, then where nobody looked, and what went well last', () => {
    expect(rows.map(({ mailbox }) => mailbox.split('@')[0])).toEqual([
      'dee',
      'cas',
      'off',
      'bob',
      'eve',
      'ann',
      'without',
    ]);
  });

  it('counts every row once', () => {
    expect(countsOf(rows)).toEqual({
      all: 7,
      trouble: 2,
      'not-looked': 1,
      'left-alone': 0,
      waiting: 2,
      done: 1,
      'no-copy': 1,
    });
    expect(presentDetails({ ...page, counts: countsOf(rows) }).counts).toBe(
      'Trouble 2  \u00b7  Not looked into 1  \u00b7  Waiting 2  \u00b7  Done 1  \u00b7  No copy 1',
    );
  });

  it('what nobody decided about waits while people still may, and is left alone afterwards', () => {
    const untouched = (isOpen: boolean) =>
      rowsOf(plan, new Map(), isOpen)
        .filter(({ is }) => is === 'copy')
        .map(groupOf);
    expect([new Set(untouched(true)), new Set(untouched(false))]).toEqual([
      new Set(['waiting']),
      new Set(['left-alone']),
    ]);
  });

  it('says trouble of no outcome that is none, and of none too little', () => {
    const groups = OUTCOMES.map((outcome) => [outcome, groupOf({ ...copy, outcome })]);
    expect(groups.filter(([, group]) => group === 'done').map(([outcome]) => outcome)).toEqual([
      'removed',
      'destroyed',
      'junked',
      'flagged',
      'restored',
      'restoredChanged',
      'alreadyGone',
      'alreadyJunk',
      'rehearsed',
    ]);
    expect(groups.filter(([, group]) => group === 'left-alone').map(([outcome]) => outcome)).toEqual([
      'shielded',
      'cancelled',
    ]);
  });

  it.each([
    ['ANN', ['ann']],
    ['@contoso', ['dee', 'cas', 'off', 'bob', 'eve', 'ann', 'without']],
    ['%', []],
    ['_', []],
    ['.*', []],
  ])('is searched by the letters of %s, which are no pattern', (text, names) => {
    expect(rowsFor(rows, 'all', text).map(({ mailbox }) => mailbox.split('@')[0])).toEqual(names);
  });

  it('filter and search hold both', () => {
    expect(rowsFor(rows, 'trouble', 'cas').map(({ mailbox }) => mailbox)).toEqual(['cas@contoso.example']);
    expect(rowsFor(rows, 'done', 'cas')).toEqual([]);
  });
});

describe('what somebody looks for', () => {
  it.each([
    [' ann ', 'ann'],
    ['ann@contoso[.]example', 'ann@contoso.example'],
    ["o'neil+x_y%z@contoso.example", "o'neil+x_y%z@contoso.example"],
    ['e\u0301lan', '\u00e9lan'],
    ['', ''],
  ])('is taken as it is meant: %j', (typed, text) => {
    expect(readSearch(typed)).toEqual({ text, problem: null });
  });

  it.each(['ann bob', '<b>', '"ann"', 'a\u202eb', 'a{{b', '\u0024{1+1}', 'a;b', 'a\nb'])('cannot be %j', (typed) => {
    expect(readSearch(typed)).toEqual({ text: '', problem: 'not of an address' });
  });

  it('has at most a hundred characters', () => {
    expect([readSearch('a'.repeat(100)).problem, readSearch('a'.repeat(101)).problem]).toEqual([null, 'too long']);
  });

  const looking = (look: Look) => presentDetails({ ...page, counts: countsOf([copy]), look });

  it('is said to fit nothing where it fits nothing', () => {
    expect(looking({ filter: 'done', search: 'ann' })).toMatchObject({
      filterTitle: 'Done (0)',
      search: 'ann',
      hasSearch: true,
      problem: '',
      nothing: 'No mailbox here fits what you look for.',
      page: 'Page 1 of 1, 0 of 1',
    });
  });

  it('is not repeated where it cannot be looked for, and the answer says why', () => {
    const view = looking({ filter: 'all', search: '<!channel> ann' });
    expect([view.search, view.problem]).toEqual(['', expect.stringContaining('part of a mail address')]);
    expect(JSON.stringify(view)).not.toContain('!channel');
  });
});
