import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openRequestFolder } from '../../src/adapters/files/request-folder.ts';
import { createRequestLog, type RequestLogOptions } from '../../src/adapters/files/request-log.ts';
import type { Outgoing } from '../../src/core/record/request-lines.ts';
import { TENANT_ID } from '../support/cases.ts';

const OTHER_TENANT = '22222222-0000-4000-8000-000000000002';

let folder: string;
let now: number;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawback-requests-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  now = Date.parse('2026-11-20T08:00:00.000Z');
});

const batch = (id: string, more: Partial<Outgoing> = {}): Outgoing => ({
  ...{ id, method: 'POST', operation: 'batch', path: '/$batch', cause: null, changes: true, inner: [] },
  ...more,
});

function logIn(place: string, options: Partial<RequestLogOptions> = {}) {
  let n = 0;
  const ids = () => {
    n += 1;
    return `segment-${n}`;
  };
  return createRequestLog({ fileOf: (segment) => join(place, segment), clock: () => now, ids, ...options });
}
const linesIn = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { id?: string; to?: string });

describe('the log of requests', () => {
  it('has a request in its file before it may leave', async () => {
    const log = logIn(folder);
    await log.before(batch('first'));
    expect(linesIn(join(folder, 'segment-1'))).toEqual([expect.objectContaining({ id: 'first' })]);
  });

  it('writes what leaves at the same time in the order of asking, and answers behind it', async () => {
    const log = logIn(folder);
    await Promise.all(['a', 'b', 'c'].map((id) => log.before(batch(id))));
    log.after('b', 200, []);
    await log.before(batch('d', { changes: false }));
    expect(linesIn(join(folder, 'segment-1')).map(({ id, to }) => id ?? `to ${to}`)).toEqual([
      'a',
      'b',
      'c',
      'to b',
      'd',
    ]);
  });

  it('ends a segment that is a minute old, with the digest of its lines, and begins another', async () => {
    const log = logIn(folder);
    await log.before(batch('first'));
    await log.cut('due');
    expect(log.ended()).toEqual([]);
    now += 60_000;
    await log.cut('due');
    await log.before(batch('second'));
    const text = readFileSync(join(folder, 'segment-1'), 'utf8');
    const digest = createHash('sha256').update(text).digest('hex');
    expect(log.ended()).toMatchObject([{ id: 'segment-1', requests: 1, text, digest, lost: 0 }]);
    expect(linesIn(join(folder, 'segment-2'))).toMatchObject([{ id: 'second' }]);
  });

  it('ends a segment that is full without being asked', async () => {
    const log = logIn(folder, { fullBytes: 300 });
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) await log.before(batch(id));
    expect(log.ended().length).toBeGreaterThan(0);
    expect(log.ended()[0]?.requests).toBeLessThan(6);
  });

  it('counts those inside a batch one by one', async () => {
    const log = logIn(folder);
    const inner = { id: 'i', method: 'GET', operation: 'read', path: '/x', mailbox: null, cause: null };
    await log.before(batch('b', { inner: [inner, { ...inner, id: 'j' }] }));
    await log.cut('now');
    expect(log.ended()).toMatchObject([{ requests: 3 }]);
  });

  it('has nothing to seal where nothing was asked', async () => {
    const log = logIn(folder);
    await log.cut('now');
    expect([log.ended(), readdirSync(folder)]).toEqual([[], []]);
  });

  it('gives the file away once the segment is kept elsewhere', async () => {
    const log = logIn(folder);
    await log.before(batch('first'));
    await log.cut('now');
    await log.kept('segment-1');
    expect([log.ended(), existsSync(join(folder, 'segment-1'))]).toEqual([[], false]);
  });
});

describe('a disk that takes nothing', () => {
  it('keeps what changes something from being sent, and lets what only reads go on', async () => {
    const log = logIn(join(folder, 'away'));
    await expect(log.before(batch('move'))).rejects.toMatchObject({ code: 'unavailable' });
    await log.before(batch('read', { changes: false }));
    expect(log.trouble()).toMatch(/ENOENT/);
  });

  it('is told of once it takes something again: what was read meanwhile is in the segment all the same', async () => {
    const place = join(folder, 'away');
    const log = logIn(place);
    await log.before(batch('read', { changes: false }));
    mkdirSync(place);
    await log.before(batch('move'));
    expect([log.trouble(), linesIn(join(place, 'segment-1'))]).toMatchObject([null, [{ id: 'read' }, { id: 'move' }]]);
  });

  it('is not filled up from memory for ever: reads beyond that are counted, and the count is written down', async () => {
    const log = logIn(folder, { mostBytes: 200, fullBytes: 200 });
    for (const id of ['a', 'b', 'c', 'd', 'e']) await log.before(batch(id, { changes: false }));
    await expect(log.before(batch('move'))).rejects.toMatchObject({ code: 'unavailable' });
    await log.cut('now');
    const kept = log.ended().reduce((sum, { requests }) => sum + requests, 0);
    for (const { id } of log.ended()) await log.kept(id);
    await log.before(batch('later'));
    await log.cut('now');
    expect(kept).toBeLessThan(5);
    expect(log.ended()).toMatchObject([{ requests: 1, lost: 5 - kept }]);
  });
});

describe('what processes that are gone have left', () => {
  const opened = () => {
    const requests = openRequestFolder(folder, () => now);
    onTestFinished(requests.close);
    return requests;
  };

  it('is found by the next one, of its tenant alone, and taken away once it is kept', async () => {
    const dead = openRequestFolder(folder, () => now);
    await dead.log(TENANT_ID).before(batch('first'));
    dead.close();
    const next = opened();
    const [segment, ...more] = next.left(TENANT_ID);
    expect([segment?.requests, more, next.left(OTHER_TENANT)]).toEqual([1, [], []]);
    expect(segment?.digest).toBe(
      createHash('sha256')
        .update(segment?.text ?? '')
        .digest('hex'),
    );
    next.takeAway(segment?.id ?? '');
    expect(next.left(TENANT_ID)).toEqual([]);
  });

  it('is not touched while its process lives', async () => {
    const alive = opened();
    await alive.log(TENANT_ID).before(batch('first'));
    expect(opened().left(TENANT_ID)).toEqual([]);
  });

  it('is taken by one of several that look for it', async () => {
    const dead = openRequestFolder(folder, () => now);
    await dead.log(TENANT_ID).before(batch('first'));
    dead.close();
    const [one, other] = [opened(), opened()];
    expect([one.left(TENANT_ID).length, other.left(TENANT_ID).length]).toEqual([1, 0]);
  });

  it('is not begun where nothing would show that its process lives', () => {
    writeFileSync(join(folder, 'requests'), 'not a folder');
    expect(() => openRequestFolder(folder, () => now)).toThrow('no file can be made');
  });

  it('leaves no file behind where everything is kept', async () => {
    const requests = openRequestFolder(folder, () => now);
    const log = requests.log(TENANT_ID);
    await log.before(batch('first'));
    await log.cut('now');
    for (const { id } of log.ended()) await log.kept(id);
    requests.close();
    expect(readdirSync(join(folder, 'requests'))).toEqual([]);
  });
});
