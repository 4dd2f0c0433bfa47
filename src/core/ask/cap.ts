import { count } from '../text.ts';
import type { Cap } from './policy.ts';

/** How much was done in the last hour, and whether one more is over a cap. Undo never counts. */

export interface Usage {
  readonly approvedBy: readonly string[];
  readonly mailboxes: number;
}

/** Why `mailboxes` more in one plan would be over a cap, of the tenant or of somebody who approves; null when not. */
export function overCap(
  caps: { readonly tenant: Cap; readonly analyst: Cap },
  lastHour: readonly Usage[],
  next: { readonly mailboxes: number; readonly people: readonly string[] },
): string | null {
  const tenant = exceeded(caps.tenant, lastHour, next.mailboxes);
  if (tenant) return `the tenant\u2019s cap of ${tenant}`;
  for (const person of next.people) {
    const own = lastHour.filter(({ approvedBy }) => approvedBy.includes(person));
    const analyst = exceeded(caps.analyst, own, next.mailboxes);
    if (analyst) return `one person\u2019s cap of ${analyst}`;
  }
  return null;
}

function exceeded({ plansPerHour, mailboxesPerHour }: Cap, done: readonly Usage[], more: number): string | null {
  if (plansPerHour !== undefined && done.length + 1 > plansPerHour) return `${count(plansPerHour, 'plan')} an hour`;
  const mailboxes = done.reduce((sum, run) => sum + run.mailboxes, more);
  return mailboxesPerHour !== undefined && mailboxes > mailboxesPerHour
    ? `${count(mailboxesPerHour, 'mailbox', 'mailboxes')} an hour`
    : null;
}
