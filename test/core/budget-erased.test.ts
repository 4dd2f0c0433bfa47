import { expect, it } from 'vitest';
import { ERASED } from '../../src/core/record/personal.ts';
import { spentOf } from '../../src/core/tell/budget.ts';

/** What opens an entry of the record can be taken away: then it is not known to whom a card was granted, and it was granted. */

it('a card granted to somebody whose name was taken away counts for whoever asks next', () => {
  const granted = [
    { kind: 'detector', who: ERASED },
    { kind: 'detector', who: 'a' },
    { kind: 'detector', who: 'b' },
    { kind: 'report', who: ERASED },
  ] as const;
  expect(spentOf(granted, 'detector', 'a')).toEqual({ all: 3, own: 2 });
});
