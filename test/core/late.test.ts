import { describe, expect, it } from 'vitest';
import type { Situation } from '../../src/core/incident/incident.ts';
import { lateIn, lateLines, NO_LATE, takenOutSince } from '../../src/core/record/late.ts';
import { type Flat, type Old, oldEntry } from '../support/entries.ts';

/** What came when nobody waited for it any more: read out of the record, and said as long as it matters. */

const BEFORE = '2026-11-20T08:00:00.000Z';
const START = '2026-11-20T08:10:00.000Z';
const AFTER = '2026-11-20T08:20:00.000Z';

const told = (outcome: string | null, detail: Flat = {}, change: Old = {}) =>
  oldEntry('copy.late', {
    at: AFTER,
    outcome,
    mailbox: 'mailbox-1',
    message: 'message-1',
    detail: { address: 'ann@contoso.example', run: 'run-1', ...detail },
    ...change,
  });
const ANN = { address: 'ann@contoso.example', at: AFTER };

describe('out of the record', () => {
  it.each(['purge', 'contain'])('a %s that was answered after its end is known as one', (action) => {
    expect(lateIn([told(null, { ended: true, action })])).toEqual({ ...NO_LATE, afterTheEnd: [ANN] });
  });

  it.each<[string, Flat]>([
    ['an undo', { ended: true, action: 'restore' }],
    ['a removal before its end', { ended: false, action: 'purge' }],
  ])('an answer to %s is not', (_what, detail) => {
    expect(lateIn([told(null, detail)])).toEqual(NO_LATE);
  });

  it('what is back is kept apart by whether it was left there', () => {
    const left = lateIn([told('put back again', { left: true }), told('put back again', { left: false })]);
    expect(left).toEqual({ ...NO_LATE, leftBack: [ANN] });
  });

  it('what was taken out is what came true, and what was taken out again and left so', () => {
    const out = lateIn([
      told('came true', { run: 'run-2' }),
      told('taken out again', { left: true }),
      told('taken out again', { left: false }),
      told('seen since', { left: true }),
    ]);
    expect(out).toEqual({
      ...NO_LATE,
      takenOut: [
        { ...ANN, run: 'run-2' },
        { ...ANN, run: 'run-1' },
      ],
    });
  });

  it.each<[string, ReturnType<typeof told>[], number]>([
    ['while nothing is known', [told('not known')], 1],
    ['until it came true', [told('not known'), told('came true')], 0],
    ['until it was seen', [told('not known'), told('seen since')], 0],
    ['however often it was put right before', [told('seen since', {}, { at: BEFORE }), told('not known')], 1],
    ['whatever became of another copy there', [told('not known'), told('seen since', {}, { message: 'm-2' })], 1],
    ['whatever became of it elsewhere', [told('not known'), told('seen since', {}, { mailbox: 'mailbox-2' })], 1],
    ['when it was put back for another reason', [told('not known'), told('put back again')], 1],
  ])('what is not known of a copy is unknown %s', (_when, entries, unknown) => {
    expect(lateIn(entries).unknown).toHaveLength(unknown);
  });
});

describe('what a late removal took out', () => {
  const late = { ...NO_LATE, takenOut: [{ ...ANN, run: 'run-1' }] };
  const run = { id: 'run-1', startedAt: START, action: 'purge' };
  const states = (last: Parameters<typeof takenOutSince>[1]) =>
    (['open', 'flagged', 'running', 'purged', 'contained', 'restored'] as const).filter(
      (state: Situation) => takenOutSince(late, last, state).length > 0,
    );

  it('of the run whose outcome the card tells is where it should be, unless that was undone', () => {
    expect(states(run)).toEqual(['open', 'flagged', 'restored']);
  });

  it('of an earlier run is told in every state', () => {
    expect(states({ ...run, id: 'run-2' })).toEqual(['open', 'flagged', 'running', 'purged', 'contained', 'restored']);
    expect(states(undefined)).toHaveLength(6);
  });

  it('before the last run began is told by what that saw', () => {
    expect(states({ ...run, id: 'run-2', startedAt: AFTER })).toEqual([]);
  });

  it.each<[Situation, string]>([
    ['open', 'Once this is decided, undo'],
    ['received', 'Once this is decided, undo'],
    ['flagged', 'Once this is decided, undo'],
    ['restored', 'told here. Undo'],
  ])('in state %s has the way back that there is', (state, words) => {
    expect(lateLines(late, undefined, state)).toEqual([expect.stringContaining(words)]);
  });
});

describe('of a removal that was answered after its end', () => {
  const late = { ...NO_LATE, afterTheEnd: [ANN] };
  const lines = (action: string, startedAt = START) =>
    lateLines(late, { id: 'run-1', startedAt, action }, 'purged').length;

  it('is told while a removal is the last that was done', () => {
    expect(['purge', 'contain', 'restore', 'flag'].map((action) => lines(action))).toEqual([1, 1, 0, 0]);
    expect(lateLines(late, undefined, 'open')).toEqual([]);
  });

  it('is told from the moment on at which that began', () => {
    expect([lines('purge', AFTER), lines('purge', '2026-11-20T08:20:00.001Z')]).toEqual([1, 0]);
  });
});

it('mailboxes are counted once, and the first of them is named with its time', () => {
  const bob = { address: 'bob@contoso.example', at: AFTER };
  const [line] = lateLines({ ...NO_LATE, unknown: [bob, ANN, bob] }, undefined, 'purged');
  expect(line).toContain('in 2 mailboxes is not known, bob@contoso[.]example first, 20 Nov 08:20 UTC');
});
