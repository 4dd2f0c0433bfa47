import type { FlagTerms } from '../ask/flags.ts';
import { instantOf } from '../instant.ts';
import { type Flag, HELD_STEP } from './flag.ts';

/** Who is told when a flagged mailbox waits too long. Which steps are over stands in the record, so a restart changes nothing. */

export interface FlagStep {
  /** Unique among the steps of one due date. */
  readonly name: string;
  /** `held`: somebody wanted it put off once more than the policy lets them. */
  readonly kind: 'reminder' | 'overdue' | 'escalation' | 'held';
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The role that is told; null: whoever owns it, or those who review where nobody does, or where it was not put off. */
  readonly role: string | null;
}

const HOUR_MS = 3_600_000;

function stepsOf(
  { dueAt, heldAt }: Pick<Flag, 'dueAt' | 'heldAt'>,
  { remindBefore, escalate }: FlagTerms,
): readonly FlagStep[] {
  const due = instantOf(dueAt);
  return [
    ...remindBefore.map(
      (hours): FlagStep => ({ name: `${hours} h before`, kind: 'reminder', at: due - hours * HOUR_MS, role: null }),
    ),
    { name: 'overdue', kind: 'overdue' as const, at: due, role: null },
    ...(heldAt === null
      ? []
      : [{ name: HELD_STEP, kind: 'held' as const, at: instantOf(heldAt), role: escalate?.to ?? null }]),
    ...(escalate
      ? [
          {
            name: `escalated to ${escalate.to}`,
            kind: 'escalation' as const,
            at: due + escalate.afterHours * HOUR_MS,
            role: escalate.to,
          },
        ]
      : []),
  ].sort((a, b) => a.at - b.at);
}

/**
 * What is to be told now, and when there will be more, milliseconds since 1970; null for never. Of reminders that were missed
 * only the last one is told, and none once it is overdue; what would have been due before it was raised is none.
 */
export function stepsNow(
  flag: Pick<Flag, 'state' | 'dueAt' | 'since' | 'raisedAt' | 'steps' | 'heldAt'>,
  terms: FlagTerms,
  now: number,
): { readonly due: readonly FlagStep[]; readonly next: number | null } {
  if (flag.state === 'cleared') return { due: [], next: null };
  const steps = stepsOf(flag, terms).filter(({ at }) => at > instantOf(flag.raisedAt));
  const passed = steps.filter(({ at }) => at <= now);
  const lastReminder = passed.findLast(({ kind }) => kind === 'reminder');
  const isOverdue = passed.some(({ kind }) => kind === 'overdue');
  const due = passed.filter(
    (step) => !flag.steps.includes(step.name) && (step.kind !== 'reminder' || (step === lastReminder && !isOverdue)),
  );
  return { due, next: steps.find(({ at }) => at > now)?.at ?? null };
}
