import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parse, stringify } from 'yaml';
import { runCommand } from '../../src/cli/command.ts';

export const REPO = `${import.meta.dirname}/../..`;
export const EXAMPLE = readFileSync(`${REPO}/manifest/clawback.example.yaml`, 'utf8');

// biome-ignore lint/suspicious/noExplicitAny: the tests leave out and set what the example has.
type Tree = any;

/** The example with other values. */
export function exampleWith(change: (tenant: Tree, config: Tree) => unknown): string {
  const config: Tree = parse(EXAMPLE);
  change(config.tenants[0], config);
  return stringify(config);
}

/** A policy that can be used, with something more in it. */
export function policyWith(more: object): string {
  const rule = { name: 'everything', when: { action: ['purge', 'undo', 'flag'] }, approve: [{ role: 'approver' }] };
  return stringify({ version: 1, rules: [rule], ...more });
}

interface Files {
  readonly config: string;
  readonly policy: string;
}

/** `clawback manifest` in a folder of its own, with this clawback.yaml in it (null: none) and a policy beside it. */
export async function runManifest(files: string | Files | null, ...words: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-manifest-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  if (files !== null) {
    const { config, policy } = typeof files === 'string' ? { config: files, policy: policyWith({}) } : files;
    writeFileSync(join(folder, 'clawback.yaml'), config);
    writeFileSync(join(folder, 'policy.yaml'), policy);
  }
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  const shell = { env: {}, node: '24.0.0', folder, out: say, err: say, stop: new AbortController().signal };
  const code = await runCommand(['manifest', ...words], shell);
  const read = (name: string) => readFileSync(join(folder, 'dist', 'manifest', name));
  return { code, folder, said: lines.join('\n'), read };
}
