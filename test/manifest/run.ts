import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { runCommand } from '../../src/cli/command.ts';

export const REPO = `${import.meta.dirname}/../..`;
export const EXAMPLE = readFileSync(`${REPO}/manifest/clawback.example.yaml`, 'utf8');

/** `clawback manifest` in a folder of its own, with this clawback.yaml in it (null: none). */
export async function runManifest(config: string | null, ...words: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-manifest-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  if (config !== null) writeFileSync(join(folder, 'clawback.yaml'), config);
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const shell = { env: {}, node: '24.0.0', folder, out: say, err: say, stop: new AbortController().signal };
  const code = await runCommand(['manifest', ...words], shell);
  const read = (name: string) => readFileSync(join(folder, 'dist', 'manifest', name));
  return { code, folder, said: lines.join('\n'), read };
}
