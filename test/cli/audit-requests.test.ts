import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { operatorSocket } from '../../src/adapters/http/operator.ts';
import { type Database, openDatabase } from '../../src/adapters/store/database.ts';
import { freshSalt } from '../../src/adapters/store/ledger.ts';
import { createStore } from '../../src/adapters/store/store.ts';
import { runCommand } from '../../src/cli/command.ts';
import { forgetRequests, sealRequests } from '../../src/flow/record/requests.ts';
import type { Segment } from '../../src/ports/requests.ts';
import { TENANT_ID } from '../support/cases.ts';
import { configText, ENVIRONMENT } from '../support/configuration.ts';

/** `clawback audit requests`, with Clawback stopped. */

const folder = mkdtempSync(join(tmpdir(), 'clawback-audit-requests-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => writeFileSync(join(folder, 'clawback.yaml'), configText()));

async function run() {
  const out: string[] = [];
  const err: string[] = [];
  const shell = {
    ...{ env: ENVIRONMENT, node: process.versions.node, folder, stop: new AbortController().signal },
    ...{ out: (line: string) => out.push(line), err: (line: string) => err.push(line) },
  };
  return { code: await runCommand(['audit', 'requests'], shell), out, err };
}

async function inDatabase(work: (flow: Parameters<typeof sealRequests>[0], database: Database) => Promise<unknown>) {
  const database = await openDatabase({ kind: 'embedded', folder: join(folder, 'data') });
  const store = createStore(database, TENANT_ID, { id: randomUUID, salt: freshSalt, wake: () => undefined });
  const clock = { now: () => '2026-11-20T08:00:00.000Z', id: randomUUID, incidentId: randomUUID };
  await work({ tenant: { id: TENANT_ID, name: 'contoso', mode: 'live' }, clock, store, rooms: [] }, database);
  await database.close();
}

function segment(id: string, at: string): Segment {
  const text = `{"id":"${id} 1","at":"${at}"}\n{"id":"${id} 2","at":"${at}"}\n`;
  const digest = createHash('sha256').update(text).digest('hex');
  return { id, requests: 2, from: at, until: at, lost: 0, digest, text };
}
const OLD = segment('old', '2026-08-01T08:00:00.000Z');
const FIRST = segment('first', '2026-11-20T07:00:00.000Z');
const SECOND = segment('second', '2026-11-20T07:30:00.000Z');

it('writes out every request with what the record holds of it, without those that were deleted when they were old', async () => {
  await inDatabase(async (flow) => {
    for (const one of [SECOND, OLD, FIRST]) await sealRequests(flow, one, 'whole');
    await forgetRequests(flow, 90);
  });
  const { code, out, err } = await run();
  expect([code, err]).toEqual([0, ['4 requests in 2 segments, each as it was sealed in the record']]);
  expect(out.map((line) => JSON.parse(line))).toEqual([
    { segment: { id: 'first', requests: 2, from: FIRST.from, until: FIRST.until, lost: 0, digest: FIRST.digest } },
    expect.objectContaining({ id: 'first 1' }),
    expect.objectContaining({ id: 'first 2' }),
    { segment: expect.objectContaining({ id: 'second' }) },
    expect.objectContaining({ id: 'second 1' }),
    expect.objectContaining({ id: 'second 2' }),
  ]);
});

it('is not taken twice where a process died between the record and its file', async () => {
  await inDatabase((flow) => sealRequests(flow, FIRST, 'left behind'));
  expect((await run()).err).toEqual(['4 requests in 2 segments, each as it was sealed in the record']);
});

/** A Clawback that runs, of which only this is asked; `whenRead`: before each page but the first. */
function running(segments: readonly Segment[], whenRead: (seal: (one: Segment) => void) => void): void {
  const sealed: { segment: string; digest: string; until: string; entry: number }[] = [];
  const seal = ({ id, digest, until }: Segment) =>
    sealed.push({ segment: id, digest, until, entry: sealed.length + 1 });
  for (const one of segments) seal(one);
  const server = http.createServer((req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? '/', 'http://operator');
    if (searchParams.has('id')) whenRead(seal);
    const page = searchParams.has('id') ? [] : segments;
    const answer = pathname === '/audit/requests' ? [page] : [{ sealed, forgottenBefore: '' }];
    res.end(JSON.stringify(answer));
  });
  mkdirSync(join(folder, 'data'), { recursive: true, mode: 0o700 });
  server.listen(operatorSocket(join(folder, 'data')));
  onTestFinished(() => void server.close());
}

it('misses nothing that another process sealed while these were read, and that began before them', async () => {
  const late = segment('late', '2026-11-20T06:00:00.000Z');
  running([FIRST, SECOND], (seal) => seal(late));
  const { code, err } = await run();
  expect([code, err]).toEqual([0, ['4 requests in 2 segments, each as it was sealed in the record']]);
});

it('fails where a segment was changed, taken away, or slipped in', async () => {
  await inDatabase(async ({ store }, { db }) => {
    const { text: _, ...head } = SECOND;
    await db.deleteFrom('request_segment').where('id', 'in', ['first', 'second']).execute();
    await store.transact((tx) => tx.segments.keep({ ...head, text: SECOND.text.replace('second 1', 'second 3') }));
    await store.transact((tx) => tx.segments.keep(segment('slipped in', SECOND.from)));
  });
  const { code, err } = await run();
  expect([code, err.toSorted()]).toEqual([
    1,
    [
      expect.stringMatching(/^segment first is missing: entry \d+ of the record tells of it$/),
      expect.stringMatching(/^segment second DIFFERS from what entry \d+ of the record sealed$/),
      'segment slipped in is in no entry of the record',
    ],
  ]);
});
