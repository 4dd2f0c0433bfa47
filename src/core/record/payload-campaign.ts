import { z } from 'zod';
import { listOf, personal, plain } from './field.ts';

/** What is written down of incidents that are shown as one. */

export const CAMPAIGN = {
  /** `by`: marks that agree, or copies of a wave that turned up late. */
  'campaign.joined': z.object({
    lead: plain(),
    by: plain(),
    marks: listOf(z.object({ kind: plain(), value: personal() })),
  }),
  /** What was seen of it only once it was looked for, by which others may be known as more of it. */
  'campaign.marked': z.object({ marks: listOf(z.object({ kind: plain(), value: personal() })) }),
  /** A person took it out. */
  'campaign.left': z.object({ lead: plain() }),
  /** It has the marks of that campaign and is none of its waves: why. */
  'campaign.followed': z.object({ older: plain(), because: plain() }),
};
