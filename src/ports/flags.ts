import type { FlagLook, FlagState } from '../core/flag/flag.ts';
import type { Held } from './held.ts';

/**
 * Mailboxes that people look after, one row each. A row says that there is work and when to look again; what a flag is, is
 * believed of the record alone. Part of a transaction of the store.
 */
export interface FlagRows {
  /** Ids of those that are kept: one whose mailbox has another one that is not cleared is not. */
  add(rows: readonly FlagRow[]): Promise<ReadonlySet<string>>;
  get(id: string): Promise<FlagRow | null>;
  /** Reads and holds the row until the transaction ends. */
  lock(id: string): Promise<Held<FlagRow> | null>;
  /** Writes the changed fields. False, and nothing changes, where it would be the second of its mailbox that is not cleared. */
  save(row: Held<FlagRow>, change: Partial<FlagChange>): Promise<boolean>;
  /** Makes it as the record says, whatever stood there. */
  put(row: FlagRow): Promise<void>;
  /** Those of these mailboxes that are not cleared. */
  openOf(mailboxes: readonly string[]): Promise<readonly FlagRow[]>;
  /** Not cleared; soonest due first. `total`: how many there are. */
  open(limit: number): Promise<{ readonly rows: readonly FlagRow[]; readonly total: number }>;
  /** Cleared at or after then; the last one first. */
  clearedSince(since: string, limit: number): Promise<readonly FlagRow[]>;
  /** All that are filed under this incident; null: under none. */
  ofIncident(incident: string | null): Promise<readonly FlagRow[]>;
  /** Not cleared, and to be looked at by now; those that have waited longest first. */
  due(now: string, limit: number): Promise<readonly string[]>;
  /** Lets go of what was cleared before then and is filed under no incident. */
  forget(before: string): Promise<void>;
}

export interface FlagRow {
  readonly id: string;
  /** Null where somebody flagged it by hand. */
  readonly incident: string | null;
  readonly mailbox: string;
  readonly address: string;
  readonly state: FlagState;
  /** Entra object id; null while nobody looks after it. */
  readonly owner: string | null;
  /** ISO times. */
  readonly dueAt: string;
  /** When somebody has to be told next; null for never. */
  readonly nextAt: string | null;
  readonly updatedAt: string;
}

export type FlagChange = Pick<FlagRow, 'state' | 'owner' | 'dueAt' | 'nextAt' | 'updatedAt'>;

/** Who is asked what there is to be found about a person: the same question before anything is done and after. */
export interface FlagFindings {
  /** Settles within half a minute; never throws for what a service or the network answers. */
  look(about: FlagLookAt): Promise<Omit<FlagLook, 'at'>>;
}

export interface FlagLookAt {
  /** Entra object id. */
  readonly person: string;
  /** Mail address of the mailbox. */
  readonly address: string;
  /** Those that it is looked at by, the first one first; none where somebody flagged it by hand. */
  readonly incidents: readonly string[];
  /** When it was raised, ISO time. */
  readonly raisedAt: string;
  /** From when what happened once counts, where it was called contained, ISO time. Null: it was not. */
  readonly containedAt: string | null;
}
