import type { FinderStatus } from '../core/find/finder.ts';
import type { Delivered } from '../core/find/identify.ts';
import type { MessageKey } from '../core/find/key.ts';
import type { Ability } from './ability.ts';

/** By what deliveries are looked for. */
export type MessageIds = Pick<MessageKey, 'internetMessageId' | 'networkMessageId'>;

/** Whether somebody waits for a plan. */
export type FinderPatience = 'short' | 'long';

export interface Tracking {
  readonly status: FinderStatus;
  /** Empty unless it answered. */
  readonly deliveries: readonly Delivered[];
  readonly requestId: string;
  /** Why it gave no answer, for people; empty where it did. */
  readonly detail: string;
  /** How long it wants to be left alone; null where it did not ask for that. */
  readonly waitMs: number | null;
  /** There may be more deliveries than were told: a service may cut long answers without saying so. */
  readonly cutOff: boolean;
}

/** A service that keeps track of deliveries. What an alert names as recipients is none. */
export interface Finder {
  /** One word, as plan, record and readiness name it. */
  readonly name: string;
  /** False: the configuration switched it off, and it answers 'off' without being asked. */
  readonly isOn: boolean;
  readonly can: { readonly find: Ability };
  /**
   * Deliveries that bear one of the ids. Which of them are the mail is for the caller to decide. Never throws for what the
   * service says or does not say.
   */
  find(ids: MessageIds, patience: FinderPatience): Promise<Tracking>;
}
