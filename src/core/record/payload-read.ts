import { z } from 'zod';
import { listOf, personal, plain } from './field.ts';

/** What is written down of what people read beyond cards and lists: before they see it. */

export const READING = {
  /** `way`: by which it was taken along, the page, a message in the chat or the command line. */
  'list.exported': z.object({
    format: plain(),
    rows: z.number(),
    way: plain(),
    roles: listOf(plain()),
    reason: personal().nullable(),
  }),
  /** `outcome`: what became of a list that went to somebody's messages; `why` it did not, and what the chat said. */
  'list.sent': z.object({ format: plain(), why: plain().nullable(), note: personal() }),
  /** `outcome` is what came of it; the entry about the mailbox that it was read in. */
  'excerpt.asked': z.object({ roles: listOf(plain()), reason: personal() }),
  'excerpt.read': z.object({ characters: z.number(), note: personal() }),
};
