import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { credentialEnd, entraCredential } from '../../src/adapters/entra/credential.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clawback-credential-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a federated token is read anew for each renewal, because the platform renews the file', async () => {
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, 'first\n');
  const credential = entraCredential({ kind: 'federated', tokenFile });
  const read = () => (credential.kind === 'assertion' ? credential.assertion() : Promise.resolve('none'));
  expect(await read()).toBe('first');
  writeFileSync(tokenFile, 'second\n');
  expect(await read()).toBe('second');
});

it('a federated token file that is not there is named', () => {
  expect(() => entraCredential({ kind: 'federated', tokenFile: join(folder, 'nowhere') })).toThrow(
    join(folder, 'nowhere'),
  );
});

it('only a certificate has an end', () => {
  expect([
    credentialEnd({ kind: 'secret', secret: 's' }),
    credentialEnd({ kind: 'federated', tokenFile: 'x' }),
  ]).toEqual([null, null]);
});
