import { z } from 'zod';
import type { SealedRow } from '../../../core/find/manifest.ts';
import { ADDRESS_LISTS, type PlanRow, type RowContents, type RowKind } from '../../../core/find/plan-rows.ts';
import { StoredBefore, StoredGroup, StoredLookAlike, StoredShielded } from './plan-parts.ts';

/** A row of a plan. Its version is that of the manifest that it belongs to. */

const CONTENTS: { readonly [Kind in RowKind]: z.ZodType<RowContents[Kind]> } = {
  target: z.strictObject({
    target: z.strictObject({ kind: z.literal('copy'), owner: z.string(), id: z.string() }),
    address: z.string(),
    receivedAt: z.string().nullable(),
    before: StoredBefore,
    refs: z.record(z.string(), z.string()).exactOptional(),
    said: z.record(z.string(), z.string()).exactOptional(),
  }),
  address: z.strictObject({ address: z.string(), in: z.array(z.enum(ADDRESS_LISTS)) }),
  recipient: z.strictObject({ person: z.string() }),
  group: StoredGroup,
  unsure: z.strictObject({ group: z.string(), address: z.string(), times: z.int().min(1).max(1_000_000) }),
  'look-alike': StoredLookAlike,
  shielded: StoredShielded,
  form: z.strictObject({ form: z.enum(['message id', 'sender']), text: z.string() }),
};

/** Of one length, so that where it ends and the content begins is never in question. */
const SALT = /^[0-9a-f]{32}$/;

/** Null for what is no row of this version: somebody has written into it. */
export function readPlanRow({ kind, salt, content }: SealedRow): PlanRow | null {
  if (!isKind(kind) || !SALT.test(salt)) return null;
  try {
    const read = CONTENTS[kind].safeParse(JSON.parse(content));
    return read.success ? ({ kind, content: read.data } as PlanRow) : null;
  } catch {
    return null;
  }
}

function isKind(kind: string): kind is RowKind {
  return Object.hasOwn(CONTENTS, kind);
}
