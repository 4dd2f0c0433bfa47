import { z } from 'zod';
import { type Action, actionStored, forEachAction } from '../../../core/action/action.ts';
import { ENGINES, type EngineTerms } from '../../../core/action/engine.ts';
import type { Terms } from '../../../core/ask/rule.ts';
import type { FinderAnswer } from '../../../core/find/finder.ts';
import type { MessageKey } from '../../../core/find/key.ts';
import { DIFFERENCES } from '../../../core/find/match.ts';
import type { Copy, LookAlike, Plan, Shielded, UnsureGroup } from '../../../core/find/plan.ts';

/** What plans of every version are made of. */

const Seats = z.array(z.strictObject({ role: z.string(), count: z.int() }));

export const StoredTerms = z.union([
  z.strictObject({ is: z.literal('refused'), rule: z.string().nullable(), why: z.string() }),
  z.strictObject({
    is: z.literal('asked'),
    rule: z.string(),
    seats: Seats,
    expiryMinutes: z.number(),
    escalation: z.array(
      z.strictObject({ afterMinutes: z.number(), remind: z.string().exactOptional(), ask: Seats.exactOptional() }),
    ),
    reason: z.boolean(),
    stepUp: z.string().nullable(),
    actFirst: z.boolean(),
    recipientsMay: z.boolean().exactOptional(),
  }),
]) satisfies z.ZodType<Terms>;

export const StoredEngine = z.strictObject({
  first: z.enum(ENGINES),
  fallback: z.boolean(),
}) satisfies z.ZodType<EngineTerms>;

export const StoredKey = z.strictObject({
  internetMessageId: z.string().nullable(),
  networkMessageId: z.string().nullable(),
  sender: z.string().nullable(),
  subject: z.string().nullable(),
  receivedAt: z.string().nullable(),
  identified: z.array(z.string()),
}) satisfies z.ZodType<MessageKey>;

export const StoredFinder = z.strictObject({
  name: z.string(),
  status: z.enum(['answered', 'off', 'no id', 'refused', 'busy', 'silent']),
  found: z.number(),
  cutOff: z.boolean(),
  asOf: z.string(),
  detail: z.string(),
}) satisfies z.ZodType<FinderAnswer>;

export const StoredBefore = z.strictObject({
  folderId: z.string(),
  folder: z.string(),
  isRead: z.boolean(),
  flag: z.string(),
  categories: z.array(z.string()),
}) satisfies z.ZodType<Pick<Copy, 'folderId' | 'folder' | 'isRead' | 'flag' | 'categories'>>;

export const StoredGroup = z.strictObject({
  key: z.string(),
  differences: z.array(z.enum(DIFFERENCES)),
  sender: z.string().nullable(),
  subject: z.string().nullable(),
  from: z.string().nullable(),
  until: z.string().nullable(),
}) satisfies z.ZodType<Omit<UnsureGroup, 'addresses'>>;

export const StoredLookAlike = z.strictObject({ address: z.string(), why: z.string() }) satisfies z.ZodType<LookAlike>;
export const StoredShielded = z.strictObject({ address: z.string(), set: z.string() }) satisfies z.ZodType<Shielded>;

/** Of an action that is newer than the plan. */
const NOT_THERE_YET: Terms = {
  is: 'refused',
  rule: null,
  why: 'the plan is from before there was this action: look again',
};

/** A plan holds terms for the actions that there were when it was made. */
export function termsKnown(stored: Readonly<Record<string, Terms>>): Plan['terms'] {
  return forEachAction((action) => (Object.hasOwn(stored, action) ? stored[action] : null) ?? NOT_THERE_YET);
}

export function actionsKnown(stored: readonly string[]): readonly Action[] {
  return stored.flatMap((name) => actionStored(name) ?? []);
}
