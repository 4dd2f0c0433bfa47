import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { operatorRoutes, operatorSocket } from '../../src/adapters/http/operator.ts';
import { sendJson } from '../../src/adapters/http/problem.ts';
import { runCommand } from '../../src/cli/command.ts';
import type { OperatorSearch } from '../../src/flow/decide/search-operator.ts';
import { configText, ENVIRONMENT } from '../support/configuration.ts';

/** A search as whoever sits at the machine looks at it. */

const AT = '2026-11-20T08:00:00.000Z';
const SEARCH: OperatorSearch = {
  search: 'CS-1',
  state: 'answered',
  criteria: { sender: 'a@x.example', messageId: null, subject: null, urlHost: null, attachment: null, days: 30 },
  at: AT,
  allowedAt: null,
  found: {
    criteria: { sender: 'a@x.example', messageId: null, subject: null, urlHost: null, attachment: null, days: 30 },
    asOf: AT,
    coverage: [{ name: 'hunting', status: 'silent', from: null, until: null, found: 0, cutAt: null, detail: '' }],
    mails: [],
    mailsLeft: 0,
    copiesLeft: 0,
    unnamed: 0,
  },
};

let folder: string;
let stored: OperatorSearch | { readonly problem: string };
const asked: (string | null)[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clawback-search-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(join(folder, 'clawback.yaml'), configText());
  // As a process that has the database.
  const lock = new DatabaseSync(join(data, 'owner.lock'));
  lock.exec('pragma locking_mode=exclusive; begin exclusive');
  asked.length = 0;
  const unasked = () => Promise.reject(new Error('not asked for here'));
  const answers = new Proxy({ seeSearch }, { get: (own, name) => Reflect.get(own, name) ?? unasked });
  const routes = operatorRoutes(answers as unknown as Parameters<typeof operatorRoutes>[0]);
  const server = http.createServer((req, res) => {
    const route = routes.get(`${req.method} ${new URL(req.url ?? '', 'http://operator').pathname}`);
    if (route) void route(req, res);
    else sendJson(res, 404, {});
  });
  server.listen(operatorSocket(data));
  await once(server, 'listening');
  onTestFinished(() => {
    lock.close();
    server.close();
    server.closeAllConnections();
  });
});

async function seeSearch(_tenant: string | null, search: string, _who: string) {
  asked.push(search);
  return stored;
}

async function run(...argv: string[]) {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const stop = new AbortController().signal;
  const shell = { env: ENVIRONMENT, node: process.versions.node, folder, out: say, err: say, stop };
  return { code: await runCommand(['search', ...argv], shell), text: lines.join('\n') };
}

describe('search <id>', () => {
  it('tells what was asked, how far the answer goes, and what was found', async () => {
    stored = SEARCH;
    expect(await run('CS-1')).toEqual({
      code: 0,
      text: [
        'Search CS-1 found no mail in what was looked at',
        'sender a@x[.]example; the last 30 days, asked 20 Nov 08:00 UTC',
        'Advanced hunting gave no answer.',
        'No service has told all that it knows: there may be more mail than this.',
      ].join('\n'),
    });
    expect(asked).toEqual(['CS-1']);
  });

  it('is all of it for a program', async () => {
    stored = SEARCH;
    const { text } = await run('CS-1', '--json');
    expect(JSON.parse(text)).toEqual(SEARCH);
  });

  it.each([
    ['waits to be allowed', /^Search CS-1 waits to be allowed: nothing was looked for\nsender a@x/],
    ['under way', /^Search CS-1 is under way\n/],
  ] as const)('says that it %s', async (state, words) => {
    stored = { ...SEARCH, state, found: null };
    expect(await run('CS-1')).toEqual({ code: 0, text: expect.stringMatching(words) });
  });

  it('says so where there is none', async () => {
    stored = { problem: 'there is no search of this name: its answer is kept for a day' };
    expect(await run('CS-2')).toEqual({ code: 1, text: expect.stringContaining('no search of this name') });
  });

  it('is either that or a new one', async () => {
    stored = SEARCH;
    const { code, text } = await run('CS-1', '--from', 'a@x.example');
    expect([code, text]).toEqual([1, expect.stringContaining('either the id of one search, or what to look for')]);
    expect(asked).toEqual([]);
  });
});
