import { z } from 'zod';
import { listOf, personal, plain, seats } from './field.ts';

/** What is written down of accounts, of sign-ins, of the stop and of the policy. */

export const PEOPLE = {
  'account.linked': z.object({ account: personal(), how: plain() }),
  /** `linked`: numbers of the entries that it takes back, so that it does so for ever, whatever is erased of it. */
  'account.unlinked': z.object({ account: personal(), person: personal(), linked: listOf(z.number()) }),
  'ticket.issued': z.object({
    kind: plain(),
    action: plain().nullable(),
    context: plain().nullable(),
    ticket: plain(),
    digest: personal(),
  }),
  'ticket.signed-in': z.object({
    kind: plain(),
    ticket: plain(),
    account: personal(),
    person: personal(),
    context: plain().nullable(),
    signedInAt: plain().nullable(),
    digest: personal(),
  }),
  /** `why`: how Entra or we put it; null where the outcome says all, and from before it was a code. */
  'ticket.refused': z.object({ kind: plain(), account: personal(), why: personal().nullable() }),
  'brake.stopped': z.object({ reason: personal() }),
  'brake.lift-voted': z.object({
    count: z.number(),
    needed: z.number(),
    seats: seats(),
    /** Null from before it was kept, as the roles. */
    account: personal().nullable(),
    roles: listOf(plain()).nullable(),
  }),
  'brake.lifted': z.object({ people: listOf(personal()) }),
  'policy.adopted': z.object({
    policy: plain(),
    before: plain().nullable(),
    from: plain(),
    rules: z.number(),
    /** A policy names people. */
    diff: listOf(personal()),
  }),
  'policy.refused': z.object({ why: personal() }),
};
