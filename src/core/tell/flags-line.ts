import type { FlagState } from '../flag/flag.ts';
import { clip, count, inertOr, number, shortTime } from '../text.ts';

/** Flagged mailboxes on the card of the mail that they were flagged for: how many, and never whose. Everybody in the room reads it. */

export interface FlagsOnCard {
  /** As the record has them, or as they are stored where there are many. */
  readonly states: Readonly<Record<FlagState, number>>;
  readonly overdue: number;
  /** The soonest date of one that is not cleared, ISO time. */
  readonly dueAt: string | null;
  /** Names of those who look after some; null where there are too many to be read. */
  readonly owners: readonly string[] | null;
  /** What is stored of so many is not what the record says. */
  readonly differ: number;
}

const ORDER = ['raised', 'in review', 'contained', 'cleared'] as const satisfies readonly FlagState[];
const MOST_NAMES = 3;

/** `Flagged mailboxes: 1 raised, 2 in review, looked after by Omar; due 26 Nov 14:05 UTC, 1 overdue.` */
export function flagLines(flags: FlagsOnCard | null): readonly string[] {
  if (flags === null) return [];
  const { states, overdue, dueAt, differ } = flags;
  const told = ORDER.flatMap((state) => (states[state] > 0 ? [`${number(states[state])} ${state}`] : []));
  const late = overdue > 0 ? `, ${number(overdue)} overdue` : '';
  const due = dueAt === null ? '' : `; due ${shortTime(dueAt)}${late}`;
  const odd = differ === 0 ? '' : `; ${count(differ, 'more differs', 'more differ')} from the record`;
  return [
    clip(`Flagged mailboxes: ${told.join(', ') || 'none that can be told'}${ownersWords(flags)}${due}${odd}.`, 300),
  ];
}

function ownersWords({ owners, states }: FlagsOnCard): string {
  if (owners === null || states.raised + states['in review'] + states.contained === 0) return '';
  if (owners.length === 0) return ', nobody looks after them';
  const names = owners.slice(0, MOST_NAMES).map((name) => inertOr(name, 'somebody', 40));
  const more = owners.length - names.length;
  return `, looked after by ${names.join(', ')}${more > 0 ? ` and ${number(more)} more` : ''}`;
}
