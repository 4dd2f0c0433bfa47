import type { Exercise, Voucher } from '../find/exercise.ts';
import { VOUCHERS } from '../find/exercise.ts';
import { situationOf } from '../incident/incident.ts';
import type { Recorded } from '../record/ledger.ts';
import { count, inertOr } from '../text.ts';
import type { CardView } from './card.ts';
import type { CaseFacts } from './case.ts';

/** What a card says of phishing exercises: as the record has it, with who vouches for it. */

/** What the entry says of this list; `before` for entries of other kinds and other lists. */
export function exerciseIn(entry: Recorded, list: string | null, before: Exercise | null): Exercise | null {
  if (entry.type !== 'exercise.recognised' || entry.planDigest !== list) return before;
  const { whole, by, copies, marks } = entry.detail;
  return { whole, by: VOUCHERS.filter((one) => by.includes(one)), copies, marks };
}

const WORDS: Readonly<Record<Voucher, string>> = {
  microsoft: 'Microsoft calls this very delivery its attack simulation',
  address: 'Exchange saw it come from an address that the configuration names',
  'return-path': 'SPF passed for an envelope sender that the configuration names',
};

/** What a card shows in place of a question, while all that was seen of the mail is an exercise; nothing otherwise. */
export function exerciseView({ exercise, incident }: Pick<CaseFacts, 'exercise' | 'incident'>): Shown {
  const situation = situationOf(incident);
  if (!exercise?.whole || (situation !== 'open' && situation !== 'expired')) return {};
  const reach = `${count(exercise.copies, 'copy', 'copies')} of the exercise, left alone`;
  return { state: 'Phishing exercise', tone: 'neutral', status: exerciseStatus(exercise), reach };
}

type Shown = Partial<Pick<CardView, 'state' | 'tone' | 'status' | 'reach'>>;

function exerciseStatus({ by, copies }: Exercise): string {
  const reach = copies > 0 ? ` ${count(copies, 'copy', 'copies')} seen, none touched.` : '';
  return `Information: a phishing exercise of your own (${by.map((one) => WORDS[one]).join('; ')}).${reach} Nobody is asked, and nothing is removed.`;
}

const SHOWN_MARKS = 3;

/** Among the warnings, where not all of it is one. */
export function exerciseLines(exercise: Exercise | null): string[] {
  if (!exercise) return [];
  const { whole, copies, marks } = exercise;
  const names = marks.slice(0, SHOWN_MARKS).map((name) => inertOr(name, 'a header', 60));
  return [
    ...(!whole && copies > 0
      ? [
          `${count(copies, 'copy', 'copies')} with the same headers came from an exercise of your own and ${copies === 1 ? 'is' : 'are'} left alone. Nobody vouches for those in this list: treat them as an attack.`,
        ]
      : []),
    ...(marks.length > 0
      ? [
          `It bears a header of phishing exercises (${names.join(', ')}). Anybody can write a header: nothing follows from it.`,
        ]
      : []),
  ];
}
