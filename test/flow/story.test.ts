import { describe, expect, it } from 'vitest';
import { freshSalt, seal } from '../../src/adapters/store/ledger.ts';
import { type Entry, GENESIS, type Heading, sealAll } from '../../src/core/record/ledger.ts';
import type { EntryType } from '../../src/core/record/payloads.ts';
import { tellIncident } from '../../src/flow/tell/story.ts';
import type { LedgerReader } from '../../src/ports/store.ts';
import { entryOf } from '../support/entries.ts';

const entry = (type: EntryType, change: Partial<Heading> = {}): Entry =>
  entryOf(type, {}, { tenant: 't', incident: 'CB-1', mailbox: 'm', ...change });

function readerOf(entries: readonly Entry[]): LedgerReader {
  const rows = sealAll(entries, 0, GENESIS, seal, freshSalt);
  const page = (after: number, limit: number) => Promise.resolve(rows.filter((row) => row.seq > after).slice(0, limit));
  return {
    head: () => Promise.resolve({ seq: rows.length, hash: rows.at(-1)?.hash ?? GENESIS }),
    read: page,
    ofIncident: (_incident, after, limit) => page(after, limit),
  };
}

describe('an incident told as a story', () => {
  it('tells thousands of copies in one line per step, with a count per outcome', async () => {
    const copies = Array.from({ length: 3_000 }, (_, n) => [
      entry('copy.intent'),
      entry('copy.outcome', { outcome: n % 3 === 0 ? 'alreadyGone' : 'removed' }),
    ]).flat();
    const lines = await tellIncident(readerOf([entry('run.started'), ...copies, entry('run.finished')]), seal, 'CB-1');
    expect(lines).toHaveLength(4);
    expect(lines[2]).toContain('seen of copies: 1,000 alreadyGone, 2,000 removed');
  });

  it('tells a few copies one by one', async () => {
    const lines = await tellIncident(
      readerOf([entry('copy.outcome', { outcome: 'removed' }), entry('run.finished')]),
      seal,
      'CB-1',
    );
    expect(lines[0]).toContain('m: removed');
  });

  it('tells nothing of an incident that nobody knows', async () => {
    expect(await tellIncident(readerOf([]), seal, 'CB-1')).toEqual([]);
  });
});
