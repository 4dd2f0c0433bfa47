import { z } from 'zod';
import { listOf, personal, plain } from './field.ts';

/**
 * What is written down of people who look for mail without an alert. Searching mailboxes is power: who asked for what and why
 * stands there before anything is looked for, and what came of it before it is shown.
 */

export const INQUIRING = {
  'inquiry.asked': z.object({
    inquiry: plain(),
    /** What was looked for, by which mark of a mail. */
    criteria: listOf(z.object({ by: plain(), value: personal() })),
    days: z.number(),
    reason: personal(),
    roles: listOf(plain()),
    /** The role of which somebody else has to allow it; null where nobody has to. */
    second: plain().nullable(),
  }),
  /** The entry is about the incident because of which mail is looked for that this account sent to people inside. */
  'inquiry.about': z.object({ inquiry: plain(), address: personal(), days: z.number(), reason: personal() }),
  /** By somebody else than who asked. `digest`: over what they were shown, which is what was asked for. */
  'inquiry.allowed': z.object({ inquiry: plain(), roles: listOf(plain()), digest: personal() }),
  /** `outcome` is why. `inquiry`: the one that was asked about; null for a new one. */
  'inquiry.refused': z.object({ inquiry: plain().nullable(), roles: listOf(plain()) }),
  /** One service has answered one question of it. `digest`: over what it said, which is counted only as it was said. */
  'inquiry.heard': z.object({ inquiry: plain(), question: plain(), digest: personal() }),
  'inquiry.answered': z.object({
    inquiry: plain(),
    mails: z.number(),
    copies: z.number(),
    coverage: listOf(
      z.object({ name: plain(), status: plain(), found: z.number(), cutAt: z.number().nullable(), detail: personal() }),
    ),
    /** Each mail with the digest of its list, which is the one that an incident is made of. */
    lists: listOf(z.object({ mail: plain(), digest: personal(), copies: z.number() })),
    /** Over all of the answer, as it is shown. Null in what was written before there was one: then the lists alone count. */
    answer: personal().nullable().default(null),
  }),
  /** Whoever sits at the machine was shown how a search stands, somebody else's perhaps. */
  'inquiry.seen': z.object({ inquiry: plain() }),
  /** The entry is about the incident that the list went into. `outcome`: 'made', or 'joined' where the mail had one. */
  'inquiry.filed': z.object({
    inquiry: plain(),
    mail: plain(),
    digest: personal(),
    copies: z.number(),
    /** People who had followed its link, as the answer shows it; null where nobody could say, and in what was written before. */
    clicked: z.number().nullable().default(null),
  }),
};
