import { describe, expect, it } from 'vitest';
import type { Finder } from '../../src/core/finder.ts';
import {
  isNews,
  type Looked,
  leavesTrouble,
  lookedDetail,
  lookedIn,
  lookedLines,
  troubleWaitMs,
} from '../../src/core/looked.ts';

/** What a later look saw goes into the record and comes out of it as it was; and only what people would want is told. */

const finder: Finder = {
  name: 'hunting',
  status: 'answered',
  found: 3,
  cutOff: false,
  asOf: '2026-11-20T08:15:00.000Z',
  detail: '',
};
const looked: Looked = {
  at: '2026-11-20T08:15:00.000Z',
  finder,
  grown: 0,
  failed: 0,
  failedFirst: null,
  recovered: 0,
  recoveredFirst: null,
  again: false,
};

describe('a look', () => {
  it.each<Partial<Looked>>([
    {},
    { grown: 4, again: true },
    { failed: 2, failedFirst: 'bob@contoso.example' },
    { recovered: 1, recoveredFirst: 'ann@contoso.example' },
    { finder: { ...finder, status: 'refused', found: 0, cutOff: true, detail: '403 Forbidden' } },
  ])('comes out of the record as it was: %j', (change) => {
    const one = { ...looked, ...change };
    expect(lookedIn({ type: 'scope.looked', at: one.at, detail: lookedDetail(one) })).toEqual(one);
  });

  it('is in no entry of another kind', () => {
    expect(lookedIn({ type: 'scope.checked', at: looked.at, detail: lookedDetail(looked) })).toBeNull();
  });

  it('that is written down without anything says nothing it did not see', () => {
    expect(lookedIn({ type: 'scope.looked', at: looked.at, detail: {} })).toMatchObject({
      finder: { status: 'silent', found: 0, cutOff: false },
      grown: 0,
      failed: 0,
      failedFirst: null,
    });
  });
});

describe('what is said of it', () => {
  it.each<[Partial<Looked>, readonly string[]]>([
    [{}, ['Looked again 20 Nov 08:15 UTC: no further copy.']],
    [{ grown: 2 }, []],
    [{ finder: { ...finder, status: 'off', found: 0 } }, []],
    [{ finder: { ...finder, cutOff: true } }, []],
    [{ finder: { ...finder, status: 'refused' } }, [expect.stringMatching(/^Advanced hunting refused the question, /)]],
    [{ finder: { ...finder, found: 0 } }, [expect.stringMatching(/^Advanced hunting named no delivery of this mail/)]],
    [
      { failed: 2, failedFirst: 'bob@contoso.example' },
      [
        '2 mailboxes gave no clear answer when looked into again, bob@contoso[.]example first, 20 Nov 08:15 UTC: whether there is a copy is not known.',
      ],
    ],
    [
      { grown: 1, recovered: 2, recoveredFirst: 'ann@contoso.example' },
      [
        '2 removed copies are back in a mailbox, ann@contoso[.]example first, seen 20 Nov 08:15 UTC: recovered by its owner or somebody else, not by an undo from here. Left alone.',
      ],
    ],
    [
      { grown: 1, finder: { ...finder, status: 'busy' }, again: true },
      [expect.stringMatching(/^Advanced hunting asked to wait, .* yet\. It is asked again by itself\.$/)],
    ],
    [
      { grown: 1, finder: { ...finder, status: 'silent' } },
      [expect.stringMatching(/^Advanced hunting gave no answer, .* not known yet\.$/)],
    ],
    [
      { grown: 1, finder: { ...finder, found: 0 } },
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
    [{ recovered: 1 }, true],
    [{ finder: { ...finder, status: 'busy' } }, true],
    [{ finder: { ...finder, found: 4 } }, true],
  ])('%j: %s', (change, news) => {
    expect(isNews({ ...looked, ...change }, looked)).toBe(news);
  });
});

describe('trouble', () => {
  it.each<[Partial<Looked>, boolean]>([
    [{}, false],
    [{ failed: 1 }, true],
    [{ finder: { ...finder, status: 'busy' } }, true],
    [{ finder: { ...finder, status: 'silent' } }, true],
    [{ finder: { ...finder, status: 'refused' } }, false],
    [{ finder: { ...finder, status: 'off' } }, false],
  ])('%j: %s', (change, trouble) => {
    expect(leavesTrouble({ ...looked, ...change })).toBe(trouble);
  });

  it('is asked for later and later, for longer where somebody asked to be left alone, and not for ever', () => {
    expect([0, 1, 2, 3, 4, 5].map((nth) => troubleWaitMs(nth, null))).toEqual([
      60_000,
      120_000,
      240_000,
      480_000,
      960_000,
      null,
    ]);
    expect([troubleWaitMs(0, 90_000), troubleWaitMs(1, 90_000)]).toEqual([90_000, 120_000]);
  });
});
