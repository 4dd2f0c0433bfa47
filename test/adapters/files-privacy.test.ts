import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  keepFolderPrivate,
  keepSecretPrivate,
  openPaths,
  privacyOf,
  secretPrivacy,
} from '../../src/adapters/files/privacy.ts';
import { openDatabase } from '../../src/adapters/store/database.ts';

const [US, OTHER, ROOT] = [1000, 1001, 0];
const isPosix = process.platform !== 'win32';

describe('who else can read a file', () => {
  it.each([
    ['nobody', 0o600, US, US, 'private'],
    ['nobody, although it is somebody else’s', 0o400, OTHER, US, 'private'],
    ['everybody, and it is ours', 0o644, US, US, 'open'],
    ['our group, and it is ours', 0o640, US, US, 'open'],
    ['somebody who may only run it', 0o701, US, US, 'open'],
    ['everybody, and we are root', 0o644, OTHER, ROOT, 'open'],
    ['everybody, and root has put it there', 0o644, ROOT, US, 'mounted'],
    ['everybody, and it is another user’s', 0o644, OTHER, US, 'foreign'],
    ['nobody asks on Windows', 0o666, OTHER, null, 'private'],
  ])('%s', (_who, mode, uid, me, is) => {
    expect(privacyOf({ mode: 0o100000 | mode, uid }, me).is).toBe(is);
  });
});

describe.runIf(isPosix)('the data folder', () => {
  let root: string;
  const data = () => join(root, 'data');
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'clawback-private-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('is made for its owner only', () => {
    keepFolderPrivate(data());
    expect(modeOf(data())).toBe('700');
  });

  it('that is a link is corrected where it leads', () => {
    const real = join(root, 'disk');
    mkdirSync(real);
    writeFileSync(join(real, 'rows'), 'rows');
    chmodSync(join(real, 'rows'), 0o644);
    chmodSync(real, 0o755);
    symlinkSync(real, data());
    keepFolderPrivate(data());
    expect([real, join(real, 'rows')].map(modeOf)).toEqual(['700', '600']);
  });

  it('is corrected with everything in it', () => {
    mkdirSync(join(data(), 'pg', 'base'), { recursive: true });
    writeFileSync(join(data(), 'pg', 'base', '1'), 'rows');
    chmodSync(join(data(), 'pg', 'base', '1'), 0o664);
    chmodSync(data(), 0o755);
    expect(openPaths(data()).length).toBeGreaterThan(1);
    keepFolderPrivate(data());
    expect([data(), join(data(), 'pg', 'base'), join(data(), 'pg', 'base', '1')].map(modeOf)).toEqual([
      '700',
      '700',
      '600',
    ]);
    expect(openPaths(data())).toEqual([]);
  });

  it('stays private while the database makes its files', async () => {
    keepFolderPrivate(data());
    const database = await openDatabase({ kind: 'embedded', folder: data() });
    const open = openPaths(data());
    await database.close();
    expect([open, openPaths(data())]).toEqual([[], []]);
  });

  it('leaves alone what a link in it leads to', () => {
    const outside = join(root, 'outside');
    writeFileSync(outside, 'not ours to change');
    chmodSync(outside, 0o644);
    mkdirSync(data());
    symlinkSync(outside, join(data(), 'link'));
    keepFolderPrivate(data());
    expect([modeOf(outside), lstatSync(join(data(), 'link')).isSymbolicLink()]).toEqual(['644', true]);
  });

  it('leaves the stop file to whoever put it there', () => {
    mkdirSync(data(), { mode: 0o700 });
    writeFileSync(join(data(), 'STOP'), 'an exercise');
    chmodSync(join(data(), 'STOP'), 0o644);
    keepFolderPrivate(data());
    expect(modeOf(join(data(), 'STOP'))).toBe('644');
  });
});

describe.runIf(isPosix)('a secret file', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'clawback-secret-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('of ours is corrected', () => {
    const file = join(root, '.env');
    writeFileSync(file, 'A=b');
    chmodSync(file, 0o644);
    expect([secretPrivacy(file)?.is, keepSecretPrivate(file), secretPrivacy(file)?.is]).toEqual([
      'open',
      null,
      'private',
    ]);
  });

  it('that is not there is not complained about here', () => {
    expect(keepSecretPrivate(join(root, 'nowhere.pem'))).toBeNull();
  });
});
