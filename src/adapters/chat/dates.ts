import type { CardView } from '../../core/tell/card.ts';
import { shortTime } from '../../core/text.ts';

/** The instants of a card, for the chats' own dates: people read the time of their own place. */

type Instant = 'deadline' | 'endedAt' | 'undoUntil';
type Dates = Readonly<Record<`${Instant}Text` | `${Instant}Seconds`, string>>;

/** Of each: seconds since 1970, and words for whoever cannot be shown a date. Of none: zero and a dash. */
export function datesOf({ deadline, endedAt, undoUntil }: Pick<CardView, Instant>): Dates {
  return {
    deadlineText: words(deadline),
    deadlineSeconds: seconds(deadline),
    endedAtText: words(endedAt),
    endedAtSeconds: seconds(endedAt),
    undoUntilText: words(undoUntil),
    undoUntilSeconds: seconds(undoUntil),
  };
}

const words = (iso: string) => (iso === '' ? '\u2014' : shortTime(iso));
const seconds = (iso: string) => (iso === '' ? '0' : String(Date.parse(iso) / 1_000));
