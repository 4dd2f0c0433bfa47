import { z } from 'zod';
import { listOf, personal, plain } from './field.ts';

/** What is written down of alerts, and of looking for copies. */

const ALERT = z.object({
  /** The name that the configuration gives the source; `says`: what its alert calls itself. */
  source: plain(),
  says: personal().nullable(),
  alert: plain(),
  verdict: plain(),
  severity: plain(),
  sender: personal().nullable(),
  internetMessageId: plain().nullable(),
  delivery: plain(),
  recipients: z.number(),
  confidence: z.number().nullable(),
  /** The closed incident about the same mail that this one follows. */
  previous: plain().nullable(),
  /** Digest of all that was heard by then; null where what was stored was not what had been heard. */
  heard: personal().nullable(),
});

const FINDER = {
  name: plain(),
  status: z.enum(['answered', 'off', 'no id', 'refused', 'busy', 'silent']),
  found: z.number(),
  cutOff: z.boolean(),
  detail: plain(),
};

const LEFT_OPEN = z.object({
  denied: z.number(),
  unreachable: z.number(),
  missing: z.number(),
  unresolved: z.number(),
  unresolvedFirst: personal().nullable(),
  notLooked: z.number(),
  shielded: z.number(),
  shieldedBy: plain().nullable(),
  unsure: z.number(),
});

/** What a look after the plan saw. */
const LOOK = z.object({
  finders: listOf(z.object(FINDER)),
  grown: z.number(),
  failed: z.number(),
  failedFirst: personal().nullable(),
  left: LEFT_OPEN.nullable(),
  again: z.boolean(),
});

const RECOVERED = z.object({
  copies: z.number(),
  first: personal().nullable(),
  kept: z.number(),
  keptSeen: plain().nullable(),
});

export const FINDING = {
  'alert.received': ALERT,
  'alert.repeated': ALERT,
  'mailbox.read': z.object({ address: personal(), messages: z.number(), note: plain() }),
  /** So many mailboxes of a search of many were looked into; `answer`: digest of what was asked and answered. */
  'search.kept': z.object({ search: plain(), part: plain(), mailboxes: z.number(), answer: plain() }),
  'plan.made': z.object({
    copies: z.number(),
    mailboxes: z.number(),
    read: z.number(),
    nothing: z.number(),
    denied: z.number(),
    missing: z.number(),
    unreachable: z.number(),
    failed: z.number(),
    leftAlone: z.number(),
    unsure: z.number(),
    takenIn: z.number(),
    unresolved: z.number(),
    notLooked: z.number(),
    trackingCut: z.boolean(),
    shielded: z.number(),
    vip: z.number(),
    legalHold: z.number(),
    /** Null in lists from before there were terms: they cannot be approved any more. */
    mode: plain().nullable(),
    foundBy: plain(),
    finders: listOf(z.object({ ...FINDER, asOf: plain() })),
    policy: plain().nullable(),
    recipientsMay: z.boolean(),
    /** By the policy's word for each action: which rule decides, null for none, and what it asks for, in words. */
    rules: listOf(z.object({ action: plain(), rule: plain().nullable(), terms: plain() })),
  }),
  /** When a list was made: so many of its copies are invitations, which made calendar entries. */
  'invitations.seen': z.object({ copies: z.number() }),
  'plan.grown': z.object({
    run: plain().nullable(),
    copies: z.number(),
    child: plain(),
    childDigest: plain(),
    childHeard: personal().nullable(),
  }),
  /** `noted`: how many of the `looked` mailboxes have an entry of their own right before this one. */
  'scope.checked': z.object({
    run: plain().nullable(),
    grown: z.number(),
    shielded: z.number(),
    looked: z.number(),
    noted: z.number(),
    /** Null in a rehearsal, and from before it was kept. */
    look: LOOK.nullable(),
  }),
  'scope.looked': z.object({
    because: plain(),
    nth: z.number(),
    looked: z.number(),
    noted: z.number(),
    look: LOOK,
    recovered: RECOVERED,
  }),
  'scope.recovered': z.object({ recovered: RECOVERED }),
  'sets.checked': z.object({ set: plain().nullable(), why: personal().nullable() }),
};

export type LookDetail = z.infer<typeof LOOK>;
export type RecoveredDetail = z.infer<typeof RECOVERED>;
