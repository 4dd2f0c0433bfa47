import { describe, expect, it } from 'vitest';
import type { Recorded } from '../../src/core/record/ledger.ts';
import {
  isOtherThan,
  type Recovered,
  recoveredDetail,
  recoveredIn,
  recoveredLines,
  recoveredOf,
  type Sight,
} from '../../src/core/record/recovered.ts';
import { oldEntry } from '../support/entries.ts';

/** What is known of copies that came back is kept until it is seen to be otherwise. */

const NOON = '2026-11-20T12:00:00.000Z';
const BEFORE: Recovered = {
  at: '2026-11-20T08:16:00.000Z',
  copies: 2,
  first: 'ann@contoso.example',
  kept: 0,
  keptSeen: null,
};
const sight = (is: Sight['is'], wasBack = false, address = 'ann@contoso.example'): Sight => ({ is, wasBack, address });
const none: Recovered = { at: NOON, copies: 0, first: null, kept: 0, keptSeen: null };

describe('of copies that were gone', () => {
  it.each<[string, readonly Sight[], Recovered | null, Partial<Recovered>]>([
    ['none is back', [sight('gone'), sight('unread')], null, {}],
    ['one is back', [sight('back')], null, { copies: 1, first: 'ann@contoso.example' }],
    ['one was back and is gone', [sight('gone', true)], BEFORE, {}],
    [
      'one was back and cannot be looked at',
      [sight('unread', true)],
      BEFORE,
      { copies: 1, first: 'ann@contoso.example', kept: 1, keptSeen: BEFORE.at },
    ],
    [
      'one was back and cannot be looked at once more',
      [sight('unread', true)],
      { ...BEFORE, at: '2026-11-20T09:00:00.000Z', kept: 1, keptSeen: BEFORE.at },
      { copies: 1, first: 'ann@contoso.example', kept: 1, keptSeen: BEFORE.at },
    ],
    [
      'what is seen is named first',
      [sight('unread', true), sight('back', false, 'bob@contoso.example')],
      BEFORE,
      { copies: 2, first: 'bob@contoso.example', kept: 1, keptSeen: BEFORE.at },
    ],
  ])('%s', (_what, sights, before, change) => {
    expect(recoveredOf(sights, NOON, before)).toEqual({ ...none, ...change });
  });
});

describe('what is known of them', () => {
  const known: Recovered = { at: NOON, copies: 3, first: 'ann@contoso.example', kept: 2, keptSeen: BEFORE.at };

  it.each(['scope.looked', 'scope.recovered'] as const)('comes out of the record as it was: %s', (type) => {
    for (const one of [known, none]) {
      const entry = oldEntry(type, { at: NOON });
      const detail = { ...entry.detail, recovered: recoveredDetail(one) };
      expect(recoveredIn({ ...entry, detail } as Recorded)).toEqual(one);
    }
  });

  it('is in no other entry, and less of it in one from before it was kept', () => {
    const detail = { recovered: 1, recoveredFirst: 'ann@contoso.example' };
    expect(recoveredIn(oldEntry('scope.checked', { at: NOON, detail }))).toBeNull();
    expect(recoveredIn(oldEntry('scope.looked', { at: NOON, detail }))).toEqual({
      ...none,
      copies: 1,
      first: 'ann@contoso.example',
    });
    expect(recoveredIn(oldEntry('scope.looked', { at: NOON }))).toEqual(none);
  });

  it.each<[string, Recovered, Recovered | null, boolean]>([
    ['nothing after nothing', none, null, false],
    ['the same later', { ...BEFORE, at: NOON }, BEFORE, false],
    ['more', { ...BEFORE, copies: 3 }, BEFORE, true],
    ['another', { ...BEFORE, first: 'bob@contoso.example' }, BEFORE, true],
    ['that they cannot be looked at', { ...BEFORE, kept: 1 }, BEFORE, true],
    ['the first', BEFORE, null, true],
  ])('is news or not: %s', (_what, now, before, news) => {
    expect(isOtherThan(now, before)).toBe(news);
  });

  const BACK = 'back in a mailbox, ann@contoso[.]example first';
  const HOW = 'recovered by its owner or somebody else, not by an undo from here.';
  it.each<[Recovered | null, readonly string[]]>([
    [null, []],
    [none, []],
    [{ ...BEFORE, copies: 1 }, [`1 copy that was gone is ${BACK}, seen 20 Nov 08:16 UTC: ${HOW} Left alone.`]],
    [
      known,
      [
        `3 copies that were gone are ${BACK}, seen 20 Nov 12:00 UTC: ${HOW} 2 of them could not be looked at then, last seen 20 Nov 08:16 UTC. Left alone.`,
      ],
    ],
    [
      { ...known, kept: 3, keptSeen: null },
      [
        `3 copies that were gone are ${BACK}, last seen 20 Nov 12:00 UTC and not to be looked at since: ${HOW} Left alone.`,
      ],
    ],
    [
      { ...known, kept: 3 },
      [
        `3 copies that were gone are ${BACK}, last seen 20 Nov 08:16 UTC and not to be looked at since: ${HOW} Left alone.`,
      ],
    ],
  ])('is told: %j', (recovered, lines) => {
    expect(recoveredLines(recovered, '')).toEqual(lines);
  });
});
