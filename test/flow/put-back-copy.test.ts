import { describe, expect, it } from 'vitest';
import type { Read } from '../../src/core/record/codec.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { hear, type Since } from '../../src/flow/restored.ts';
import { oldEntry } from '../support/entries.ts';

/** What entries kept elsewhere tell of a case that the database has forgotten: how its last run ended, or else the last. */

function heard(...types: readonly EntryType[]): number | undefined {
  const since: Since = new Map();
  for (const [n, type] of types.entries()) hear(since, entryOf(n + 1, type));
  return since.get('CB-0001')?.seq;
}

function entryOf(seq: number, type: EntryType): Read {
  const detail = { action: 'purge', run: 'one', copies: 1, summary: 'removed 1' };
  return { is: 'read', entry: oldEntry(type, { seq, incident: 'CB-0001', detail }) };
}

describe('of a case is told', () => {
  it('the last that was written, where no run has ended', () => {
    expect(heard('alert.received', 'plan.made', 'run.started')).toBe(3);
  });

  it('how its run ended, whatever was written after it', () => {
    expect(heard('run.started', 'run.finished', 'copy.late')).toBe(2);
  });

  it('how its last run ended, where there were more', () => {
    expect(heard('run.finished', 'run.started', 'run.finished', 'copy.late')).toBe(3);
  });

  it('nothing that changes no case', () => {
    expect([heard('card.posted', 'press.refused'), heard('plan.made', 'card.posted')]).toEqual([undefined, 1]);
  });
});
