import { describe, expect, it } from 'vitest';
import { clickedBreach } from '../../src/core/record/clicked.ts';
import type { Recorded } from '../../src/core/record/ledger.ts';
import { entryOf } from '../support/entries.ts';

/** How many people followed the link of a mail, held against the record. */

const looked = (clicked: number | null) => entryOf('people.looked', { clicked });
const filed = (clicked: number | null) => entryOf('inquiry.filed', { clicked });
const breach = (clicked: number, ...entries: readonly object[]) =>
  clickedBreach({ clicked }, entries as readonly Recorded[]);

describe('people who followed the link', () => {
  it('are as many as the look that saw most, or the search that it came from', () => {
    expect([breach(0), breach(3, looked(1), looked(3), looked(null), looked(2))]).toEqual([null, null]);
    expect([breach(2, filed(2), looked(1)), breach(0, filed(null), looked(null))]).toEqual([null, null]);
  });

  it.each([
    [0, [looked(3)]],
    [4, [looked(3), filed(2)]],
    [1, []],
  ])('are not %i where the record says otherwise', (clicked, entries) => {
    expect(breach(clicked, ...entries)).toContain('differs from the record');
  });
});
