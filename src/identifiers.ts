import { createHash, randomBytes } from 'node:crypto';
import { seal } from './adapters/store/ledger.ts';
import type { Hash } from './flow/flow.ts';

/** Without letters and digits that people confuse. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

function letters(count: number): string {
  return [...randomBytes(count)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

export const HASH: Hash = {
  digest: (value) => createHash('sha256').update(seal.canonical(value)).digest('hex'),
  of: (secret) => createHash('sha256').update(secret).digest('hex'),
  secret: () => randomBytes(32).toString('base64url'),
  // 40 bits, for ten minutes and one account.
  code: () => letters(8),
};

/** 30 bits are enough beside the tenant. */
export function incidentId(): string {
  return `CB-${letters(6)}`;
}
