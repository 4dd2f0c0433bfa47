import type { PeopleLook } from '../core/intelligence/look.ts';
import type { KindCount, Measured } from '../core/intelligence/precision.ts';
import type { Judged } from '../core/signal/facts.ts';

/** Looks at the people of incidents. What is stored is held against the digest that the record has of it. */
export interface Looks {
  /** The next one of this incident: answers its number, from 0. */
  add(incident: string, look: StoredLook): Promise<number>;
  /** Null for none. */
  newest(incident: string): Promise<KeptLook | null>;
  /** All of this incident, oldest first. */
  of(incident: string): Promise<readonly KeptLook[]>;
  /** Kinds that spoke in an incident. How it ended stays as it is. */
  spoke(incident: string, kinds: readonly Measured[]): Promise<void>;
  /** What spoke in each of these; those in which nothing did are left out. */
  spokenIn(incidents: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** How people closed it; null: they took it up again. */
  ended(incident: string, how: 'malicious' | 'harmless' | null): Promise<void>;
  /** Of all closed incidents. */
  counts(): Promise<readonly KindCount[]>;
  /** How people closed an incident about mail of this sender; null: not, or it is not theirs. */
  judge(incident: string, sender: Sender, how: 'malicious' | 'harmless' | null): Promise<void>;
  /** Of all closed incidents that are still stored, without this one: of the address, and of others at its domain. */
  judged(sender: Sender, but: string): Promise<{ readonly address: Judged; readonly domain: Judged }>;
}

export interface Sender {
  /** As addresses are compared. */
  readonly address: string;
  /** What is registered, lower case. */
  readonly domain: string;
}

export interface StoredLook {
  /** Digest of the list that holds these people. */
  readonly list: string;
  /** Hex SHA-256 over the canonical bytes of the look. */
  readonly digest: string;
  readonly look: PeopleLook;
}

/** `look` is null where this version cannot read it. */
export interface KeptLook extends Omit<StoredLook, 'look'> {
  readonly nth: number;
  readonly at: string;
  readonly look: PeopleLook | null;
}
