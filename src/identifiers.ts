import { randomBytes } from 'node:crypto';
import { digestOf, seal, sha256 } from './adapters/store/ledger.ts';
import type { Hash } from './flow/flow.ts';

/** Without letters and digits that people confuse. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

function letters(count: number): string {
  return [...randomBytes(count)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

const SALT_DIGITS = 32;

/** All from one draw: a plan may have a hundred thousand rows. */
function freshSalts(count: number): readonly string[] {
  const digits = randomBytes((count * SALT_DIGITS) / 2).toString('hex');
  return Array.from({ length: count }, (_none, n) => digits.slice(n * SALT_DIGITS, (n + 1) * SALT_DIGITS));
}

export const HASH: Hash = {
  digest: digestOf,
  of: sha256,
  canonical: seal.canonical,
  salts: freshSalts,
  secret: () => randomBytes(32).toString('base64url'),
  // 40 bits, for ten minutes and one account.
  code: () => letters(8),
};

/** 30 bits are enough beside the tenant. */
export function incidentId(): string {
  return `CB-${letters(6)}`;
}
