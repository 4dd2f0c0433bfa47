import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/adapters/store/database.ts';

it('what comes when the embedded database has closed is no error that ends the process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-closed-'));
  const heard: unknown[] = [];
  const hear = (error: unknown) => void heard.push(error);
  process.on('unhandledRejection', hear);
  onTestFinished(() => {
    process.off('unhandledRejection', hear);
    rmSync(folder, { recursive: true });
  });
  const database = await openDatabase({ kind: 'embedded', folder });
  expect(await database.db.transaction().execute(async () => 'done')).toBe('done');
  await database.close();
  const late = database.db.transaction().execute(async () => 'done');
  late.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(heard).toEqual([]);
});
