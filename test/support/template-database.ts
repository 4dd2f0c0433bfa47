import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { openDatabase } from '../../src/adapters/store/database.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    databaseServer: string;
    templateFolder: string;
    nights: 'on a database' | 'in memory';
    /** How much of the long runs under test/fault. */
    histories: number;
    clicks: number;
    freezes: number;
    /** How long the database is away, in seconds. */
    outages: readonly number[];
  }
}

/** An empty, migrated database folder, made once: each test copies it instead of waiting for initdb. */
export async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-template-'));
  const database = await openDatabase({ kind: 'embedded', folder });
  await database.boss.start();
  await database.boss.stop({ graceful: false });
  await database.close();
  project.provide('templateFolder', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
