import { z } from 'zod';

/** What the tenant's own defence takes out of mailboxes without asking anybody: whether somebody looks at it. */
export const AutomationSettings = z
  .strictObject({
    list: z
      .boolean()
      .default(false)
      .describe('Once a day, what Defender took out on its own, in one message; needs hunting. Off: nobody asks.'),
    samples: z.int().min(1).max(5).default(3).describe('So many subjects of a cluster are named in it.'),
  })
  .default({ list: false, samples: 3 })
  .describe('A second pair of eyes on Defender’s automation. What may be put back, the policy says under release.');
