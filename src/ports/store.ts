import type { Ask } from '../core/ask/ask.ts';
import type { Policy } from '../core/ask/policy.ts';
import type { Vote } from '../core/ask/tally.ts';
import type { Asker, TakenAlert } from '../core/find/alert.ts';
import type { SealedPlan } from '../core/find/manifest.ts';
import type { Plan } from '../core/find/plan.ts';
import type { Incident } from '../core/incident/incident.ts';
import type { Entry, Recorded, SealedEntry } from '../core/record/ledger.ts';
import type { EntryType } from '../core/record/payloads.ts';
import type { StoredPlan } from '../core/record/trust.ts';
import type { Unread } from '../core/unread.ts';
import type { Links, Tickets } from './accounts.ts';
import type { AutomationLists } from './automation.ts';
import type { Board } from './board.ts';
import type { Calls } from './calls.ts';
import type { Campaigns } from './campaigns.ts';
import type { CardBudget } from './card-budget.ts';
import type { Cursors } from './cursors.ts';
import type { Delays } from './delays.ts';
import type { EvidenceShelf } from './evidence.ts';
import type { FlagRows } from './flags.ts';
import type { Held } from './held.ts';
import type { Inquiries } from './inquiries.ts';
import type { Jobs } from './jobs.ts';
import type { Looks } from './looks.ts';
import type { MeasureLists } from './measure-lists.ts';
import type { Cards, RoomStates } from './outbox.ts';
import type { Segments } from './requests.ts';
import type { Retention } from './retention.ts';
import type { Platform } from './rooms.ts';
import type { Runs, WorkItems } from './runs.ts';
import type { Searches } from './searches.ts';
import type { VendorRows } from './vendor-rows.ts';

/**
 * Everything durable, of one tenant. A transaction is the only way in: decision, ledger entry and job are one
 * commit. No network call may be awaited inside (the embedded database has one connection for everybody).
 */
export interface Store {
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

export interface Tx {
  readonly incidents: Incidents;
  readonly decisions: Decisions;
  readonly runs: Runs;
  readonly work: WorkItems;
  readonly cards: Cards;
  readonly rooms: RoomStates;
  readonly board: Board;
  readonly calls: Calls;
  readonly campaigns: Campaigns;
  readonly budget: CardBudget;
  readonly flags: MailboxFlags;
  readonly flagged: FlagRows;
  readonly people: Links;
  readonly tickets: Tickets;
  readonly policies: Policies;
  readonly brake: Brakes;
  readonly replays: Replays;
  readonly cursors: Cursors;
  readonly delays: Delays;
  readonly searches: Searches;
  readonly inquiries: Inquiries;
  readonly measures: MeasureLists;
  readonly automation: AutomationLists;
  readonly vendorRows: VendorRows;
  readonly evidence: EvidenceShelf;
  readonly looks: Looks;
  readonly retention: Retention;
  readonly segments: Segments;
  readonly ledger: LedgerWriter;
  readonly jobs: Jobs;
  /** Done once all of this is committed, and never where it was taken back. It must not throw; a crash in between leaves it undone. */
  readonly afterwards: (work: () => void) => void;
}

/** One sending of a sender. Ids are the senders' own: what one source calls its first is not another's. */
interface DeliveryKey {
  readonly source: string;
  readonly id: string;
}

/** What a delivery was answered with. */
export interface FirstAnswer {
  readonly incident: string | null;
  /** Whether it made something new: an incident, or a stop. */
  readonly created: boolean;
}

/** `sameBody` false: the id was used for something else before. */
type DeliveryClaim =
  | { readonly fresh: true }
  | { readonly fresh: false; readonly sameBody: boolean; readonly first: FirstAnswer };

export interface Plans {
  savePlan(plan: SealedPlan): Promise<void>;
  /** To look at: one that was found whole before is not read again row by row. Whatever decides asks for `storedPlan`. */
  glance(digest: string): Promise<StoredPlan | null>;
  /** The same for many at once, in a few questions; those that are not stored are left out. */
  glances(digests: readonly string[]): Promise<ReadonlyMap<string, StoredPlan>>;
  /** The same; null also where it cannot be read. Throws ClawbackError 'unavailable' for one of a newer version. */
  plan(digest: string): Promise<Plan | null>;
  /** With whether manifest and rows still have the digest that it is filed under: all of them are read and hashed. */
  storedPlan(digest: string): Promise<StoredPlan | null>;
  /** Digests of all plans that are filed under this incident. */
  plansOf(incident: string): Promise<readonly string[]>;
  /** Whether there are rows of this plan, filed or not. */
  rowsLeft(digest: string): Promise<boolean>;
}

export interface Incidents extends Plans {
  /** `body`: hex SHA-256 of the bytes that came. Not fresh when this delivery came before, over all instances. */
  claimDelivery(delivery: DeliveryKey, body: string, at: string): Promise<DeliveryClaim>;
  /** Replays are refused by their timestamp long before this; the ids need not be kept for ever. */
  forgetDeliveries(before: string): Promise<void>;
  /** What the same delivery is to be told when it comes again. */
  bindDelivery(delivery: DeliveryKey, answer: FirstAnswer): Promise<void>;
  /** Incidents that are filed under one of these keys; newest first. */
  filedUnder(keys: readonly string[]): Promise<readonly Incident[]>;
  /** Nobody else holds one of these keys until the transaction ends. In a fixed order, so that two do not wait for each other. */
  holdKeys(keys: readonly string[]): Promise<void>;
  /** Files it under more keys. */
  file(id: string, keys: readonly string[]): Promise<void>;
  /** All keys that each of these incidents is filed under. */
  keysOf(ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Inserts, or counts one more alert on the incident that has the same dedupe key. */
  createOrRepeat(fresh: Incident): Promise<{ incident: Incident; created: boolean }>;
  saveAlert(id: string, alert: TakenAlert, askers: readonly Asker[]): Promise<void>;
  /** The incident whose approved plan these copies were not in, by the dedupe key of the child; null if there is none. */
  child(dedupeKey: string): Promise<Incident | null>;
  get(id: string): Promise<Incident | null>;
  /** Reads and holds the row until the transaction ends. */
  lock(id: string): Promise<Held<Incident> | null>;
  /** Writes the changed fields and raises the revision by one. */
  save(id: string, change: Partial<IncidentChange>, at: string): Promise<void>;
  /** What differs from the record; read alone, because it is asked for before every chunk. */
  breach(id: string): Promise<string | null>;
  /** Incidents that any row or entry speaks of, in order, after that id. */
  idsAfter(after: string, limit: number): Promise<readonly string[]>;
  /** Newest first. */
  list(limit: number): Promise<readonly Incident[]>;
  /**
   * What a sweep has to look after: received but without a plan, and not changed after `quietSince` (ISO time); waiting past the
   * deadline or past the next nudge at `now`. What has waited longest in front; of each kind so many, and soon the next ones.
   */
  unfinished(now: string, quietSince: string): Promise<readonly Unfinished[]>;
}

export type Unfinished = Pick<Incident, 'id' | 'state'>;

export type IncidentChange = Pick<
  Incident,
  | 'state'
  | 'planDigest'
  | 'askedAt'
  | 'deadline'
  | 'nudges'
  | 'nudgeAt'
  | 'runId'
  | 'closedBy'
  | 'reason'
  | 'takenIn'
  | 'elsewhere'
  | 'breach'
>;

export interface Decisions {
  /** False when this person has already decided this action on this plan, at or after `staleBefore` (ISO time). */
  add(incident: string, vote: Vote, staleBefore: string): Promise<boolean>;
  list(incident: string): Promise<readonly Vote[]>;
  /** Takes back what this person said: it does not count any more, and they may say it anew. */
  withdraw(incident: string, planDigest: string, action: Ask, person: string): Promise<void>;
}

interface MailboxFlag {
  readonly mailbox: string;
  readonly address: string;
  readonly incident: string;
  readonly reason: string;
  readonly owner: string;
  readonly at: string;
}

export interface MailboxFlags {
  raise(flags: readonly MailboxFlag[]): Promise<void>;
  ofIncident(incident: string): Promise<readonly MailboxFlag[]>;
}

/** Every policy a plan was made under, so that a posted plan keeps its own. */
export interface Policies {
  /** To look at; null also where it cannot be read. Whatever decides asks for `stored`. */
  get(digest: string): Promise<Policy | null>;
  stored(digest: string): Promise<{ readonly value: Policy } | { readonly unread: Unread } | null>;
  digests(): Promise<readonly string[]>;
  /** Keeps it and makes it the current one; answers the one before, null if there was none. */
  adopt(
    digest: string,
    policy: Policy,
    at: string,
  ): Promise<{ readonly digest: string; readonly policy: Policy } | null>;
}

/** The kill switch of a tenant. */
export interface Brake {
  /** Grows with every stop: lifting votes count for one stop only. */
  readonly number: number;
  readonly stopped: boolean;
  readonly by: string | null;
  readonly reason: string | null;
  readonly at: string | null;
}

export interface LiftVote {
  readonly person: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** Where they voted, and with which account of it: asked about again when the stop is lifted. */
  readonly platform: string;
  readonly account: string;
}

export interface Brakes {
  read(): Promise<Brake>;
  /** Reads and holds it until the transaction ends: starts of one tenant take turns, and none passes a stop. */
  lock(): Promise<Held<Brake>>;
  stop(brake: Held<Brake>, by: string, reason: string, at: string): Promise<void>;
  lift(brake: Held<Brake>): Promise<void>;
  /** False when this person has voted already on this stop. */
  addLiftVote(number: number, vote: LiftVote, at: string): Promise<boolean>;
  liftVotes(number: number): Promise<readonly LiftVote[]>;
  withdrawLiftVote(number: number, person: string): Promise<void>;
}

/** What was taken in before, over all instances and restarts. */
export interface Replays {
  /** False when this key was claimed before. */
  claim(platform: Platform, key: string, at: string): Promise<boolean>;
  forget(before: string): Promise<void>;
}

export interface LedgerWriter {
  append(entries: readonly Entry[]): Promise<void>;
  /** Oldest first. */
  find<T extends EntryType>(asked: LedgerQuestion<T>): Promise<readonly FoundEntry<T>[]>;
}

export interface LedgerQuestion<T extends EntryType = EntryType> {
  /** Filed under this incident; null: under none. */
  readonly incident: string | null;
  readonly types: readonly T[];
  /** With this text in this field of its detail, or with one that was erased there: that may have been it. */
  readonly detail?: readonly [field: string, text: string];
  /** Only after this one, and so many. */
  readonly afterSeq?: number;
  readonly limit?: number;
  /** Only the last one. */
  readonly newest?: boolean;
}

export interface FoundEntry<T extends EntryType = EntryType> {
  readonly seq: number;
  /** Null when it does not fit its hash, its place in the chain or what opens it, and where it is `newer`. */
  readonly entry: Recorded<T> | null;
  /** Written by a newer version: it is whole, and cannot be understood here. */
  readonly newer: boolean;
}

/** Read side of the ledger, for verification and the story. Pages in order of seq. */
export interface LedgerReader {
  head(): Promise<{ readonly seq: number; readonly hash: string }>;
  read(afterSeq: number, limit: number): Promise<readonly SealedEntry[]>;
  ofIncident(incident: string, afterSeq: number, limit: number): Promise<readonly SealedEntry[]>;
}
