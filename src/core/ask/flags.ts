import { z } from 'zod';
import { roleName } from './condition.ts';
import { APPROVER, seats } from './seat.ts';

/** Who looks after flagged mailboxes, until when, and what it takes to clear one. */

/** What is done where a second look at the findings was not possible, or still sees some. */
const UNCLEAN = ['second person', 'refuse', 'accept'] as const;
const roles = () => z.array(roleName()).max(5);
const hours = (least: number) => z.int().min(least).max(2_160);

export const Flags = z.strictObject({
  review: roles()
    .min(1)
    .default([APPROVER])
    .describe('Who sees flagged mailboxes, takes one, and calls it contained. It counts so once that is seen.'),
  raise: roles().default([]).describe('Who flags a mailbox by hand. Left out: nobody; the action flag does.'),
  clear: seats()
    .default(() => [{ role: APPROVER, count: 1 }])
    .describe('Who clears one, with a reason. Whoever owns the mailbox never does.'),
  unclean: z
    .enum(UNCLEAN)
    .default('second person')
    .describe('Where a second look still sees findings, or none was possible: who has to agree.'),
  unlooked: z
    .enum(UNCLEAN)
    .optional()
    .describe(
      'Where nothing was found, and something cannot be looked at for want of a licence, a permission, or what is switched off. Left out: accept where unclean is that, else a second person.',
    ),
  dueHours: hours(1).default(72).describe('From when it was raised.'),
  postpone: z
    .int()
    .min(0)
    .max(20)
    .default(2)
    .describe(
      'So often its date is moved, by flagging it once more or opening it again. After that it stays, and whom escalate names is told; without that, those who review.',
    ),
  remindBefore: z.array(hours(1)).max(5).default([24]).describe('Hours before it is due: its owner is told.'),
  escalate: z
    .strictObject({
      afterHours: hours(0).default(0),
      to: roleName().describe('Who is told, so long after it was due.'),
    })
    .optional(),
});
export type FlagTerms = z.infer<typeof Flags>;

/** A policy that was stored before there were terms for flags lacks them. */
export function flagTerms({ flags }: { readonly flags?: FlagTerms }): FlagTerms {
  return Flags.parse(flags ?? {});
}

/** What it takes to clear one where nobody can look at all of it. */
export function unlookedTerm({ unclean, unlooked }: FlagTerms): NonNullable<FlagTerms['unlooked']> {
  return unlooked ?? (unclean === 'accept' ? 'accept' : 'second person');
}

/** Whether somebody with these roles sees flagged mailboxes at all. */
export function maySeeFlags({ review, clear }: FlagTerms, held: readonly string[]): boolean {
  return [...review, ...clear.map(({ role }) => role)].some((role) => held.includes(role));
}

/** Every place of them that names a role without seats. */
export function rolesOfFlags({ flags }: { readonly flags?: FlagTerms }): { path: (string | number)[]; role: string }[] {
  if (!flags) return [];
  const { review, raise, escalate } = flags;
  return [
    ...review.map((role, index) => ({ path: ['flags', 'review', index], role })),
    ...raise.map((role, index) => ({ path: ['flags', 'raise', index], role })),
    ...(escalate ? [{ path: ['flags', 'escalate', 'to'], role: escalate.to }] : []),
  ];
}
