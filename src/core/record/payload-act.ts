import { z } from 'zod';
import { listOf, people, personal, plain, seats } from './field.ts';

/** What is written down of runs and of single copies. Actions are named by the policy's words or their own. */

export const ACTING = {
  'run.started': z.object({
    action: plain(),
    cause: plain(),
    mode: plain(),
    run: plain(),
    copies: z.number(),
    /** Null from before it was kept, as the policy. */
    mailboxes: z.number().nullable(),
    policy: plain().nullable(),
    approvedBy: people(),
    /** Why it may run: the rule and whom it asks, and over which cap more people had to say so. */
    rule: plain().nullable(),
    seats: seats(),
    over: plain().nullable(),
    /** Who has to confirm what was begun unasked. */
    confirm: seats(),
    /** For what begins by itself: why, and the run that it carries out once more. */
    why: plain().nullable(),
    of: plain().nullable(),
    /** Incidents for which copies are left out of it. */
    leftFor: listOf(plain()),
  }),
  'run.cancelled': z.object({
    run: plain(),
    action: plain(),
    left: z.number(),
    seats: seats(),
    approvedBy: people(),
  }),
  'run.finished': z.object({
    action: plain(),
    run: plain(),
    copies: z.number(),
    summary: listOf(z.object({ outcome: plain(), copies: z.number() })),
  }),
  'copy.intent': z.object({ address: personal(), action: plain(), attempt: z.number() }),
  'copy.untried': z.object({ address: personal(), action: plain() }),
  'copy.outcome': z.object({
    address: personal(),
    action: plain(),
    note: plain(),
    /** What was said of it before, where this corrects it. */
    was: plain().nullable(),
  }),
  'copy.late': z.object({
    address: personal(),
    action: plain(),
    run: plain().nullable(),
    /** To a request whose copies somebody else held by then; `ended`: after the end of its run. */
    answer: plain().nullable(),
    ended: z.boolean(),
    /** Nothing is done about it. */
    left: z.boolean(),
  }),
  /** In its mailbox, with a Message-ID of the mail and in no list; 0 where the mailbox could not be searched for more. */
  'copy.beside': z.object({ address: personal(), run: plain(), messages: z.number() }),
  'copy.recovered': z.object({ address: personal() }),
  'mailbox.flagged': z.object({ address: personal(), reason: plain(), owner: personal() }),
  'incident.retired': z.object({
    plans: listOf(plain()),
    runs: listOf(plain()),
    items: z.number(),
    /** Digest over what became of every copy, by ids that cannot be guessed: not personal. */
    outcomes: plain(),
    decisions: z.number(),
    alerts: z.number(),
    lastChange: plain(),
    before: plain(),
  }),
};
