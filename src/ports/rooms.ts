import type { Call } from '../core/tell/call-words.ts';
import type { CardView, GatheredView } from '../core/tell/card.ts';
import type { MeasuresView } from '../core/tell/measures-view.ts';

/** A chat platform, by the name that it is stored under. Which there are, only its adapters know. */
export type Platform = string;

/** What people call a platform; true of it whether a tenant has it or not. */
export interface PlatformName {
  readonly platform: Platform;
  readonly name: string;
}

/** Where a posted card lives. Stored as it is; a press from any other place is refused. */
export interface CardRef {
  readonly platform: Platform;
  /** Slack: channel id. Teams: conversation id of the thread. */
  readonly channel: string;
  /** Slack: ts. Teams: activity id. */
  readonly message: string;
  /** Teams: the service URL that has to be used for updates. Slack: empty. */
  readonly via: string;
}

export interface NudgedPerson {
  /** Slack user id, or Entra object id in Teams. */
  readonly account: string;
  readonly name: string;
}

/** The card of an incident, or that of a list of measures. */
export type AnyCard = CardView | MeasuresView;

/**
 * One channel of one tenant on one chat platform. Every method throws `RoomError` (core/error.ts) for everything
 * the platform can answer, and makes exactly one attempt: retries, pacing and order belong to the outbox.
 */
export interface Rooms {
  readonly platform: Platform;
  /** Least time between two updates of the same card, milliseconds. */
  readonly paceMs: number;
  /** Least time between two messages of any kind to this room, milliseconds. */
  readonly roomPaceMs: number;
  /** So many new incidents a minute get a card at once; more are gathered in one message, until somebody opens them. */
  readonly newPerMinute: number;
  /** Posts a new card. `key` is unique per card and travels with it, so that `find` can recognise the card. */
  post(card: AnyCard, key: string): Promise<CardRef>;
  /** After a lost answer: the card that carries `key`, null if it is not there, 'unknowable' if nobody can tell. */
  find(key: string): Promise<CardRef | null | 'unknowable'>;
  /** A short message below the card that calls people by name. Its words are plain text and must be shown literally. */
  nudge(ref: CardRef, call: Call, people: readonly NudgedPerson[]): Promise<void>;
  /** Replaces the whole card. */
  update(ref: CardRef, card: AnyCard): Promise<void>;
  /** Posts a message about many incidents; `key` as for a card, and `find` finds it too. */
  gather(gathered: GatheredView, key: string): Promise<CardRef>;
  /** An address that shows this message to whoever may see its room; null where the chat has none to give. */
  addressOf(ref: CardRef): Promise<string | null>;
  /** Replaces the whole message. */
  regather(ref: CardRef, gathered: GatheredView): Promise<void>;
}
