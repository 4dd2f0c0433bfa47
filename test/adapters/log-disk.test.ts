import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const LOG = join(import.meta.dirname, '../../src/log.ts');
/** Logs, works on for a moment, logs again, and ends as it means to. */
const PROGRAM = `
  const { createLog } = await import(${JSON.stringify(LOG)});
  const log = createLog('info');
  log.info('first');
  setTimeout(() => { log.info('last'); process.stdout.write('worked on'); process.exitCode = 7; }, 100);`;

function run(stderr: string) {
  const file = openSync(stderr, 'w');
  try {
    const program = ['--input-type=module', '--eval', PROGRAM];
    return spawnSync(process.execPath, program, { stdio: ['ignore', 'pipe', file], timeout: 20_000 });
  } finally {
    closeSync(file);
  }
}

it('a disk that is full below the log ends nothing, and keeps nothing from ending', () => {
  const { status, stdout } = run('/dev/full');
  expect([status, String(stdout)]).toEqual([7, 'worked on']);
}, 30_000);

it('the last line before the end is written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'stderr');
  expect(run(file).status).toBe(7);
  expect(readFileSync(file, 'utf8')).toMatch(/"msg":"first".*"msg":"last"/s);
}, 30_000);
