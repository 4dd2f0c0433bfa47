import { type Unfit, unfitIn } from '../measure/hand-line.ts';
import type { PersonFinding } from './finding.ts';

/** Kinds of findings whose answer may be a line for an administrator that names what somebody else has written. */
export const ANSWERED_BY_HAND = ['inbox-rule', 'delegate', 'consent'] as const;
export type AnsweredByHand = (typeof ANSWERED_BY_HAND)[number];

/**
 * Why a finding that is there has neither a measure nor a line that answers it, although its kind has one: whoever named the rule,
 * the app or the account may have wanted that. Null where it has one, or nothing answers it.
 */
export function unwrittenIn({
  kind,
  row,
  measure,
  byHand,
}: PersonFinding): { readonly what: AnsweredByHand; readonly why: Unfit } | null {
  if (measure !== null || byHand !== null) return null;
  const name = (field: string) => unfitIn(String(row[field] ?? '')) ?? 'hidden';
  if (kind === 'inbox-rule') return { what: kind, why: name('name') };
  if (kind === 'delegate' && /fullaccess/i.test(String(row['rights'] ?? ''))) return { what: kind, why: name('who') };
  return kind === 'consent' && row['isForAll'] === true ? { what: kind, why: 'no id' } : null;
}
