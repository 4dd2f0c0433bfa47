import type { Action } from '../core/action/action.ts';
import type { SignInProof } from '../core/ask/tally.ts';
import type { Platform } from './rooms.ts';

/** Who is behind which chat account, and the pages where people say so. Part of a transaction of the store. */

/** Which person is behind a chat account. One account, one person, and the other way round. */
export interface Link {
  readonly platform: Platform;
  readonly account: string;
  /** Entra object id. */
  readonly person: string;
  readonly how: 'sign-in';
  readonly at: string;
}

export interface Links {
  of(platform: Platform, account: string): Promise<Link | null>;
  /** The account of a person on a platform. */
  account(platform: Platform, person: string): Promise<string | null>;
  /** False when the account or the person is linked already: a link is never overwritten. */
  add(link: Link): Promise<boolean>;
  list(): Promise<readonly Link[]>;
  /** False when there is no such link. */
  remove(platform: Platform, account: string): Promise<boolean>;
}

/** A page somebody was sent to from a chat: to link an account, or to sign in for one vote. Used once. */
export interface Ticket {
  /** Hex SHA-256 of the secret in the page's address. */
  readonly id: string;
  readonly kind: 'link' | 'step-up' | 'export';
  readonly platform: Platform;
  readonly account: string;
  readonly home: string;
  readonly accountName: string;
  /** The person who has to sign in; null where that is what the page is to find out. */
  readonly person: string | null;
  /** For a step-up: what the vote is about. */
  readonly vote: TicketVote | null;
  /** For taking a list along: which. */
  readonly list?: TicketList;
  readonly expiresAt: string;
  readonly state: 'fresh' | 'started' | 'signed-in' | 'used';
  /** Set by `start`: hex SHA-256 of the browser's secret, and what the sign-in has to answer to. */
  readonly browser: string | null;
  readonly nonce: string | null;
  readonly verifier: string | null;
  /** Set by `signedIn`. */
  readonly signedIn: { readonly person: string; readonly name: string; readonly proof: SignInProof | null } | null;
  /** Hex SHA-256 of the code that has to be typed into the chat, for a link. */
  readonly code: string | null;
}

export interface TicketVote {
  readonly incident: string;
  readonly action: Action;
  readonly digest: string;
  readonly context: string;
  readonly reason: string | null;
  /** The card the press came from. */
  readonly channel: string;
  readonly message: string;
  /** For all waves of a campaign: then `incident` is the one whose card was pressed, and `digest` that of what it showed. */
  readonly all?: boolean | undefined;
  /** For a list of measures of this incident, and what of it: then `digest` is that of the list, and `action` says nothing. */
  readonly measures?: { readonly list: string; readonly of: string } | undefined;
}

export interface TicketList {
  readonly incident: string;
  readonly digest: string;
  readonly reason: string | null;
}

export interface Tickets {
  add(ticket: Ticket): Promise<void>;
  /**
   * How many of this kind, for this person, that end after then. Whoever asks the same in another transaction waits until this one
   * is over: two at once are not both the last that may be.
   */
  issued(kind: Ticket['kind'], person: string, endingAfter: string): Promise<number>;
  /** Reads and holds the row until the transaction ends. */
  lock(id: string): Promise<Ticket | null>;
  /** The signed-in link ticket of this account that waits for this code. */
  byCode(platform: Platform, account: string, code: string): Promise<Ticket | null>;
  save(
    id: string,
    change: Partial<Pick<Ticket, 'state' | 'browser' | 'nonce' | 'verifier' | 'signedIn' | 'code'>>,
  ): Promise<void>;
  forget(before: string): Promise<void>;
}
