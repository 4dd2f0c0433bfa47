import { z } from 'zod';
import { forEachAction, isUndo } from '../../../core/action/action.ts';
import type { Terms } from '../../../core/ask/rule.ts';
import type { Plan } from '../../../core/find/plan.ts';
import {
  actionsKnown,
  StoredBefore,
  StoredFinder,
  StoredGroup,
  StoredKey,
  StoredLookAlike,
  StoredShielded,
  StoredTerms,
  termsKnown,
} from './plan-parts.ts';

/** Plans of versions 1 and 2: one body, with everything in it. */

const texts = () => z.array(z.string());

/** What every one of them has. */
const First = z.object({
  tenant: z.string(),
  incident: z.string(),
  key: StoredKey.partial(),
  foundBy: z.string(),
  resolvedAt: z.string(),
  asked: texts(),
  copies: z.array(
    StoredBefore.extend({
      mailbox: z.string(),
      address: z.string(),
      message: z.string(),
      receivedAt: z.string().nullable(),
    }),
  ),
  nothing: texts(),
  denied: texts(),
  missing: texts(),
  failed: texts(),
  leftAlone: z.array(StoredLookAlike),
  recipients: texts(),
});

/** From before there were policies. */
const Version1 = First.extend({ version: z.literal(1) });

/** What came while it was the version of today is not in all of them. */
const Version2 = First.extend({
  version: z.literal(2),
  id: z.string(),
  mode: z.enum(['live', 'dry-run']),
  policy: z.string(),
  terms: z.record(z.string(), StoredTerms),
  grownFrom: z.string().nullable(),
  finders: z.array(StoredFinder).default([]),
  unreachable: texts().default([]),
  unsure: z.array(StoredGroup.extend({ addresses: texts() })).default([]),
  takenIn: texts().default([]),
  forms: z.strictObject({ internetMessageIds: texts(), senders: texts() }).optional(),
  shielded: z.array(StoredShielded),
  vip: z.number(),
  legalHold: z.number(),
  received: texts().default([]),
  unresolved: texts().default([]),
  trackingCut: z.boolean().default(false),
  notLooked: z.number().default(0),
  tooFew: texts(),
});

type Stored1 = z.output<typeof Version1>;
type Stored2 = z.output<typeof Version2>;

/** In today's shape. What it was approved as stays: nothing is added that could be touched. */
export const OldPlan = z.discriminatedUnion('version', [Version1, Version2]).transform((stored): Plan => {
  const { version: _, ...own } = stored.version === 2 ? stored : withTerms(stored);
  const { internetMessageId = null, networkMessageId = null, sender = null, subject = null } = own.key;
  const { receivedAt = null, identified = [] } = own.key;
  return {
    ...own,
    key: { internetMessageId, networkMessageId, sender, subject, receivedAt, identified },
    forms: own.forms ?? {
      internetMessageIds: internetMessageId === null ? [] : [internetMessageId],
      senders: sender === null ? [] : [sender],
    },
    terms: termsKnown(own.terms),
    tooFew: actionsKnown(own.tooFew),
  };
});

/** Plans from before there were policies: they can be undone by two approvers, and nothing else. */
function withTerms(stored: Stored1): Stored2 {
  const refused: Terms = {
    is: 'refused',
    rule: null,
    why: 'the plan is from before there were policies: look again',
  };
  const undo: Terms = {
    is: 'asked',
    rule: 'from before there were policies',
    seats: [{ role: 'approver', count: 2 }],
    expiryMinutes: 60,
    escalation: [],
    reason: false,
    stepUp: null,
    actFirst: false,
  };
  const terms = forEachAction((action) => (isUndo(action) ? undo : refused));
  return Version2.parse({
    ...stored,
    version: 2,
    id: '',
    mode: 'live',
    policy: '',
    terms,
    grownFrom: null,
    shielded: [],
    vip: 0,
    legalHold: 0,
    tooFew: [],
  });
}
