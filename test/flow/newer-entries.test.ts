import { describe, expect, it } from 'vitest';
import { entriesOf, unbelieved } from '../../src/flow/record/entries.ts';
import { brakeNow } from '../../src/flow/record/held.ts';
import type { FoundEntry, Tx } from '../../src/ports/store.ts';
import { oldEntry } from '../support/entries.ts';

/** An entry that only a newer version understands is no sign of tampering, and nothing is decided past it. */

const NEWER: FoundEntry = { seq: 7, entry: null, newer: true };
const CHANGED: FoundEntry = { seq: 7, entry: null, newer: false };
const finding = (...found: readonly FoundEntry[]) =>
  ({ ledger: { find: async () => found }, brake: { read: async () => ({ stopped: false }) } }) as unknown as Tx;

describe('an entry of a newer version', () => {
  it('is left for that version, with all that rests on it', async () => {
    await expect(entriesOf(finding(NEWER), { incident: 'CB-0001', types: ['plan.made'] })).rejects.toMatchObject({
      code: 'unavailable',
      message: 'entry 7 of the record was written by a newer version of Clawback',
    });
  });

  it('is told apart from one that was changed', async () => {
    const read = await entriesOf(finding(CHANGED), { incident: 'CB-0001', types: ['plan.made'] });
    expect(read.breach).toBe('entry 7 of the record was changed');
    expect([unbelieved(NEWER), unbelieved(CHANGED)]).toEqual([
      'entry 7 of the record was written by a newer version of Clawback, which has to compare it',
      'entry 7 of the record was changed',
    ]);
  });

  it('may have stopped everything', async () => {
    const lifted = { seq: 6, entry: oldEntry('brake.lifted', {}), newer: false };
    expect([(await brakeNow(finding(lifted))).stopped, (await brakeNow(finding(lifted, NEWER))).stopped]).toEqual([
      false,
      true,
    ]);
  });
});
