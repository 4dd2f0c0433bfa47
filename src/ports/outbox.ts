import type { CardRef, Platform } from './rooms.ts';

/** What is to be said in the rooms, and when: the state that all processes share. */

export interface CardRow {
  /** The incident; for a message that gathers many, the name of the gathering. */
  readonly incident: string;
  readonly platform: Platform;
  /** Travels with the card, so that it can be recognised after a lost answer. */
  readonly key: string;
  readonly ref: CardRef | null;
  /** Revision of the incident, or number of lines of a gathering, that was sent last. */
  readonly sentRevision: number;
  /** True when a post was begun and its end is not known. */
  readonly posting: boolean;
  readonly attempts: number;
  /** Somebody pressed and looks at it. */
  readonly awaited: boolean;
  /** The gathering that has a line about it, in place of a message of its own; null when none has. */
  readonly gathered: string | null;
}

/** How a room is to be spoken to. */
export interface Manners {
  /** Nobody else sends this card meanwhile, milliseconds. */
  readonly leaseMs: number;
  /** Nobody else speaks in the room meanwhile, unless it is given back earlier. */
  readonly holdMs: number;
  /** So many new incidents a minute get a message of their own; the rest is gathered. */
  readonly newPerMinute: number;
  /** Lines that one gathering holds. */
  readonly linesPerGathering: number;
}

type CardClaim =
  | { readonly kind: 'send'; readonly card: CardRow; readonly lease: string }
  /** `incident`: whose card rests; empty when it is the room that does. */
  | { readonly kind: 'wait'; readonly incident: string; readonly waitMs: number }
  | { readonly kind: 'nothing' };

export interface CardResult {
  readonly ref: CardRef | null;
  readonly sentRevision: number;
  readonly posting: boolean;
  readonly attempts: number;
  /** It did not get there and has to be sent still. */
  readonly again: boolean;
  /** Rest before the next message to this card, milliseconds. */
  readonly restMs: number;
  /** Rest before the next message to its room. */
  readonly roomRestMs: number;
}

/** The one message of a room that names what waits in the queue without a card of its own. Told from incidents by its blank. */
export const WAITING_LIST = 'gathering held';

/** The message that lists what automation took out, told from incidents by its blank as well. */
const AUTOMATION_CARD = 'gathering automation ';
export const automationCard = (list: string) => `${AUTOMATION_CARD}${list}`;

/** The list behind such a message; null for any other. */
export function listBehind(card: string): string | null {
  return card.startsWith(AUTOMATION_CARD) ? card.slice(AUTOMATION_CARD.length) : null;
}

export interface Cards {
  /** `gathered`: it is told of there, by the card of its campaign or by the list of what waits, until somebody asks for it. */
  ensure(incident: string, platform: Platform, key: string, gathered?: string): Promise<void>;
  /** The same in several rooms, each with the key of its card. */
  open(incident: string, keys: ReadonlyMap<Platform, string>, gathered?: string): Promise<void>;
  /**
   * The incident has news, so its cards are behind, and so is the card that tells of it. `awaited`: somebody pressed, and one
   * that is gathered comes out.
   */
  touch(incident: string, awaited?: boolean): Promise<void>;
  /** Something that its cards tell of has news, and the incident itself has none: they are drawn anew where they are. */
  redraw(incident: string): Promise<void>;
  /**
   * Takes the room, and in it the most urgent card that is behind, due, and held by nobody: what somebody waits for,
   * then what is decided or runs, then what asks, then what is new; each fourth time whatever waits longest. When more is
   * new than the manners allow, it is put into a gathering, which is a card of its own.
   */
  claim(platform: Platform, manners: Manners): Promise<CardClaim>;
  /** Gives card and room back. False when the lease was lost meanwhile. */
  finish(incident: string, platform: Platform, lease: string, result: CardResult): Promise<boolean>;
  of(incident: string): Promise<readonly CardRow[]>;
  /** It is told of nowhere else any more: it gets a card of its own like any other. */
  release(incident: string): Promise<void>;
  /** The card of `teller` tells of it from now on, where it has no card yet; left out: the list of what waits. */
  hold(incident: string, teller?: string): Promise<void>;
  /**
   * Open incidents without a card of their own that no card tells of any more: the one that did is of another campaign, is not
   * stored, is marked as tampered with, or is closed without a decision on it since then.
   */
  untold(since: string): Promise<readonly string[]>;
  /** Open incidents that the list of what waits tells of: the first ones in the order of the queue, and how many there are. */
  held(platform: Platform, most: number): Promise<{ readonly incidents: readonly string[]; readonly total: number }>;
  /** The incidents that have a line in it, oldest first. */
  gatheredIn(gathering: string, platform: Platform): Promise<readonly string[]>;
  /** Whether the room has taken what was sent to another card within that time, milliseconds. */
  othersTaken(incident: string, platform: Platform, withinMs: number): Promise<boolean>;
  /** Rooms in which something is to be said still. */
  waiting(): Promise<readonly Platform[]>;
}

export interface RoomState {
  readonly platform: Platform;
  /** ISO time since when it takes nothing any more; null while it does. */
  readonly deadSince: string | null;
  readonly why: string;
}

export interface RoomStates {
  /** Takes the room for a message that is no card. 0, or how long to wait first. */
  take(platform: Platform, holdMs: number): Promise<number>;
  /** Gives it back; it rests that long. */
  rest(platform: Platform, restMs: number): Promise<void>;
  /** True when it was alive until now. */
  died(platform: Platform, why: string, at: string): Promise<boolean>;
  /** True when it was dead until now. */
  revived(platform: Platform): Promise<boolean>;
  dead(): Promise<readonly RoomState[]>;
}
