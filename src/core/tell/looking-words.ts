import { instantOf } from '../instant.ts';
import { count, number } from '../text.ts';
import { spanWords } from './pace-words.ts';

/** How far a search of many mailboxes is. */
export interface Looking {
  readonly mailboxes: number;
  readonly done: number;
  /** When it was begun, ISO time. */
  readonly since: string;
}

const SECOND_MS = 1_000;
/** Before that much time and that part of it a pace is an accident. */
const ENOUGH_MS = 3 * SECOND_MS;
const ENOUGH = 0.1;

/** `4,200 of 12,000 mailboxes looked into, about 2 minutes left at this pace.` `now`: ISO time. Empty for nothing to say. */
export function lookingWords(looking: Looking | null, now: string): string {
  if (looking === null || looking.done >= looking.mailboxes) return '';
  const { mailboxes, done, since } = looking;
  const ranMs = instantOf(now) - instantOf(since);
  const isKnown = ranMs >= ENOUGH_MS && done >= mailboxes * ENOUGH;
  const left = isKnown ? `, about ${spanWords(((mailboxes - done) * ranMs) / done / SECOND_MS)} left at this pace` : '';
  return `${number(done)} of ${count(mailboxes, 'mailbox', 'mailboxes')} looked into${left}.`;
}
