import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../src/adapters/store/database.ts';
import { digestOf, freshSalt } from '../../src/adapters/store/ledger.ts';
import { createStore } from '../../src/adapters/store/store.ts';
import { runCommand } from '../../src/cli/command.ts';
import { record } from '../../src/flow/record/record.ts';
import { TENANT_ID } from '../support/cases.ts';
import { configText, ENVIRONMENT } from '../support/configuration.ts';
import { entryOf } from '../support/entries.ts';

/** `clawback audit`, with Clawback stopped, on a record of which the rows are gone. */

const folder = mkdtempSync(join(tmpdir(), 'clawback-audit-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(...argv: string[]) {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const stop = new AbortController().signal;
  const shell = { env: ENVIRONMENT, node: process.versions.node, folder, out: say, err: say, stop };
  return { code: await runCommand(argv, shell), lines };
}

async function retired(incident: string, outcomes: string): Promise<void> {
  const database = await openDatabase({ kind: 'embedded', folder: join(folder, 'data') });
  const store = createStore(database, TENANT_ID, { id: randomUUID, salt: freshSalt, wake: () => undefined });
  const clock = { now: () => '2026-11-20T08:00:00.000Z', id: randomUUID, incidentId: randomUUID };
  const flow = {
    tenant: { id: TENANT_ID, name: 'contoso', mode: 'live' as const },
    clock,
    store,
    rooms: [],
  };
  const { detail } = entryOf('incident.retired', { outcomes });
  await store.transact((tx) => record(flow, tx, [{ type: 'incident.retired', incident, detail }]));
  await database.close();
}

beforeAll(() => {
  writeFileSync(join(folder, 'clawback.yaml'), configText());
});

it('says how many incidents are retired, and tells their story', async () => {
  await retired('CB-OLD', digestOf([]));
  expect(await run('audit', 'verify')).toEqual({
    code: 0,
    lines: [
      expect.stringMatching(/^contoso: 1 entries, the chain is whole.*; what is stored agrees with it$/),
      'contoso: 1 old incident is retired: only the record of it is kept',
    ],
  });
  const { lines } = await run('audit', 'show', 'CB-OLD');
  expect(lines).toEqual([expect.stringContaining('retired: what was stored of it was deleted')]);
});

it('says so as well where one was retired with less than there was', async () => {
  await retired('CB-LESS', 'f'.repeat(64));
  const { code, lines } = await run('audit', 'verify');
  expect([code, lines.slice(1)]).toEqual([
    1,
    [
      'contoso: what is stored DIFFERS from the record:',
      '  CB-LESS: what became of its copies is not what it was retired with',
      'contoso: 2 old incidents are retired: only the record of them is kept',
    ],
  ]);
});
