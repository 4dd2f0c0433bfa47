import { describe, expect, it } from 'vitest';
import { ACTIONS, type Action } from '../../src/core/action/action.ts';
import type { Judgement, SeenCopy, SeenForms } from '../../src/core/action/copy.ts';
import { REVIEW_CATEGORY, reviewMarks } from '../../src/core/action/flag.ts';
import { giveUp, judge, judgeAbsent } from '../../src/core/action/procedure.ts';

const key: SeenForms = { internetMessageIds: ['<one@mailer.example>'], senders: ['billing@fabrikam.example'] };
const seen = (change: Partial<SeenCopy> = {}): SeenCopy => ({
  internetMessageId: '<one@mailer.example>',
  sender: 'billing@fabrikam.example',
  folderId: 'inbox',
  inRecoverableItems: false,
  isRead: false,
  flag: 'notFlagged',
  categories: [],
  ...change,
});
const gone = { inRecoverableItems: true, folderId: 'recoverable' };
const inJunk = { junk: 'inside', folderId: 'junk-email' } as const;
const marked = { categories: ['Mine', REVIEW_CATEGORY], flag: 'flagged' };
const task = (action: Action, intended: boolean, before: SeenCopy | null = null) => ({ action, intended, before });
const word = (judgement: Judgement) => (judgement === 'act' ? 'act' : judgement.outcome);

describe('judging one copy by what is seen of it', () => {
  it('a plan from before senders were kept goes by the Message-ID alone', () => {
    const old = { ...key, senders: [] };
    expect(judge(task('purge', false), seen({ sender: null }), old)).toBe('act');
    expect(word(judge(task('purge', false), seen({ internetMessageId: null }), old))).not.toBe('act');
  });

  it.each([
    ['purge', 'a copy in its folder', false, {}, 'act'],
    ['purge', 'a copy still in its folder after our attempt', true, {}, 'act'],
    ['purge', 'a copy gone after our attempt', true, gone, 'removed'],
    ['purge', 'a copy gone before we came', false, gone, 'alreadyGone'],
    ['contain', 'a copy in its folder', false, {}, 'act'],
    ['contain', 'a copy gone after our attempt', true, gone, 'removed'],
    ['contain', 'a copy gone before we came', false, gone, 'alreadyGone'],
    ['hard-purge', 'a copy in its folder', false, {}, 'act'],
    ['hard-purge', 'a copy still there after our attempt', true, {}, 'act'],
    // In Recoverable Items is not gone for good.
    ['hard-purge', 'a copy the user deleted', false, gone, 'act'],
    ['hard-purge', 'a copy in Recoverable Items after our attempt', true, gone, 'act'],
    ['flag', 'an unmarked copy', false, {}, 'act'],
    ['flag', 'a copy with the category alone', true, { categories: [REVIEW_CATEGORY] }, 'act'],
    ['flag', 'a copy with a flag alone', true, { flag: 'flagged' }, 'act'],
    ['flag', 'a marked copy', true, marked, 'flagged'],
    ['flag', 'a copy the user deleted', true, gone, 'alreadyGone'],
    ['junk', 'a copy in its folder', false, { junk: 'outside' }, 'act'],
    ['junk', 'a copy still in its folder after our attempt', true, { junk: 'outside' }, 'act'],
    ['junk', 'a copy of which nobody asked whether it is there', true, {}, 'act'],
    ['junk', 'a copy in Junk Email after our attempt', true, inJunk, 'junked'],
    ['junk', 'a copy in Junk Email before we came', false, inJunk, 'alreadyJunk'],
    ['junk', 'a copy in a mailbox without Junk Email', false, { junk: 'none' }, 'stillThere'],
    ['junk', 'a copy the user deleted', false, gone, 'alreadyGone'],
    ['junk', 'a copy the user deleted after our attempt', true, gone, 'alreadyGone'],
  ] as const)('%s: %s', (action, _name, intended, change, outcome) => {
    expect(word(judge(task(action, intended), seen(change), key))).toBe(outcome);
  });

  it.each([
    ['still away', true, seen(), gone, 'act'],
    ['back as it was', true, seen(), {}, 'restored'],
    [
      'back with the marks in another order',
      true,
      seen({ categories: ['a', 'b'] }),
      { categories: ['b', 'a'] },
      'restored',
    ],
    [
      'back, but not yet unread, as the move left it',
      true,
      seen({ asPut: { ...seen({ isRead: true }) } }),
      { isRead: true },
      'act',
    ],
    ['back, but not yet unread, by somebody since', true, seen(), { isRead: true }, 'restoredChanged'],
    [
      'back, but without its flag, as the move left it',
      true,
      seen({ flag: 'flagged', asPut: { ...seen() } }),
      {},
      'act',
    ],
    ['back, but without its flag, by somebody since', true, seen({ flag: 'flagged' }), {}, 'restoredChanged'],
    [
      'back, but without a category, as the move left it',
      true,
      seen({ categories: ['a', 'b'], asPut: { ...seen({ categories: ['a'] }) } }),
      { categories: ['a'] },
      'act',
    ],
    [
      'back, but without a category, by somebody since',
      true,
      seen({ categories: ['a', 'b'] }),
      { categories: ['a'] },
      'restoredChanged',
    ],
    [
      'back, but with a category more, as the move left it',
      true,
      seen({ asPut: { ...seen({ categories: ['a'] }) } }),
      { categories: ['a'] },
      'act',
    ],
    ['back, but with a category more, by somebody since', true, seen(), { categories: ['a'] }, 'restoredChanged'],
    [
      'back, but with another category, as the move left it',
      true,
      seen({ categories: ['a'], asPut: { ...seen({ categories: ['b'] }) } }),
      { categories: ['b'] },
      'act',
    ],
    [
      'back, but with another category, by somebody since',
      true,
      seen({ categories: ['a'] }),
      { categories: ['b'] },
      'restoredChanged',
    ],
    [
      'back, but with a flag more, as the move left it',
      true,
      seen({ asPut: { ...seen({ flag: 'flagged' }) } }),
      { flag: 'flagged' },
      'act',
    ],
    ['back, but with a flag more, by somebody since', true, seen(), { flag: 'flagged' }, 'restoredChanged'],
    ['back, but not yet read, as the move left it', true, seen({ isRead: true, asPut: { ...seen() } }), {}, 'act'],
    ['back, but not yet read, by somebody since', true, seen({ isRead: true }), {}, 'restoredChanged'],
    ['back in the Inbox, its folder being gone', true, seen({ folderId: 'deleted-folder' }), {}, 'restoredElsewhere'],
    ['back in its folder, which was deleted', true, seen(), { folderDeleted: true }, 'restoredElsewhere'],
    ['back in its folder, which is where it was', true, seen(), { folderDeleted: false }, 'restored'],
    ['taken back by the user before us', false, seen(), {}, 'movedByUser'],
    ['without a picture of before', false, null, {}, 'act'],
  ] as const)('restore: %s', (_name, intended, before, change, outcome) => {
    expect(word(judge(task('restore', intended, before), seen(change), key))).toBe(outcome);
  });

  it.each([
    ['still there', false, inJunk, 'act'],
    ['still there after our attempt', true, inJunk, 'act'],
    ['back as it was', true, { junk: 'outside' }, 'restored'],
    ['back, and read by its owner while it lay there', true, { junk: 'outside', isRead: true }, 'restoredChanged'],
    ['moved out by its owner before us', false, { junk: 'outside', folderId: 'saved' }, 'movedByUser'],
    ['moved back by its owner before us', false, { junk: 'outside' }, 'movedByUser'],
    ['deleted by its owner', false, gone, 'movedByUser'],
    ['deleted by its owner after our attempt', true, gone, 'movedByUser'],
  ] as const)('restore from Junk Email: %s', (_name, intended, change, outcome) => {
    const undo = { ...task('restore', intended, seen({ junk: 'outside' })), put: 'junk' as const };
    expect(word(judge(undo, seen(change), key))).toBe(outcome);
  });

  it('what a purge found in Junk Email goes back there, and it is said so', () => {
    const undo = task('restore', true, seen(inJunk));
    expect(judge(undo, seen({ ...gone, junk: 'outside' }), key)).toBe('act');
    expect(judge(undo, seen(inJunk), key)).toEqual({
      outcome: 'restored',
      detail: 'seen in Junk Email, where it was, read state and flags as before',
    });
  });

  it.each(ACTIONS)('%s leaves a message alone that is not the approved mail any more', (action) => {
    expect(word(judge(task(action, false), seen({ sender: 'friend@contoso.example' }), key))).toBe('failed');
  });

  it.each([
    ['another Message-ID', { internetMessageId: '<two@mailer.example>' }],
    ['no Message-ID', { internetMessageId: null }],
    ['no sender', { sender: null }],
  ])('nothing is called removed that has %s', (_name, change) => {
    expect(word(judge(task('purge', true), seen({ ...gone, ...change }), key))).toBe('failed');
  });

  it('the sender is the same in other letters', () => {
    expect(word(judge(task('purge', false), seen({ sender: 'BILLING@fabrikam.example' }), key))).toBe('act');
  });
});

describe('a copy that cannot be found', () => {
  it.each([
    ['purge', true, 'vanished'],
    ['purge', false, 'vanished'],
    ['contain', true, 'vanished'],
    ['contain', false, 'vanished'],
    // Only deleting for good is proven by a copy that is nowhere, and only after we tried.
    ['hard-purge', true, 'destroyed'],
    ['hard-purge', false, 'vanished'],
    ['flag', true, 'vanished'],
    ['junk', true, 'vanished'],
    ['junk', false, 'vanished'],
    ['restore', true, 'failed'],
    ['restore', false, 'failed'],
  ] as const)('%s (tried: %s) says %s, never removed', (action, intended, outcome) => {
    expect(judgeAbsent(task(action, intended)).outcome).toBe(outcome);
  });
});

it.each([
  ['purge', true, 'absent after our attempt; who removed it is not proven'],
  ['contain', true, 'absent after our attempt; who removed it is not proven'],
  ['purge', false, 'not in the mailbox any more, and not by us: deleted, or in an archive'],
  ['contain', false, 'not in the mailbox any more, and not by us: deleted, or in an archive'],
  ['flag', true, 'not in the mailbox any more, and not by us: deleted, or in an archive'],
] as const)('%s (tried: %s) claims no more than it saw', (action, intended, detail) => {
  expect(judgeAbsent(task(action, intended)).detail).toBe(detail);
});

it.each([
  ['inbox', {}, 'seen in its folder, read state and flags as before'],
  [
    'inbox',
    { folderDeleted: true },
    'seen in its folder, which lies below Deleted Items; read state and flags as before',
  ],
  ['deleted-folder', {}, 'its folder is gone, or somebody moved it: seen in another, read state and flags as before'],
])('a copy from %s that is seen with %j is said to be back where it is', (folderId, change, detail) => {
  expect(judge(task('restore', true, seen({ folderId })), seen(change), key)).toMatchObject({ detail });
});

it.each([
  ['purge', true, 'alreadyGone'],
  ['purge', false, 'alreadyGone'],
  ['hard-purge', true, 'destroyed'],
  ['hard-purge', false, 'alreadyGone'],
  ['restore', true, 'failed'],
] as const)('%s (tried: %s) of a copy seen in Purges is %s', (action, intended, outcome) => {
  expect(judgeAbsent(task(action, intended), true)).toMatchObject({ outcome });
});

it('Recoverable Items is never called out of reach', () => {
  const said = judge(task('purge', true), seen(gone), key);
  expect(said).toMatchObject({ detail: 'seen in Recoverable Items, from where its owner can still recover it' });
});

it('who deleted a copy for good is not said when our own answer is not on record', () => {
  const refused = { ...task('hard-purge', true), undone: true };
  expect([judgeAbsent(refused).outcome, judgeAbsent(refused, true).outcome]).toEqual(['vanished', 'destroyed']);
  const [known, unknown] = [false, true].map((late) => judgeAbsent({ ...task('hard-purge', true), late }).detail);
  expect([known?.includes('not on record'), unknown?.includes('not on record')]).toEqual([false, true]);
});

describe('giving up', () => {
  it.each([
    ['purge', seen(), {}, 'stillThere'],
    ['purge', seen(), { folderId: 'archive' }, 'movedByUser'],
    ['purge', null, {}, 'stillThere'],
    ['contain', seen(), {}, 'stillThere'],
    ['contain', seen(), { folderId: 'archive' }, 'movedByUser'],
    ['hard-purge', seen(), {}, 'stillThere'],
    ['hard-purge', null, {}, 'stillThere'],
    // Some mailboxes refuse to delete for good what lies there: then it is not still in its folder either.
    ['hard-purge', seen(gone), gone, 'failed'],
    ['flag', seen(), {}, 'failed'],
    ['restore', seen(), {}, 'failed'],
  ] as const)('%s, seen before %j and now %j, is %s', (action, before, change, outcome) => {
    expect(giveUp(task(action, true, before), seen(change)).outcome).toBe(outcome);
  });
});

describe('marks for the review', () => {
  it('keep what the user set', () => {
    expect(reviewMarks(seen({ categories: ['Mine'], flag: 'complete' }))).toEqual({
      categories: ['Mine', REVIEW_CATEGORY],
      flag: null,
    });
  });

  it('flag what is not flagged', () => {
    expect(reviewMarks(seen())).toEqual({ categories: [REVIEW_CATEGORY], flag: 'flagged' });
  });

  it('set twice are the same', () => {
    const once = reviewMarks(seen());
    expect(reviewMarks(seen({ categories: once.categories, flag: once.flag ?? '' }))).toEqual({
      categories: [REVIEW_CATEGORY],
      flag: null,
    });
  });

  it('are what the judgement afterwards asks for', () => {
    const set = reviewMarks(seen());
    expect(word(judge(task('flag', true), seen({ categories: set.categories, flag: set.flag ?? '' }), key))).toBe(
      'flagged',
    );
  });
});
