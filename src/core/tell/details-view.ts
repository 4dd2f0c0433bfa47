import { z } from 'zod';

/** What a page of the mailbox list says. As for cards: every string is final, and templates bind nothing but strings, booleans and flat rows. */

const line = (max: number) => z.string().min(1).max(max);

/** One page of the mailbox list, for one pair of eyes. */
export const DetailsView = z.strictObject({
  incident: line(40),
  digest: z.string().regex(/^([0-9a-f]{64})?$/),
  title: line(100),
  summary: line(300),
  rows: z.array(z.strictObject({ mailbox: line(330), folder: line(200), seen: line(120), outcome: line(120) })).max(15),
  /** `Page 1 of 12`. */
  page: line(40),
  previous: z.string().regex(/^\d*$/),
  next: z.string().regex(/^\d*$/),
  hasPrevious: z.boolean(),
  hasNext: z.boolean(),
});
export type DetailsView = z.infer<typeof DetailsView>;
