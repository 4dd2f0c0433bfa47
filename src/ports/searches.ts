import type { Lookup, Wanted } from './reader.ts';

/**
 * Searches of so many mailboxes that they are kept as they go: in parts, each claimed by one process and answered once. Part
 * of a transaction of the store.
 */
export interface Searches {
  /** Parts of this search, in no order. What an answer says is read apart: there may be thousands of mailboxes in it. */
  parts(search: Search): Promise<readonly StoredPart[]>;
  add(search: Search, parts: readonly NewPart[], at: string): Promise<void>;
  /** One that nobody has answered and nobody holds, the first that was added; null for none. `by`: fresh, names the claim. */
  claim(search: Search, by: string, leaseMs: number): Promise<ClaimedPart | null>;
  /** Keeps it for `leaseMs` from now; false where the claim is over. */
  extend(search: Search, claimed: ClaimedPart, leaseMs: number): Promise<boolean>;
  /** Answers the digest of what was asked and answered; null, and nothing is kept, where the claim is over. */
  answer(search: Search, claimed: ClaimedPart, lookups: readonly Lookup[], at: string): Promise<string | null>;
  /** What was answered to these parts, with its digest as it is now; null for one that cannot be read. */
  answers(search: Search, ids: readonly string[]): Promise<ReadonlyMap<string, StoredAnswer | null>>;
  /** How far the newest search of an incident is; null where none is kept. */
  progress(incident: string): Promise<SearchProgress | null>;
  /** Lets go of these parts of an incident, of whatever search, or of all. */
  drop(incident: string, ids: readonly string[] | 'all'): Promise<void>;
}

export interface Search {
  readonly incident: string;
  /** The same for the same that is looked for. */
  readonly name: string;
}

export interface NewPart {
  readonly id: string;
  readonly addresses: readonly string[];
  readonly wanted: Wanted;
}

export interface ClaimedPart extends NewPart {
  readonly by: string;
}

interface StoredPart {
  readonly id: string;
  /** Null where that cannot be read. */
  readonly addresses: readonly string[] | null;
  /** ISO time; null while it has no answer. */
  readonly answeredAt: string | null;
}

export interface StoredAnswer {
  readonly digest: string;
  readonly lookups: readonly Lookup[];
}

interface SearchProgress {
  readonly mailboxes: number;
  readonly done: number;
  /** When it was begun, ISO time. */
  readonly since: string;
}
