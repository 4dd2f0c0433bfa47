import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCommand } from '../../src/cli/command.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawback-demo-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(argv: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommand(argv, {
    env: { PATH: '/usr/bin:/bin' },
    node: process.versions.node,
    folder,
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    stop: new AbortController().signal,
  });
  return { code, out, err };
}

const MAIL = `From: "Fabrikam, Inc." <billing@fabrikam.example>
To: <somebody@contoso.example>
Subject: Your parcel is waiting
Message-ID: <parcel-1+x&y@fabrikam.example>
Date: Fri, 20 Nov 2026 08:00:00 +0000

https://parcel.fabrikam.example/track
`;

it('the demo tells the whole story with the mail of a file, and ends with one line of JSON', async () => {
  writeFileSync(join(folder, 'mail.eml'), MAIL.replaceAll('\n', '\r\n'));
  const { code, out } = await run(['demo', 'mail.eml']);
  expect(JSON.parse(out.at(-1) ?? '')).toMatchObject({
    copies: 120,
    approvals: 2,
    removed: 120,
    alreadyGone: 0,
    failed: 0,
    decoysTouched: 0,
    ledgerVerified: true,
  });
  expect(out.join('\n')).toContain('Your parcel is waiting');
  expect(code).toBe(0);
});

it.each([
  [['demo', 'nowhere.eml'], 'cannot be read'],
  [['submit', 'mail.eml'], 'clawback sandbox starts the other'],
  [['audit', 'verify'], 'clawback sandbox starts the other'],
  [['start', '--config', 'nowhere.yaml'], 'there is no configuration file'],
])('%j says what is wrong', async (argv, words) => {
  const { code, err } = await run(argv);
  expect([code, err.join('\n')]).toEqual([1, expect.stringContaining(words)]);
});

it.each([[['fly']], [['constructor']], [['submit']], [['audit']], [['audit', 'show']], [['--wings', 'start']], [[]]])(
  '%j is answered with what there is',
  async (argv) => {
    const { code, err, out } = await run(argv);
    expect(code).toBe(2);
    expect([...err, ...out].join('\n')).toMatch(/clawback (submit|audit|<command>)/);
  },
);

it('an old Node is told so', async () => {
  const err: string[] = [];
  const shell = {
    env: {},
    node: '20.11.0',
    folder,
    out: () => undefined,
    err: (line: string) => err.push(line),
    stop: new AbortController().signal,
  };
  expect(await runCommand(['start'], shell)).toBe(2);
  expect(err.join()).toContain('needs Node 24');
});
