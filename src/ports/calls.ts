import type { Platform } from './rooms.ts';

/** One step towards the decision that an incident waits for. */
export interface CallStep {
  readonly incident: string;
  /** Since when it is waited for (ISO time): the same incident may ask again. */
  readonly question: string;
  /** Number of the step of its escalation; -1 for the call that comes with the question itself. */
  readonly step: number;
}

export interface TakenCall {
  /** Whether nobody has sent a message about this step into this room before. */
  readonly message: boolean;
  /** Of the people who were to be called, those whom nobody has called for this step in any chat. */
  readonly people: readonly string[];
}

/** Who is called where. Part of a transaction of the store. */
export interface Calls {
  /** Takes the call upon oneself, before it is made: what was taken before, by whomever, is not taken again. */
  take(step: CallStep, platform: Platform, people: readonly string[], at: string): Promise<TakenCall>;
  /** It is certain that it was not made. */
  giveBack(step: CallStep, platform: Platform, taken: TakenCall): Promise<void>;
  /** Somebody did something in this chat, at that time (ISO). */
  acted(person: string, platform: Platform, at: string): Promise<void>;
  /** The chat in which each of them did something last, as far as they did. */
  lastActed(people: readonly string[]): Promise<ReadonlyMap<string, Platform>>;
}
