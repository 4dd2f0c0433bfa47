import { createDecipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createVault } from '../../src/adapters/store/vault.ts';

/** What is kept encrypted: it opens with its key, as what it was sealed as, and in no other way. */

const KEY = Buffer.alloc(32, 7).toString('base64');
const bytes = Buffer.from('From: <a@mailer.example>\r\n\r\nhello\r\n');
const vault = createVault(KEY);

describe('sealed bytes', () => {
  it('are AES-256-GCM: nonce, tag, ciphertext', () => {
    const [form, name, packed = ''] = vault.seal(bytes, 'about').split(':');
    const sealed = Buffer.from(packed, 'base64');
    const opener = createDecipheriv('aes-256-gcm', Buffer.from(KEY, 'base64'), sealed.subarray(0, 12));
    opener.setAAD(Buffer.from('about')).setAuthTag(sealed.subarray(12, 28));
    const plain = Buffer.concat([opener.update(sealed.subarray(28)), opener.final()]);
    expect([form, name?.length, plain.equals(bytes)]).toEqual(['v2', 8, true]);
  });

  it('open as what they were sealed as', () => {
    expect(Buffer.from(vault.open(vault.seal(bytes, 'about'), 'about') ?? []).equals(bytes)).toBe(true);
  });

  it('are others each time', () => {
    expect(vault.seal(bytes, 'about')).not.toBe(vault.seal(bytes, 'about'));
  });

  it('do not open as something else, nor with another key or none', () => {
    const sealed = vault.seal(bytes, 'about');
    const other = createVault(Buffer.alloc(32, 8).toString('base64'));
    expect([vault.open(sealed, 'else'), other.open(sealed, 'about'), createVault(null).open(sealed, 'about')]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it.each([
    [
      'a byte that was changed',
      (sealed: string) => `${sealed.slice(0, 20)}${sealed[20] === 'A' ? 'B' : 'A'}${sealed.slice(21)}`,
    ],
    ['an end that was cut off', (sealed: string) => sealed.slice(0, -8)],
    ['next to nothing', () => 'v1:AAAA'],
    ['another form', (sealed: string) => sealed.replace('v2:', 'v3:')],
    ['plain text', () => 'hello'],
  ])('do not open with %s', (_what, change) => {
    expect(vault.open(change(vault.seal(bytes, 'about')), 'about')).toBeNull();
  });

  it('name their key, so that one that was changed is told from bytes that were', () => {
    const other = createVault(Buffer.alloc(32, 8).toString('base64'));
    const sealed = vault.seal(bytes, 'about');
    expect([vault, other].map((one) => one.isOfAnotherKey(sealed))).toEqual([false, true]);
  });

  it('of before keys were named open, and name none', () => {
    const old = vault.seal(bytes, 'about').replace(/^v2:[0-9a-f]{8}:/, 'v1:');
    expect([vault.isOfAnotherKey(old), Buffer.from(vault.open(old, 'about') ?? []).equals(bytes)]).toEqual([
      false,
      true,
    ]);
  });

  it('are not made without a key', () => {
    const without = createVault(null);
    expect(without.hasKey).toBe(false);
    expect(() => without.seal(bytes, 'about')).toThrow('no key');
  });
});

it('a digest is SHA-256', () => {
  expect(vault.digest(Buffer.from('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
