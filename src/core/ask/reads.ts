import { z } from 'zod';
import { roleName } from './condition.ts';

/** Who may read more than what cards and lists show, and what that takes. */

export const READ_RIGHTS = ['export', 'excerpt'] as const;
export type ReadRight = (typeof READ_RIGHTS)[number];

export function isReadRight(verb: string): verb is ReadRight {
  return (READ_RIGHTS as readonly string[]).includes(verb);
}

const readers = () => z.array(roleName()).max(20);
export const Reads = z.strictObject({
  export: readers()
    .optional()
    .describe('Who takes the whole list of mailboxes along. Left out: whoever holds any role. []: nobody.'),
  exportReason: z.boolean().default(false).describe('Whether they have to say what for. It goes into the record.'),
  excerpt: readers()
    .default([])
    .describe('Who reads the beginning of the text of a mail, each time with a reason. Left out: nobody.'),
});

/** A policy that was stored before there were such rights lacks them. */
interface Governed {
  readonly reads?: z.infer<typeof Reads>;
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
