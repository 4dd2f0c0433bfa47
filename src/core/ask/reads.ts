import { z } from 'zod';
import { roleName } from './condition.ts';

/** Who may read more than what cards and lists show, and what that takes. */

export const READ_RIGHTS = ['export', 'excerpt'] as const;
export type ReadRight = (typeof READ_RIGHTS)[number];

export function isReadRight(verb: string): verb is ReadRight {
  return (READ_RIGHTS as readonly string[]).includes(verb);
}

const readers = () => z.array(roleName()).max(20);
/** Where the policy lets people search and says no number. */
const SEARCHES_PER_HOUR = 20;
const Search = z.strictObject({
  by: readers().describe('Who looks for mail in all mailboxes, each time with a reason.'),
  perHour: z.int().min(1).max(1_000).default(SEARCHES_PER_HOUR).describe('So many searches of one person.'),
  second: roleName()
    .optional()
    .describe('Each search waits until somebody else with this role has allowed it. Left out: nobody has to.'),
});
export const Reads = z.strictObject({
  export: readers()
    .optional()
    .describe('Who takes the whole list of mailboxes along. Left out: whoever holds any role. []: nobody.'),
  exportPerHour: z
    .int()
    .min(1)
    .max(1_000)
    .optional()
    .describe(
      'So many lists of one person. Left out: as many as they like. The command line of the machine has no limit.',
    ),
  exportReason: z.boolean().default(false).describe('Whether they have to say what for. It goes into the record.'),
  excerpt: readers()
    .default([])
    .describe('Who reads the beginning of the text of a mail, each time with a reason. Left out: nobody.'),
  search: Search.optional().describe('Looking for mail without an alert. Left out: nobody does.'),
});

/** Who searches, how often, and who has to allow it; null where nobody does. */
export function searching({ reads }: Governed): z.infer<typeof Search> | null {
  return reads?.search ?? null;
}

/** Whether somebody with these roles may look for mail. */
export function maySearch(policy: Governed, roles: readonly string[]): boolean {
  return searching(policy)?.by.some((role) => roles.includes(role)) ?? false;
}

/** A policy that was stored before there were such rights lacks them. */
interface Governed {
  readonly reads?: z.infer<typeof Reads>;
}

/** So many in an hour of one person; null for as many as they like. */
export function mostPerHour({ reads }: Governed, right: ReadRight): number | null {
  return right === 'export' ? (reads?.exportPerHour ?? null) : null;
}

/** The roles that have this right; `null`: any of them. */
export function readersOf({ reads }: Governed, right: ReadRight): readonly string[] | null {
  return right === 'export' ? (reads?.export ?? null) : (reads?.excerpt ?? []);
}

/** Whether somebody with these roles has it. Without a role nobody has any. */
export function mayRead(policy: Governed, right: ReadRight, roles: readonly string[]): boolean {
  const readers = readersOf(policy, right);
  return roles.some((role) => readers === null || readers.includes(role));
}

/** Whether the policy names anybody for it. */
export function canAnybodyRead(policy: Governed, right: ReadRight): boolean {
  return readersOf(policy, right)?.length !== 0;
}

/** An excerpt is never read without a reason. */
export function asksWhy({ reads }: Governed, right: ReadRight): boolean {
  return right === 'excerpt' || reads?.exportReason === true;
}
