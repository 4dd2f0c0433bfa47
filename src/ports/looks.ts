import type { FindingKind } from '../core/intelligence/finding.ts';
import type { PeopleLook } from '../core/intelligence/look.ts';
import type { KindCount } from '../core/intelligence/precision.ts';

/** Looks at the people of incidents. What is stored is held against the digest that the record has of it. */
export interface Looks {
  /** The next one of this incident: answers its number, from 0. */
  add(incident: string, look: StoredLook): Promise<number>;
  /** Null for none. */
  newest(incident: string): Promise<KeptLook | null>;
  /** All of this incident, oldest first. */
  of(incident: string): Promise<readonly KeptLook[]>;
  /** Kinds that spoke in an incident. How it ended stays as it is. */
  spoke(incident: string, kinds: readonly FindingKind[]): Promise<void>;
  /** How people closed it; null: they took it up again. */
  ended(incident: string, how: 'malicious' | 'harmless' | null): Promise<void>;
  /** Of all closed incidents. */
  counts(): Promise<readonly KindCount[]>;
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
