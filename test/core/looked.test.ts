import { describe, expect, it } from 'vitest';
import type { FinderAnswer } from '../../src/core/find/finder.ts';
import type { Recorded } from '../../src/core/record/ledger.ts';
import {
  isAskedSoon,
  isNews,
  keptFrom,
  type LeftOpen,
  type Looked,
  leavesTrouble,
  lookedDetail,
  lookedIn,
  lookedLines,
  troubleWaitMs,
} from '../../src/core/record/looked.ts';
import { oldEntry } from '../support/entries.ts';

/** What a later look saw goes into the record and comes out of it as it was; and only what people would want is told. */

const finder: FinderAnswer = {
  name: 'hunting',
  status: 'answered',
  found: 3,
  cutOff: false,
  asOf: '2026-11-20T08:15:00.000Z',
  detail: '',
};
const looked: Looked = {
  at: '2026-11-20T08:15:00.000Z',
  finders: [finder],
  grown: 0,
  failed: 0,
  failedFirst: null,
  left: null,
  again: false,
};
const CLEAN: LeftOpen = {
  denied: 0,
  unreachable: 0,
  missing: 0,
  unresolved: 0,
  unresolvedFirst: null,
  notLooked: 0,
  shielded: 0,
  shieldedBy: null,
  unsure: 0,
};
const left = (change: Partial<LeftOpen>) => ({ left: { ...CLEAN, ...change } });

/** As it is written down: of a look at its time, and of one when a run began. */
function lookEntry(one: Looked): Recorded<'scope.looked'> {
  const entry = oldEntry('scope.looked', { at: one.at });
  return { ...entry, detail: { ...entry.detail, look: lookedDetail(one) } };
}
function checkEntry(one: Looked): Recorded<'scope.checked'> {
  const entry = oldEntry('scope.checked', { at: one.at });
  return { ...entry, detail: { ...entry.detail, look: lookedDetail(one) } };
}

describe('a look', () => {
  it.each<Partial<Looked>>([
    {},
    { grown: 4, again: true },
    { failed: 2, failedFirst: 'bob@contoso.example' },
    { finders: [{ ...finder, status: 'refused', found: 0, cutOff: true, detail: '403 Forbidden' }] },
    left({}),
    left({ denied: 1, unreachable: 2, missing: 3, unresolved: 4, unresolvedFirst: 'list@contoso.example' }),
    { finders: [] },
    { finders: [finder, { ...finder, name: 'trace', status: 'busy', found: 0, detail: '429' }] },
    left({ notLooked: 5, shielded: 6, shieldedBy: 'board', unsure: 7 }),
  ])('comes out of the record as it was: %j', (change) => {
    const one = { ...looked, ...change };
    expect(lookedIn(lookEntry(one))).toEqual(one);
  });

  it('is in no entry of another kind, nor in one of a run that began before it was kept there', () => {
    expect(lookedIn(oldEntry('plan.grown', { at: looked.at, detail: { finder: 'answered' } }))).toBeNull();
    const checked = { at: looked.at, detail: { run: 'r', grown: 0, looked: 3 } };
    expect(lookedIn(oldEntry('scope.checked', checked))).toBeNull();
  });

  it('when a run began is one like any other', () => {
    const one = { ...looked, ...left({ denied: 1 }) };
    expect(lookedIn(checkEntry(one))).toEqual(one);
  });

  it('when a run began, with nobody to ask, is one as well', () => {
    const one = { ...looked, finders: [] };
    expect(lookedIn(checkEntry(one))).toEqual(one);
    const old = { at: looked.at, detail: { run: 'r', grown: 0, finders: '' } };
    expect(lookedIn(oldEntry('scope.checked', old))).toEqual(one);
  });

  it('that is written down without anything says nothing it did not see', () => {
    expect(lookedIn(oldEntry('scope.looked', { at: looked.at }))).toMatchObject({
      finders: [{ status: 'silent', found: 0, cutOff: false }],
      grown: 0,
      failed: 0,
      failedFirst: null,
    });
  });
});

describe('what is said of it', () => {
  it.each<[Partial<Looked>, readonly string[]]>([
    [{}, ['Looked again 20 Nov 08:15 UTC: no further copy.']],
    [left({}), ['Looked again 20 Nov 08:15 UTC: no further copy.']],
    ...(['denied', 'unreachable', 'missing', 'unresolved', 'notLooked', 'shielded'] as const).map(
      (kind): [Partial<Looked>, readonly string[]] => [left({ [kind]: 1 }), []],
    ),
    [
      left({ unsure: 2 }),
      [
        '2 mails that may be this one turned up after this list was made: look again to see what differs and to take in what is this mail.',
      ],
    ],
    [{ grown: 2 }, []],
    [{ finders: [{ ...finder, status: 'off', found: 0 }] }, []],
    [{ finders: [{ ...finder, cutOff: true }] }, []],
    [
      { finders: [{ ...finder, status: 'refused' }] },
      [expect.stringMatching(/^Advanced hunting refused the question, /)],
    ],
    [
      { finders: [{ ...finder, found: 0 }] },
      [expect.stringMatching(/^Advanced hunting named no delivery of this mail/)],
    ],
    [
      { failed: 2, failedFirst: 'bob@contoso.example' },
      [
        '2 mailboxes gave no clear answer when looked into again, bob@contoso[.]example first, 20 Nov 08:15 UTC: whether there is a copy is not known.',
      ],
    ],
    [
      { grown: 1, finders: [{ ...finder, status: 'busy' }], again: true },
      [expect.stringMatching(/^Advanced hunting asked to wait, .* yet\. It is asked again by itself\.$/)],
    ],
    [
      { grown: 1, finders: [{ ...finder, status: 'silent' }] },
      [expect.stringMatching(/^Advanced hunting gave no answer, .* not known yet\.$/)],
    ],
    [
      { grown: 1, finders: [{ ...finder, found: 0 }] },
      [expect.stringContaining('Advanced hunting named no delivery of this mail, 20 Nov 08:15 UTC')],
    ],
  ])('%j', (change, lines) => {
    expect(lookedLines({ ...looked, ...change }, true)).toEqual(lines);
  });
});

describe('news', () => {
  it.each<[Partial<Looked>, boolean]>([
    [{}, false],
    [{ at: '2026-11-21T08:15:00.000Z' }, false],
    [{ grown: 1 }, true],
    [{ failed: 1 }, true],
    [{ finders: [{ ...finder, status: 'busy' }] }, true],
    [{ finders: [{ ...finder, found: 4 }] }, true],
    [{ finders: [{ ...finder, cutOff: true }] }, true],
    [left({ unresolvedFirst: 'list@contoso.example' }), false],
    ...(['denied', 'unreachable', 'missing', 'unresolved', 'notLooked', 'shielded', 'unsure'] as const).map(
      (kind): [Partial<Looked>, boolean] => [left({ [kind]: 1 }), true],
    ),
  ])('%j: %s', (change, news) => {
    const told = { ...looked, ...left({}) };
    expect(isNews({ ...told, ...change }, told)).toBe(news);
  });
});

describe('where tracking gave no whole answer, what an earlier look saw', () => {
  const before = { ...looked, ...left({ shielded: 2, shieldedBy: 'board', unsure: 3, denied: 4 }) };
  const silent = { ...finder, status: 'silent' as const, found: 0 };

  it.each<[string, Partial<Looked>, Partial<LeftOpen>]>([
    ['stays said', { finders: [silent] }, { shielded: 2, shieldedBy: 'board', unsure: 3 }],
    [
      'stays said where it was cut off',
      { finders: [{ ...finder, cutOff: true }] },
      { shielded: 2, shieldedBy: 'board', unsure: 3 },
    ],
    ['is not said any more where it answered', {}, {}],
  ])('%s', (_what, change, kept) => {
    expect(keptFrom(before, { ...looked, ...left({}), ...change }).left).toEqual({ ...CLEAN, ...kept });
  });

  it('gives way to more', () => {
    const more = { ...looked, ...left({ shielded: 3, shieldedBy: 'crew', unsure: 4 }), finders: [silent] };
    expect(keptFrom(before, more)).toEqual(more);
  });

  it('gives way to as much of another kind', () => {
    const now = { ...looked, ...left({ shielded: before.left?.shielded ?? 0, shieldedBy: 'crew' }), finders: [silent] };
    expect(keptFrom(before, now).left?.shieldedBy).toBe('crew');
  });

  it('is that it told not all, as long as it does not answer', () => {
    const cut = { ...before, finders: [{ ...finder, cutOff: true }] };
    expect(keptFrom(cut, { ...looked, finders: [silent] }).finders[0]?.cutOff).toBe(true);
    expect(keptFrom(cut, looked).finders[0]?.cutOff).toBe(false);
  });
});

describe('trouble', () => {
  it.each<[Partial<Looked>, boolean]>([
    [{}, false],
    [{ failed: 1 }, true],
    [{ finders: [{ ...finder, status: 'busy' }] }, true],
    [{ finders: [{ ...finder, status: 'silent' }] }, true],
    [{ finders: [{ ...finder, status: 'refused' }] }, false],
    [{ finders: [{ ...finder, status: 'off' }] }, false],
  ])('%j: %s', (change, trouble) => {
    expect(leavesTrouble({ ...looked, ...change })).toBe(trouble);
  });

  it('is asked for later and later, and not for ever', () => {
    expect([0, 1, 2, 3, 4, 5].filter(isAskedSoon)).toEqual([0, 1, 2, 3, 4]);
    expect([0, 1, 4].map(troubleWaitMs)).toEqual([60_000, 120_000, 960_000]);
  });
});
