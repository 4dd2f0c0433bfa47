import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { textOf } from '../../src/config/text-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawback-text-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

it('a byte order mark in front is no part of the text', () => {
  const file = join(folder, 'record.jsonl');
  writeFileSync(file, '\uFEFF{"seq":1}\n');
  expect(textOf(file, 'the record')).toBe('{"seq":1}\n');
});

it('a link to a file is as good as the file, as platforms mount secrets', () => {
  writeFileSync(join(folder, 'real'), 'text');
  symlinkSync(join(folder, 'real'), join(folder, 'link'));
  expect(textOf(join(folder, 'link'), 'the policy file')).toBe('text');
});

it('a link to a device is none', () => {
  symlinkSync('/dev/null', join(folder, 'link'));
  expect(() => textOf(join(folder, 'link'), 'the policy file')).toThrow('it is a pipe or a device: put a file there');
});
