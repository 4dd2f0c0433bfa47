import { z } from 'zod';
import { listOf, personal, plain } from './field.ts';

/**
 * What is written down of what is kept of a mail itself. Its digest names nobody: whoever wanted to guess what stands behind
 * it would have to guess every id and time in a header.
 */

const FORM = {
  kind: plain(),
  networkMessageId: plain().nullable(),
  internetMessageId: plain().nullable(),
};

export const EVIDENCE = {
  /** The entry is about the copy that was read. `headers`: how many there are; null for a whole message. */
  'evidence.kept': z.object({ ...FORM, digest: plain(), bytes: z.number(), headers: z.number().nullable() }),
  /** `outcome`: why, after all tries; about the copy that was tried last. */
  'evidence.missed': z.object({ ...FORM, tries: z.number(), note: personal() }),
  /** `outcome`: whether it was its time or that of its incident. */
  'evidence.let-go': z.object({ digests: listOf(plain()), bytes: z.number(), before: plain() }),
  /** `outcome`: 'given', or 'differs' where what is stored is not what was kept, and then nobody got it. */
  'evidence.read': z.object({ ...FORM, digest: plain(), way: plain() }),
};
