import type { Situation } from '../incident/incident.ts';
import { shortTime } from '../text.ts';

/** What work on an incident waits for, as a process saw it: said with its time, and taken back when the work goes on. */

export const DELAYED = ['looking', 'looking again', 'working'] as const;
export const DELAYS = ['slow', 'silent', 'busy'] as const;

export interface Delay {
  readonly of: (typeof DELAYED)[number];
  /** `slow`: no answer yet. `silent`: there was none. `busy`: copies rest before another try. */
  readonly why: (typeof DELAYS)[number];
  /** ISO time. */
  readonly since: string;
  /** When it is tried again, ISO time; null where that is not known. */
  readonly until: string | null;
}

const WORDS: Readonly<Record<Delay['why'], string>> = {
  slow: 'Waiting for the answers of hunting and of the mailboxes',
  silent: 'The mail service gave no answer when it was asked last',
  busy: 'Some copies wait for the mail service and are tried again',
};

/** Empty where the case has gone on since. */
export function delayWords(delay: Delay | null, situation: Situation): string {
  if (delay === null || !fits(delay, situation)) return '';
  const what = delay.of === 'looking again' ? 'Looking again for copies. ' : '';
  const until = delay.until === null ? '' : `, until about ${shortTime(delay.until)}`;
  return `${what}${WORDS[delay.why]}: since ${shortTime(delay.since)}${until}.`;
}

/** Whether it can still be so, as the case stands. */
export function fits({ of }: Delay, situation: Situation): boolean {
  if (of === 'looking') return situation === 'received';
  if (of === 'working') return situation === 'running';
  return situation !== 'received' && situation !== 'rejected' && situation !== 'expired';
}
