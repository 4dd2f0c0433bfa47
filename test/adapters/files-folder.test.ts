import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeFolder, tryFolder } from '../../src/adapters/files/folder.ts';
import { lockTrouble, markAsUsed, openingTrouble, refuseDamage } from '../../src/adapters/store/damage.ts';
import { ClawbackError } from '../../src/core/error.ts';
import { folderTrouble } from '../../src/core/folder-trouble.ts';

function place() {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-folder-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('the data folder', () => {
  it('is made with those above it, for its owner only', () => {
    const deep = join(place(), 'a', 'b', 'c');
    makeFolder(deep);
    makeFolder(deep);
    expect(statSync(deep).mode & 0o777).toBe(0o700);
  });

  it('is tried, and nothing of the trial is left', () => {
    const folder = place();
    tryFolder(folder);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that is gone when it is tried is told of', () => {
    expect(() => tryFolder(join(place(), 'gone'))).toThrow(/can neither be found nor made/);
  });
});

describe('what the system answers becomes advice', () => {
  const said = (code: string) =>
    folderTrouble('/srv/clawback', Object.assign(new Error('raw words'), { code })).message;

  it.each([
    ['EACCES', 'cannot be read and written: give it'],
    ['EPERM', 'cannot be read and written: give it'],
    ['EROFS', 'is on a file system that can only be read: mount it to be written'],
    ['ENOSPC', 'is on a disk that is full: make room there'],
    ['EDQUOT', 'is on a disk where nothing is left of what we may use: make room there'],
    ['EIO', 'is on a disk that answers with errors: look at the disk'],
    ['ESTRANGE', 'cannot be used (ESTRANGE): set data: to another folder'],
  ])('%s', (code, words) => {
    expect(said(code)).toContain(`the data folder /srv/clawback ${words}`);
    expect(said(code)).not.toContain('raw words');
  });

  // Numbers of WASI, as the engine's own file system throws them.
  it.each([
    [51, 'is on a disk that is full'],
    [69, 'can only be read'],
    [2, 'cannot be read and written'],
    [63, 'cannot be read and written'],
    [29, 'answers with errors'],
    [44, 'it may be damaged'],
    [undefined, 'it may be damaged'],
  ])('%s of the embedded database', (errno, words) => {
    expect(openingTrouble('/srv/clawback', { errno }).message).toContain(words);
  });

  // SQLite's, for the lock: only two of them mean that somebody else has it.
  it.each([
    [5, 'store-busy', 'is in use by another Clawback process'],
    [6, 'store-busy', 'is in use by another Clawback process'],
    [261, 'store-busy', 'is in use by another Clawback process'],
    [13, 'config', 'is on a disk that is full'],
    [8, 'config', 'can only be read'],
    [14, 'config', 'cannot be read and written'],
    [26, 'config', 'owner.lock'],
    [undefined, 'config', 'owner.lock'],
  ])('%s of its lock', (errcode, code, words) => {
    const trouble = lockTrouble('/srv/clawback', { errcode });
    expect([trouble.code, trouble.message]).toEqual([code, expect.stringContaining(words)]);
  });
});

it('a folder that somebody else makes at the same moment is taken', () => {
  const folder = join(place(), 'data');
  mkdirSync(folder);
  expect(() => makeFolder(folder)).not.toThrow();
});

describe('a folder that holds a database', () => {
  const words = (work: () => void) => {
    try {
      work();
      return 'taken';
    } catch (error) {
      return (error as Error).message;
    }
  };
  function holding(format: string | null): string {
    const folder = place();
    mkdirSync(join(folder, 'pg'));
    if (format !== null) writeFileSync(join(folder, 'pg', 'PG_VERSION'), format);
    return folder;
  }

  it('of today’s form is taken, and so is one that was never used', () => {
    for (const folder of [place(), holding(null), holding('18\n')])
      expect(words(() => refuseDamage(folder))).toBe('taken');
  });

  it('of another form is refused with the version that it needs, marked or not', () => {
    const folder = holding('17\n');
    const other =
      /holds a database of PostgreSQL 17, and this Clawback reads 18: run the version of Clawback that made it/;
    expect(words(() => refuseDamage(folder))).toMatch(other);
    markAsUsed(folder);
    expect(words(() => refuseDamage(folder))).toMatch(other);
  });

  it('of no form that PostgreSQL writes is quoted no further than a version is long', () => {
    const said = words(() => refuseDamage(holding('x'.repeat(10_000))));
    expect(said).toContain(`holds a database of PostgreSQL ${'x'.repeat(20)}, and`);
  });

  it('that was in use and is gone is refused with the way back, and stays as it is', () => {
    const folder = place();
    markAsUsed(folder);
    expect(words(() => refuseDamage(folder))).toMatch(
      /was in use before, and its database is gone or has lost files: restore the whole folder from a copy.*Nothing was changed$/,
    );
    expect(readdirSync(folder)).toEqual(['record-is-here']);
  });

  it('is marked once, for its owner only', () => {
    const folder = place();
    const mark = join(folder, 'record-is-here');
    markAsUsed(folder);
    expect(statSync(mark).mode & 0o777).toBe(0o600);
    writeFileSync(mark, 'as it is');
    markAsUsed(folder);
    expect(readFileSync(mark, 'utf8')).toBe('as it is');
  });

  it('whose form cannot be read is told of as a folder that cannot be used', () => {
    const folder = place();
    mkdirSync(join(folder, 'pg', 'PG_VERSION'), { recursive: true });
    expect(words(() => refuseDamage(folder))).toContain('cannot be used (EISDIR)');
  });

  it('is told of in the words that were found first, and in its own where a file could not be opened', () => {
    const own = new ClawbackError('store-busy', 'somebody has it');
    expect(openingTrouble('/srv/clawback', own)).toBe(own);
    expect(openingTrouble('/srv/clawback', { code: 'EACCES' })).toMatchObject({ code: 'config', field: 'data' });
    expect(openingTrouble('/srv/clawback', { errno: -13, code: 'EACCES' }).message).toContain('cannot be read');
    expect(openingTrouble('/srv/clawback', { code: 'XX000' })).toMatchObject({ code: 'unavailable' });
  });

  it('is not said to be in use where its lock is a folder', () => {
    const folder = place();
    mkdirSync(join(folder, 'owner.lock'));
    expect(lockTrouble(folder, { errcode: 5 })).toMatchObject({ code: 'config', field: 'data' });
  });
});
