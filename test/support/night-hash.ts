import { createHash, randomBytes } from 'node:crypto';
import { seal } from '../../src/adapters/store/ledger.ts';
import type { Hash } from '../../src/flow/flow.ts';
import { countedSalts } from './sealed-plans.ts';

/** As the product has it, with salts that a test can count on. */
export const hash: Hash = {
  digest: (value) => createHash('sha256').update(seal.canonical(value)).digest('hex'),
  ...countedSalts,
  secret: () => randomBytes(32).toString('base64url'),
  code: () => randomBytes(4).toString('hex').toUpperCase(),
};
