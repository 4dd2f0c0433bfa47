import { describe, expect, it } from 'vitest';
import type { CopyTask, Home, SeenCopy } from '../../src/core/action/copy.ts';
import { placeByDefender } from '../../src/core/action/engine-names.ts';
import { release } from '../../src/core/action/release.ts';
import { countHomes, homesOf, saidOfHome } from '../../src/core/find/release.ts';
import { copyOf } from '../support/cases.ts';

/** What automation took out goes back, and where it is seen afterwards is what is said of it. */

const seen = (change: Partial<SeenCopy> = {}): SeenCopy => ({
  ...{ internetMessageId: '<one@mailer.example>', sender: 'billing@fabrikam.example', folderId: 'projects' },
  ...{ inRecoverableItems: false, isRead: true, flag: 'flagged', categories: ['red'], ...change },
});
const HOME: Home = { folderId: 'projects', known: 'our list' };
const task = (intended: boolean, home: Home | null = HOME): CopyTask => ({
  ...{ intended, before: null, ...(home ? { home } : {}) },
});
const word = (one: CopyTask, now: SeenCopy) => {
  const judged = release.judge(one, now);
  return judged === 'act' ? 'act' : judged.outcome;
};
const binned = seen({ inRecoverableItems: true, folderId: 'recoverable' });

describe('a copy that automation took out', () => {
  it.each([
    ['is put back while it is in Recoverable Items', false, HOME, binned, 'act'],
    ['is put back again while it still is', true, HOME, binned, 'act'],
    ['was out of it before we came', false, HOME, seen(), 'movedByUser'],
    ['is where it was', true, HOME, seen(), 'restored'],
    ['is in another folder than it was', true, HOME, seen({ folderId: 'inbox' }), 'restoredElsewhere'],
    ['is wherever it is, where nobody knows its folder', true, null, seen({ folderId: 'inbox' }), 'restored'],
    ['is in its folder, which was deleted', true, HOME, seen({ folderDeleted: true }), 'restoredElsewhere'],
  ] as const)('%s', (_what, intended, home, now, expected) => {
    expect(word(task(intended, home), now)).toBe(expected);
  });

  it.each([
    ['deletedFolder', false, 'act'],
    ['deletedFolder', true, 'act'],
    ['inbox_folder', false, 'movedByUser'],
    ['inbox_folder', true, 'restored'],
    ['junk_folder', true, 'movedByUser'],
  ])('that Defender tells in %s (begun: %s) is %s', (place, intended, expected) => {
    const now = seen({ folderId: placeByDefender(place), inRecoverableItems: true });
    expect(word(task(intended), now)).toBe(expected);
  });

  it('is said to be where it is known to have been, and no more', () => {
    const details = (['our list', 'delivery', 'not known'] as const).map((known) => {
      const judged = release.judge(task(true, { ...HOME, known }), seen());
      return judged === 'act' ? '' : judged.detail;
    });
    expect(details).toEqual([
      'seen in its folder, where an earlier list had seen it',
      'seen in Junk Email, where it had been delivered to',
      'seen in the Inbox; in which folder it was is not known',
    ]);
    expect(release.judge(task(true, null), seen())).toMatchObject({ detail: details[2] });
  });

  it('goes where it was with the marks that it has, and stays where it is if somebody took it out already', () => {
    if (release.effect.of !== 'putBack') throw new Error('it is put back');
    const marks = { isRead: true, flag: 'flagged', categories: ['red'] };
    expect(release.effect.wanted(binned, task(false))).toEqual({ ...marks, folderId: 'projects', moved: false });
    expect(release.effect.wanted(binned, task(false, null))).toMatchObject({ folderId: 'recoverable', moved: false });
    expect(release.effect.wanted(seen(), task(true))).toMatchObject({ moved: true });
    const dated = seen({ flagDates: { start: null, due: '2026-11-20T08:00:00.000Z' } as never });
    expect(release.effect.wanted(dated, task(true))).toMatchObject({ flagDates: dated.flagDates });
  });
});

describe('where copies of a list go back to', () => {
  const copy = (n: number, home: Home | null) => ({ ...copyOf(n), ...(home ? { said: saidOfHome(home) } : {}) });

  it('is part of the list, each by its mailbox and mail', () => {
    const copies = [copy(1, HOME), copy(2, { folderId: 'inbox', known: 'not known' }), copy(3, null)];
    expect([...homesOf({ copies }).values()]).toEqual([HOME, { folderId: 'inbox', known: 'not known' }]);
    expect(countHomes({ copies })).toEqual({ 'our list': 1, delivery: 0, 'not known': 2 });
  });

  it('is not known where it is told in a way that is not known here', () => {
    const copies = [
      { ...copyOf(1), said: { home: 'projects', homeKnown: 'a guess' } },
      { ...copyOf(2), said: { homeKnown: 'delivery' } },
    ];
    expect([homesOf({ copies }).size, countHomes({ copies })['not known']]).toEqual([0, 2]);
  });
});
