import { z } from 'zod';
import { listOf, people, personal, plain, seats } from './field.ts';

/**
 * What is written down of measures about people. Each entry is about the incident; `list` names the list of measures, whose
 * digest is over a salt too and leads to nobody. Digests of what was seen of an account are personal: there are few to guess.
 */

/** `apply`, `back`, `back 3`, `decline`, `cancel`: what a vote is for. */
const of = plain;

export const MEASURING = {
  /** Somebody wants them. `kinds`: as they were asked for; nobody has been looked at yet. */
  'measures.wanted': z.object({
    list: plain(),
    kinds: listOf(plain()),
    playbook: plain().nullable(),
    addresses: listOf(personal()),
    reason: personal(),
    roles: listOf(plain()),
  }),
  /** What people are asked about from now on, and what it takes. */
  'measures.asked': z.object({
    list: plain(),
    digest: plain(),
    measures: listOf(
      z.object({
        item: z.number(),
        kind: plain(),
        person: personal(),
        address: personal(),
        ref: personal(),
        name: personal(),
        barred: plain().nullable(),
      }),
    ),
    byHand: listOf(z.object({ address: personal(), line: personal(), isFound: z.boolean() })),
    policy: plain(),
    rules: listOf(plain()),
    seats: seats(),
    stepUp: plain().nullable(),
  }),
  /** `outcome` is why. */
  'measures.refused': z.object({ list: plain().nullable(), verb: plain(), roles: listOf(plain()) }),
  'measures.approved': z.object({
    list: plain(),
    digest: plain(),
    of: of(),
    count: z.number(),
    needed: z.number(),
    rules: listOf(plain()),
    seats: seats(),
    roles: listOf(plain()),
    reason: personal().nullable(),
    signIn: z.object({ context: plain(), at: plain() }).nullable(),
    account: personal(),
  }),
  /** `outcome` is why a vote does not count any more. */
  'measures.withdrawn': z.object({ list: plain(), of: of(), person: personal(), name: personal() }),
  /** From now on these are carried out, in this order, or put back. */
  'measures.begun': z.object({
    list: plain(),
    digest: plain(),
    of: of(),
    errand: plain(),
    items: listOf(z.number()),
    approvedBy: people(),
  }),
  /** Nothing more is begun of it. `outcome`: declined, expired, cancelled, or changed where its row is not what was asked about. */
  'measures.closed': z.object({ list: plain(), approvedBy: people() }),
  /** A list waits: `step` of it is over. `about`: 'votes' or 'by hand', of which so many are `open`; `role`: who is told, null for whoever it waits for. */
  'measures.reminded': z.object({
    list: plain(),
    step: plain(),
    about: plain(),
    kind: plain(),
    role: plain().nullable(),
    open: z.number(),
    dueAt: plain(),
  }),
  /** `before`: digest of what was seen right before; it is what an undo goes back to. */
  'measure.intent': z.object({
    list: plain(),
    item: z.number(),
    kind: plain(),
    errand: plain(),
    address: personal(),
    before: personal(),
  }),
  /** The service says that it did nothing this time; `note`: why. */
  'measure.untried': z.object({
    list: plain(),
    item: z.number(),
    kind: plain(),
    errand: plain(),
    address: personal(),
    note: personal(),
  }),
  /** `after`: digest of what was seen afterwards; null where nothing was, or it is gone. */
  'measure.outcome': z.object({
    list: plain(),
    item: z.number(),
    kind: plain(),
    errand: plain(),
    address: personal(),
    after: personal().nullable(),
    note: personal(),
  }),
};
