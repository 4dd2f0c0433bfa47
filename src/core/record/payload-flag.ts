import { z } from 'zod';
import { listOf, people, personal, plain } from './field.ts';

/**
 * What is written down of a flagged mailbox. Each entry is filed under the incident that it was flagged for first, or under none
 * where somebody flagged it by hand. What a flag is, is what these entries say: its row only says that there is work.
 */

/**
 * What one look at the findings about its owner came to. `findings` counts where `is` is 'seen'; `unlooked`: what was not looked
 * at, each source with why. Entries from before that was written down name none.
 */
const LOOK = {
  is: plain(),
  findings: z.number(),
  unlooked: listOf(z.object({ source: plain(), why: plain() })).default([]),
};
/** Whether the date stays as it is, because it was moved as often as the policy lets it be. */
const HELD = { held: z.boolean().default(false) };

export const FLAGGING = {
  /** `person`: object id of whoever owns the mailbox. `byHand`: one person alone said so. `cause`: the incident, where there is one. */
  'flag.raised': z.object({
    flag: plain(),
    person: personal(),
    address: personal(),
    reason: personal(),
    byHand: z.boolean(),
    cause: plain().nullable(),
    dueAt: plain(),
  }),
  /** The same mailbox, while it was not cleared. */
  'flag.raised-again': z.object({
    flag: plain(),
    reason: personal(),
    cause: plain().nullable(),
    dueAt: plain(),
    ...HELD,
  }),
  /** By who owns it from now on. `from`: who did before, object id; null where nobody did. */
  'flag.taken': z.object({ flag: plain(), from: personal().nullable(), roles: listOf(plain()) }),
  /**
   * By a person: their word. By ourselves: what was seen of it since. `seen`: what was done about this person was seen to be done;
   * `open`: what is still in the way, so many of each; `since`: from when what happens speaks against it, null for from their word.
   */
  'flag.contained': z.object({
    flag: plain(),
    roles: listOf(plain()),
    seen: z.boolean().default(false),
    since: plain().nullable().default(null),
    open: listOf(z.object({ kind: plain(), count: z.number() })).default([]),
  }),
  /** `when`: 'before' anything was done about it, or 'again', before it is cleared. */
  'flag.looked': z.object({ flag: plain(), when: plain(), ...LOOK }),
  /** Somebody said that it can be cleared; `account`: the one that it was said with. */
  'flag.agreed': z.object({
    flag: plain(),
    reason: personal(),
    roles: listOf(plain()),
    account: personal(),
    count: z.number(),
    needed: z.number(),
  }),
  /** `people`: whose word it was. The look that they had, and the one from before. */
  'flag.cleared': z.object({
    flag: plain(),
    people: people(),
    reason: personal(),
    ...LOOK,
    before: z.number().nullable(),
  }),
  'flag.reopened': z.object({
    flag: plain(),
    reason: personal(),
    roles: listOf(plain()),
    dueAt: plain(),
    ...HELD,
  }),
  /** `outcome` is why. `flag`: the one that was meant; null for a new one. */
  'flag.refused': z.object({ flag: plain().nullable(), verb: plain(), roles: listOf(plain()) }),
  /** Somebody is about to be told: of which step, and of which due date. */
  'flag.called': z.object({ flag: plain(), step: plain(), dueAt: plain(), person: personal() }),
  /** What came of that: `outcome` 'told', 'not told', 'waits' or 'not known'. */
  'flag.told': z.object({ flag: plain(), step: plain(), dueAt: plain(), person: personal(), note: personal() }),
  /** A step is over: so many were told of so many. */
  'flag.reminded': z.object({ flag: plain(), step: plain(), dueAt: plain(), told: z.number(), of: z.number() }),
};
