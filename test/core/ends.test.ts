import { expect, it } from 'vitest';
import { type END_ENTRIES, endIn, endWords } from '../../src/core/record/ends.ts';
import type { Recorded } from '../../src/core/record/ledger.ts';
import type { DetailOf } from '../../src/core/record/payloads.ts';
import { entryOf } from '../support/entries.ts';

/** What a vendor is told of a case: only what was seen of its copies. */

type EndEntry = Recorded<(typeof END_ENTRIES)[number]>;
type Counts = Readonly<Record<string, number>>;

const chain = (...entries: readonly object[]) => entries.map((entry, n) => ({ ...entry, seq: n + 1 })) as EndEntry[];
const summaryOf = (counts: Counts): DetailOf<'run.finished'>['summary'] =>
  Object.entries(counts).map(([outcome, copies]) => ({ outcome, copies }));
const copiesOf = (counts: Counts) => Object.values(counts).reduce((sum, n) => sum + n, 0);

const ran = (action: string, run: string, counts: Counts) => [
  entryOf('run.started', { action, run, mode: 'live' }),
  entryOf('run.finished', { action, run, copies: copiesOf(counts), summary: summaryOf(counts) }),
];
const toldOf = (...entries: readonly object[]) => {
  const end = endIn(chain(...entries));
  return end && { is: end.is, whole: end.whole, words: endWords('CB-1', end) };
};

it('taken out is said where every copy was seen gone', () => {
  expect(toldOf(...ran('purge', 'r1', { removed: 2, alreadyGone: 1 }))).toMatchObject({
    is: 'removed',
    whole: true,
    words: expect.stringContaining('confirmed as malicious and taken out of mailboxes.'),
  });
});

it.each<Counts>([{ removed: 1, stillThere: 1 }, { notAllowed: 3 }, { removed: 1, cancelled: 4 }])(
  'and not where it was not: %j',
  (counts) => {
    const told = toldOf(...ran('purge', 'r1', counts));
    expect([told?.whole, told?.words]).toEqual([false, expect.stringContaining('not every copy was seen gone')]);
    expect(told?.words).not.toContain('taken out of mailboxes');
  },
);

it('put back, and moved to Junk Email, likewise', () => {
  const undo = (counts: Counts) => toldOf(...ran('purge', 'r1', { removed: 2 }), ...ran('restore', 'r2', counts));
  expect([undo({ restored: 1, restoredElsewhere: 1 })?.whole, undo({ restored: 1, noMailbox: 1 })?.whole]).toEqual([
    true,
    false,
  ]);
  expect(undo({ noMailbox: 2 })?.words).toContain('not every copy was seen back');
  const junk = (counts: Counts) => toldOf(...ran('junk', 'r1', counts));
  expect([junk({ junked: 1, alreadyJunk: 1 })?.whole, junk({ movedByUser: 2 })?.whole]).toEqual([true, false]);
});

it('a later list that is called harmless does not say so while what an earlier one took out stays out', () => {
  const again = [entryOf('incident.reopened'), entryOf('decision.rejected')];
  expect(toldOf(...ran('purge', 'r1', { removed: 2 }), ...again)).toBeNull();
  const back = ran('restore', 'r2', { restored: 2 });
  expect(toldOf(...ran('purge', 'r1', { removed: 2 }), ...back, ...again)).toMatchObject({ is: 'harmless' });
  expect(toldOf(...ran('purge', 'r1', { notAllowed: 2 }), ...again)).toMatchObject({ is: 'harmless' });
});
