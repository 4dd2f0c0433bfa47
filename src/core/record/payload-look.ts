import { z } from 'zod';
import { listOf, plain } from './field.ts';

/**
 * What is written down of a look at the people of an incident. Who they are stands in what is stored of it, which this digest is of: the
 * record keeps numbers.
 */
export const LOOKING_AT_PEOPLE = {
  'people.looked': z.object({
    /** Of its list, from 0. */
    nth: z.number(),
    because: plain(),
    digest: plain(),
    people: z.number(),
    asked: z.number(),
    findings: z.number(),
    suspected: z.number(),
    /** People who followed its link; null where nobody could say, and in what was written before this was kept. */
    clicked: z.number().nullable().default(null),
    kinds: listOf(z.object({ kind: plain(), findings: z.number() })),
    sources: listOf(z.object({ source: plain(), is: plain() })),
  }),
};
