import type { MeasureList } from '../core/find/measure-list.ts';
import type { Image } from '../core/measure/measure.ts';
import type { Unread } from '../core/unread.ts';

/**
 * Lists of measures, and what was seen of each right before and after. Who voted, what was begun and what became of it stand
 * in the record alone: a row here says that there is work, and keeps what is too much for an entry. Part of a transaction of
 * the store.
 */
export interface MeasureLists {
  /** Wanted, and not made yet. */
  add(list: { readonly id: string; readonly incident: string; readonly at: string }): Promise<void>;
  get(id: string): Promise<StoredList | null>;
  /** The same, held until the transaction ends. */
  lock(id: string): Promise<StoredList | null>;
  /** From now on it waits for people. False where it was made already. */
  freeze(list: MeasureList): Promise<boolean>;
  ofIncident(incident: string): Promise<readonly string[]>;
  /** Whether there is something to do for a process. */
  open(id: string, isOpen: boolean): Promise<void>;
  /** Those with something to do that are in nobody's hands and do not rest, and those whose time is over, or that somebody has to be reminded of, by `now` (ISO time). */
  waiting(now: string): Promise<readonly string[]>;
  /** Takes its work for `leaseMs`; false where there is none to be had. `by`: fresh, names the claim. */
  claim(id: string, by: string, leaseMs: number): Promise<boolean>;
  /** Keeps it for `leaseMs` from now; false where the claim is over. */
  extend(id: string, by: string, leaseMs: number): Promise<boolean>;
  /** Gives its work back, to rest for so long. */
  release(id: string, by: string, restMs: number): Promise<void>;
  /** When somebody has to be reminded of it next, ISO time; null for never. */
  remindAt(id: string, at: string | null): Promise<void>;
  toRemind(id: string): Promise<string | null>;
  keepImage(id: string, n: number, when: 'before' | 'after', image: Image): Promise<void>;
  /** Null where there is none, and where it cannot be read. */
  image(id: string, n: number, when: 'before' | 'after'): Promise<Image | null>;
}

export interface StoredList {
  readonly id: string;
  readonly incident: string;
  /** ISO time at which it was asked for. */
  readonly at: string;
  /** Null while it is not made, and where it cannot be read. */
  readonly list: MeasureList | null;
  /** What of its row could not be read: nothing is done with it. */
  readonly unread?: Unread;
}
