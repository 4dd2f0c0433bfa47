import { expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/adapters/store/database.ts';
import { createLedgerReader } from '../../src/adapters/store/ledger.ts';
import { recordClocks } from '../../src/clock-record.ts';
import { tell } from '../../src/core/record/ledger-story.ts';
import { freshDatabase } from '../support/database.ts';
import { readBack } from '../support/entries.ts';

/** Clocks that differ, on record. */

const NOW = Date.parse('2026-11-28T10:10:00.000Z');
const TENANT = { id: '00000000-0000-4000-8000-00000000c0de', name: 'contoso', mode: 'live' } as const;

test('each change is one entry, under the database’s time, what was found before the start as well', async () => {
  const fresh = await freshDatabase();
  const database = await openDatabase(fresh.address);
  onTestFinished(() => database.close().then(fresh.drop));
  const clocks = recordClocks(database, () => NOW, { error: (about: unknown) => expect(about).toBeNull() });
  clocks.change('differ', 41_000);
  clocks.open([{ tenant: TENANT }]);
  const lines = async () => {
    const rows = await createLedgerReader(database.db, TENANT.id).read(0, 10);
    return rows.map(readBack).map((entry) => `${entry.at} ${tell(entry)}`);
  };
  await expect.poll(lines).toHaveLength(1);
  clocks.change('differ too much', 600_000);
  await expect.poll(lines).toHaveLength(2);
  clocks.change('agree', 0);
  await expect
    .poll(lines)
    .toEqual([
      expect.stringMatching(/^2026-11-28T10:09:19.000Z the clocks differ, .* is 41 s ahead of the database’s$/),
      expect.stringMatching(/^2026-11-28T10:00:00.000Z the clocks differ too much, nothing is done there/),
      expect.stringMatching(/^2026-11-28T10:10:00.000Z the clocks agree again: .* is 0 s ahead of the database’s$/),
    ]);
});
