import type { DayOfReports } from '../core/find/silence.ts';

/** How far each source that is asked has been read. Part of a transaction of the store. */

export interface CursorKey {
  readonly source: string;
  readonly vendor: string;
}

export interface CursorState {
  /** Since when every question failed, ISO time; null while it answers. */
  readonly failingSince: string | null;
  readonly failures: number;
  /** What it failed with last. */
  readonly why: string | null;
  /** When it last had something to tell; null: never. */
  readonly heardAt: string | null;
  /** On which days it had anything new, and how often. */
  readonly days: readonly DayOfReports[];
  /** Since when it is told that it has fallen silent, ISO time; null while it is not. */
  readonly silentAt: string | null;
}

/** How often a vendor may be asked with one credential, whatever asks with it. */
export interface Allowance {
  readonly vendor: string;
  /** A digest that stands for the credential. */
  readonly credential: string;
  /** So many questions in 24 hours that roll on. */
  readonly most: number;
}

interface Claimed {
  readonly cursor: string | null;
  /** Proves who may move it: grows with every claim. */
  readonly fence: number;
  /** How often in a row it has failed. */
  readonly failures: number;
}

export interface Cursors {
  /** Whether it may be asked: nobody has it in hand, and it need not be left alone. */
  isDue(key: CursorKey): Promise<boolean>;
  /** Nobody else asks it for `leaseMs`; null when it is not due. */
  claim(key: CursorKey, leaseMs: number): Promise<Claimed | null>;
  /** Holds the row until the transaction ends, and keeps it for `leaseMs` more; false when somebody else has claimed it since. */
  hold(key: CursorKey, fence: number, leaseMs: number): Promise<boolean>;
  /** Under `hold`: the next question begins at `cursor`, after `restMs`. `heard`: how many new things it had to tell. */
  move(
    key: CursorKey,
    to: { readonly cursor: string; readonly heard: number; readonly restMs: number },
    at: string,
  ): Promise<void>;
  /** Under `hold`: it gave no answer, and is left alone for `restMs`. `cursor`: left out where it stays. */
  failed(key: CursorKey, how: { why: string; restMs: number; cursor?: string | undefined }, at: string): Promise<void>;
  /**
   * It has something new to tell, says whoever knows: it need not be left alone any more, unless it fails; `anyhow`: also then,
   * because somebody may have mended it.
   */
  hurry(key: CursorKey, anyhow?: boolean): Promise<void>;
  /** Under `hold`: it is told from now on that it has fallen silent (ISO time), or that it speaks again (null). */
  silent(key: CursorKey, at: string | null): Promise<void>;
  state(key: CursorKey): Promise<CursorState | null>;
  /**
   * One question more, counted before it is asked: what fails, or whose process dies, was asked as well. By the hours in which they
   * were asked. Null: it may be asked; else after how long the first of them are old enough, milliseconds.
   */
  spend(allowed: Allowance, at: string): Promise<number | null>;
}
