import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { operatorSocket } from '../../src/adapters/http/operator.ts';
import { sendJson, sendProblem } from '../../src/adapters/http/problem.ts';
import { runCommand } from '../../src/cli/command.ts';
import { stopFileIn } from '../../src/stop-file.ts';
import { configText, ENVIRONMENT } from '../support/configuration.ts';
import { mail } from '../support/mails.ts';

/** What the commands of an operator make of a Clawback that has the embedded database and is not well. */

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

let folder: string;
let data: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawback-running-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(join(folder, 'clawback.yaml'), configText());
});

async function run(...argv: string[]) {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const stop = new AbortController().signal;
  const shell = { env: ENVIRONMENT, node: process.versions.node, folder, out: say, err: say, stop };
  return { code: await runCommand(argv, shell), text: lines.join('\n') };
}

async function listening(answer: http.RequestListener): Promise<void> {
  const server = http.createServer(answer).listen(operatorSocket(data));
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
}

/** As a process that has the database. */
function holdDatabase(): void {
  const lock = new DatabaseSync(join(data, 'owner.lock'));
  lock.exec('pragma locking_mode=exclusive; begin exclusive');
  onTestFinished(() => lock.close());
}

async function running(answer: http.RequestListener): Promise<void> {
  holdDatabase();
  await listening((req, res) => (req.url === '/alive' ? sendJson(res, 200, {}) : answer(req, res)));
}

async function frozen(): Promise<void> {
  holdDatabase();
  await listening(() => undefined);
}

const BROKEN: http.RequestListener = (_req, res) =>
  sendProblem(res, { status: 500, type: 'internal', title: 'Something went wrong', detail: 'The database is away.' });

describe('stop', () => {
  it('leaves the stop file for a Clawback that is frozen', async () => {
    await frozen();
    const { code, text } = await run('stop', 'it', 'takes', 'good', 'mail');
    expect([code, text]).toEqual([0, expect.stringMatching(/did not answer.*frozen[\s\S]*take the file away/)]);
    expect(await stopFileIn(data)).toContain('it takes good mail');
  });

  it('leaves the stop file where the running Clawback says that it could not', async () => {
    await running(BROKEN);
    const { code, text } = await run('stop');
    expect([code, text]).toEqual([0, expect.stringContaining('answered 500')]);
    expect(await stopFileIn(data)).toContain('no reason given');
  });

  it('leaves the stop file where the running Clawback was started without the tenant', async () => {
    await running((_req, res) => sendJson(res, 200, []));
    expect((await run('stop')).text).toContain('started without this tenant');
    expect(await stopFileIn(data)).not.toBeNull();
  });

  it('leaves a stop file that is there as it is', async () => {
    writeFileSync(join(data, 'STOP'), 'since noon');
    await frozen();
    expect((await run('stop', 'again')).code).toBe(0);
    expect(readFileSync(join(data, 'STOP'), 'utf8')).toBe('since noon');
  });

  it('takes a reason of any length', async () => {
    const asked: string[] = [];
    await running((req, res) => {
      asked.push(new URL(req.url ?? '', 'http://operator').searchParams.get('reason') ?? '');
      sendJson(res, 200, [{ tenant: 'contoso', stopped: true }]);
    });
    expect(await run('stop', '\u{1f6d1}'.repeat(20_000))).toMatchObject({ code: 0 });
    expect(asked[0]).toMatch(/^\u{1f6d1}{100}/u);
  });
});

it.each([['links'], ['audit', 'verify']])(
  '%s ends with words where the running Clawback is frozen',
  async (...words) => {
    await frozen();
    expect(await run(...words)).toEqual({ code: 1, text: expect.stringMatching(/^clawback: .*frozen/) });
  },
);

it.each([
  ['links'],
  ['links', 'remove', 'U0DANA'],
  ['audit', 'verify'],
  ['audit', 'show', 'CB-0001'],
  ['audit', 'export'],
  ['incident', 'CB-0001', '--why'],
])('%s ends with the words of a Clawback that cannot answer', async (...words) => {
  await running(BROKEN);
  expect(await run(...words)).toEqual({
    code: 1,
    text: expect.stringMatching(/^clawback: .*answered 500.*: The database is away\.$/),
  });
});

it('the record of a running Clawback is read also where nothing can be written any more', async () => {
  mkdirSync(join(data, `.trial-${process.pid}`));
  await running((_req, res) => sendJson(res, 200, ['a case']));
  expect(await run('audit', 'show', 'CB-0001')).toEqual({ code: 0, text: 'a case' });
});

describe('audit export', () => {
  const row = (seq: number) => ({ seq, bytes: `{"seq":${seq}}`, hash: 'f'.repeat(64) });
  const head = { seq: 3, hash: 'f'.repeat(64) };

  it('fails where the page after the first cannot be had', async () => {
    await running((req, res) =>
      req.url?.includes('after=0') ? sendJson(res, 200, [{ head, rows: [row(1), row(2)] }]) : BROKEN(req, res),
    );
    const { code, text } = await run('audit', 'export');
    expect([code, text.split('\n').at(-1)]).toEqual([1, expect.stringContaining('answered 500')]);
  });

  it('fails where the record ends before its head', async () => {
    await running((req, res) =>
      sendJson(res, 200, [{ head, rows: req.url?.includes('after=0') ? [row(1), row(2)] : [] }]),
    );
    const { code, text } = await run('audit', 'export');
    expect([code, text.split('\n').at(-1)]).toEqual([1, expect.stringContaining('entry 3')]);
  });

  it('fails where an entry in the middle is missing, and writes the others', async () => {
    await running((req, res) =>
      sendJson(res, 200, [{ head, rows: req.url?.includes('after=0') ? [row(1), row(3)] : [] }]),
    );
    const { code, text } = await run('audit', 'export');
    expect([code, text.split('\n')]).toEqual([
      1,
      [expect.stringContaining('"seq":1'), expect.stringContaining('"seq":3'), expect.stringContaining('entry 2')],
    ]);
  });

  it('fails where the running Clawback was started without the tenant', async () => {
    await running((_req, res) => sendJson(res, 200, []));
    expect((await run('audit', 'export')).code).toBe(1);
  });
});

it.each(['SIGINT', 'SIGTERM'] as const)('one %s ends a command that waits', async (signal) => {
  let asked = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  await listening((req, res) => (req.url === '/alive' ? sendJson(res, 200, {}) : asked()));
  const child = spawn(process.execPath, [MAIN, 'links'], { cwd: folder, env: ENVIRONMENT });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit');
  await isAsked;
  child.kill(signal);
  expect(await ended).toEqual([signal === 'SIGINT' ? 130 : 143, null]);
});

it.each([[['stop', '--help']], [['stop', '-h', 'now']], [['help', 'stop']]])(
  '%j says how the command is called, and does nothing',
  async (argv) => {
    await running(BROKEN);
    expect(await run(...argv)).toEqual({ code: 0, text: expect.stringMatching(/^clawback stop \[reason\] /) });
    expect(await stopFileIn(data)).toBeNull();
  },
);

it('stop goes through although the policy cannot be read', async () => {
  writeFileSync(join(folder, 'policy.yaml'), 'rules: [');
  await running((_req, res) => sendJson(res, 200, [{ tenant: 'contoso', stopped: true }]));
  expect(await run('stop', 'now')).toEqual({ code: 0, text: expect.stringContaining('contoso: stopped') });
});

it('submit says so where something else answers in its place', async () => {
  const proxy = http.createServer((_req, res) => {
    res.writeHead(502, { 'content-type': 'text/html' });
    res.end('<html>Bad gateway</html>');
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void proxy.close());
  const { port } = proxy.address() as AddressInfo;
  writeFileSync(
    join(folder, 'clawback.yaml'),
    configText((_tenant, config) => Object.assign(config, { listen: { host: '127.0.0.1', port } })),
  );
  writeFileSync(
    join(folder, 'mail.eml'),
    mail({ From: 'a@phish.example', 'Message-ID': '<1@phish.example>' }, 'hello'),
  );
  const { code, text } = await run('submit', 'mail.eml');
  expect([code, text.split('\n').at(-1)]).toEqual([
    1,
    expect.stringMatching(/^clawback: the alert was refused \(502\)/),
  ]);
});

it('an export is whole however slowly it is read', async () => {
  const rows = Array.from({ length: 4_000 }, (_, n) => ({ seq: n + 1, bytes: 'x'.repeat(100), hash: 'h' }));
  const head = { seq: rows.length };
  await running((req, res) => {
    const isFirst = new URL(req.url ?? '', 'http://operator').searchParams.get('after') === '0';
    sendJson(res, 200, [{ head, rows: isFirst ? rows : [] }]);
  });
  const shell = spawn(
    'bash',
    ['-c', 'set -o pipefail; "$0" "$1" audit export | (sleep 2; wc -l)', process.execPath, MAIN],
    {
      cwd: folder,
      env: ENVIRONMENT,
    },
  );
  const read = text(shell.stdout);
  expect([await once(shell, 'exit'), (await read).trim()]).toEqual([[0, null], '4000']);
});

describe('what cannot be written', () => {
  const said = (command: string) => {
    const shell = spawnSync('bash', ['-c', `set -o pipefail; ${command}`, process.execPath, MAIN], {
      encoding: 'utf8',
    });
    return [shell.status, shell.stderr];
  };

  it('ends a command without a word where nobody reads any more', () => {
    expect(said('"$0" "$1" schema config | true')).toEqual([1, '']);
  });

  it('is said in one line where the disk is full', () => {
    expect(said('"$0" "$1" schema config > /dev/full')).toEqual([
      1,
      expect.stringMatching(/^clawback: what it says cannot be written: .*ENOSPC.*\n$/),
    ]);
  });
});
