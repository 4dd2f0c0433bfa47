import { z } from 'zod';
import { listOf, personal, plain } from './field.ts';

/** What is written down of what the tenant's own defence took out of mailboxes, and of who wants it back. */

export const AUTOMATING = {
  /** One list was made. Each cluster with the digest that an incident is made of; `digest`: over all of the list. */
  'automation.listed': z.object({
    list: plain(),
    from: plain(),
    until: plain(),
    clusters: listOf(z.object({ key: plain(), digest: personal(), copies: z.number() })),
    odd: z.number(),
    failed: z.number(),
    ours: z.number(),
    known: z.number(),
    left: z.number(),
    cutAt: z.number().nullable(),
    digest: personal(),
  }),
  /** The entry is about the incident that asks for it. `outcome`: 'made', or 'known' where it was there. */
  'automation.opened': z.object({
    list: plain(),
    cluster: plain(),
    digest: personal(),
    copies: z.number(),
    roles: listOf(plain()),
  }),
  /** `outcome` is why. */
  'automation.refused': z.object({ list: plain(), cluster: plain(), roles: listOf(plain()) }),
};
