import { describe, expect, it } from 'vitest';
import type { Situation } from '../../src/core/incident/incident.ts';
import { unreadSetIn, unreadSetLines } from '../../src/core/record/unread-sets.ts';
import { type Old, oldEntry } from '../support/entries.ts';

/** A set that cannot be read is told with its name and the reason for as long as it keeps something waiting. */

const board = { at: '2026-11-20T08:00:00.000Z', set: 'the protected set “board”', why: 'the group is gone' };
const LINE =
  'Nothing is looked for or removed since 20 Nov 08:00 UTC: the protected set “board” of the policy cannot be read in full (the group is gone). It is tried again by itself; “clawback doctor” says what to mend.';

describe('what waits for it', () => {
  it.each<[Situation, readonly string[]]>([
    ['received', [LINE]],
    ['open', [LINE]],
    ['running', [LINE]],
    ['flagged', [LINE]],
    ['contained', [LINE]],
    ['purged', [LINE]],
    ['restored', [LINE]],
    ['rejected', []],
    ['expired', []],
    ['rehearsed', []],
  ])('says so while something can come of it: %s', (state, lines) => {
    expect(unreadSetLines(board, state)).toEqual(lines);
  });

  it('says nothing where all can be read', () => {
    expect(unreadSetLines(null, 'open')).toEqual([]);
  });

  it('says only what is harmless, and not more than fits', () => {
    const [line = ''] = unreadSetLines({ ...board, why: `https://evil.example ${'x'.repeat(500)}` }, 'open');
    expect([line.includes('https://evil.example'), line.length <= 320]).toEqual([false, true]);
  });
});

describe('the record', () => {
  const entry = (change: Old) => oldEntry('sets.checked', { at: board.at, ...change });

  it('says which it is, and that it can be read again', () => {
    const { set, why } = board;
    expect(unreadSetIn(entry({ outcome: 'unreadable', detail: { set, why } }), null)).toEqual(board);
    expect(unreadSetIn(entry({ outcome: 'readable' }), board)).toBeNull();
  });

  it('says nothing of it in other entries', () => {
    expect(unreadSetIn(oldEntry('scope.looked', {}), board)).toBe(board);
  });
});
