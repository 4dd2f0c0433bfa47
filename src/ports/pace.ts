import type { Answers, Pace } from '../core/tell/pace-words.ts';

/** How fast Microsoft answers this process. Nothing is known of what others saw, nor from before this process began. */
export interface PaceMeter {
  /** Null while there was never enough to ask to tell. */
  now(): Pace | null;
  /** Between two ISO times; null where nothing was asked, or too long ago. */
  between(from: string, to: string): Answers | null;
}
