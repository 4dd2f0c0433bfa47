import type { MailboxSet, Policy, Seat } from './policy.ts';
import type { Asked } from './rule.ts';
import { strictest } from './step-up.ts';

/** What a list of measures takes before anything of it is done: one decision for all of them together. */

export interface MeasureTerms {
  /** The rules that decided, each once. */
  readonly rules: readonly string[];
  readonly seats: readonly Seat[];
  readonly expiryMinutes: number;
  readonly reason: boolean;
  /** Authentication context that each approval needs, or null. */
  readonly stepUp: string | null;
}

/**
 * Everybody whom any of them asks for, of each role as many as the one that asks for most; the shortest time; and of several
 * authentication contexts the one with the highest number. Escalations hold for none of them: nobody is put in the place of
 * somebody else where accounts are concerned.
 */
export function together(terms: readonly (Asked | MeasureTerms)[]): MeasureTerms | null {
  if (terms.length === 0) return null;
  const roles = new Map<string, number>();
  for (const { seats } of terms)
    for (const [role, count] of countsOf(seats)) roles.set(role, most([count, roles.get(role) ?? 0]));
  return {
    rules: [...new Set(terms.flatMap((one) => ('rules' in one ? one.rules : [one.rule])))],
    seats: [...roles].map(([role, count]) => ({ role, count })),
    expiryMinutes: [...terms].sort((a, b) => a.expiryMinutes - b.expiryMinutes)[0]?.expiryMinutes ?? 0,
    reason: terms.some(({ reason }) => reason),
    stepUp: strictest(terms.map(({ stepUp }) => stepUp)),
  };
}

/** Seats of protected sets stand beside those of the rule: of one role they add up. */
function countsOf(seats: readonly Seat[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { role, count } of seats) counts.set(role, (counts.get(role) ?? 0) + count);
  return counts;
}

const most = (numbers: readonly number[]) => [...numbers].sort((a, b) => b - a)[0] ?? 0;

/** A name that the policy gives to several kinds; null for none of this name. */
export function playbookNamed({ playbooks }: Partial<Pick<Policy, 'playbooks'>>, name: string): Playbook | null {
  return playbooks?.find((one) => one.name === name) ?? null;
}

export type Playbook = Policy['playbooks'][number];

/** Whether it is meant for a mail of this kind. */
export function fits({ when }: Playbook, about: { readonly verdict: string; readonly severity: string }): boolean {
  const has = (allowed: readonly string[] | undefined, value: string) => allowed?.includes(value) ?? true;
  return has(when?.verdict, about.verdict) && has(when?.severity, about.severity);
}

const NOBODY: MailboxSet = { addresses: [], entraGroups: [] };

/** Accounts that must work when everything else is locked: nothing is ever done to them. Policies from before have none. */
export function breakGlassOf({ breakGlass }: Partial<Pick<Policy, 'breakGlass'>>): MailboxSet {
  return breakGlass ?? NOBODY;
}
