import type { Alert, Asker } from '../core/alert.ts';
import type { Action, Incident } from '../core/incident.ts';
import type { Entry, SealedEntry } from '../core/ledger.ts';
import type { Outcome, OutcomeCounts } from '../core/outcome.ts';
import type { Plan, Target } from '../core/plan.ts';
import type { Policy } from '../core/policy.ts';
import type { Mode } from '../core/rule.ts';
import type { SignInProof, Vote } from '../core/tally.ts';
import type { MessageState } from './mail.ts';
import type { CardRef, Platform } from './rooms.ts';

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
  readonly flags: MailboxFlags;
  readonly people: Links;
  readonly tickets: Tickets;
  readonly policies: Policies;
  readonly brake: Brakes;
  readonly replays: Replays;
  readonly ledger: LedgerWriter;
  readonly jobs: Jobs;
}

export interface Incidents {
  /** False when this delivery id was seen before: a replay. */
  claimDelivery(source: string, deliveryId: string, at: string): Promise<{ fresh: boolean; incident: string | null }>;
  /** Replays are refused by their timestamp long before this; the ids need not be kept for ever. */
  forgetDeliveries(before: string): Promise<void>;
  bindDelivery(source: string, deliveryId: string, incident: string): Promise<void>;
  /** Inserts, or counts one more alert on the incident that has the same dedupe key. */
  createOrRepeat(fresh: Incident): Promise<{ incident: Incident; created: boolean }>;
  saveAlert(id: string, alert: Alert, askers: readonly Asker[]): Promise<void>;
  /** The incident whose approved plan these copies were not in, by the dedupe key of the child; null if there is none. */
  child(dedupeKey: string): Promise<Incident | null>;
  get(id: string): Promise<Incident | null>;
  /** Reads and holds the row until the transaction ends. */
  lock(id: string): Promise<Incident | null>;
  /** Writes the changed fields and raises the revision by one. */
  save(id: string, change: Partial<IncidentChange>, at: string): Promise<void>;
  savePlan(plan: Plan, digest: string): Promise<void>;
  plan(digest: string): Promise<Plan | null>;
  /** Newest first. */
  list(limit: number): Promise<readonly Incident[]>;
  /** Received but without a plan, waiting past the deadline or past the next nudge: what a sweep has to look after. */
  unfinished(now: string): Promise<readonly Incident[]>;
}

export type IncidentChange = Pick<
  Incident,
  'state' | 'planDigest' | 'askedAt' | 'deadline' | 'nudges' | 'nudgeAt' | 'runId' | 'closedBy' | 'reason'
>;

export interface Decisions {
  /** False when this person has already decided this action on this plan, at or after `staleBefore` (ISO time). */
  add(incident: string, vote: Vote, staleBefore: string): Promise<boolean>;
  list(incident: string): Promise<readonly Vote[]>;
}

export interface Run {
  readonly id: string;
  readonly incident: string;
  readonly action: Action;
  readonly planDigest: string;
  readonly state: 'running' | 'finished';
  readonly mode: Mode;
  /** Why it may run. `policy`: contained at once. `roll-back`: a containment that was not confirmed. */
  readonly cause: 'approved' | 'policy' | 'roll-back';
  /** Entra ids of the people whose approvals started it. */
  readonly approvedBy: readonly string[];
  /** How many mailboxes its items are in. */
  readonly mailboxes: number;
  /** When the scope was looked at again, before the first copy was touched; null until then. */
  readonly rescopedAt: string | null;
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

export interface NewWorkItem extends Target {
  readonly address: string;
  readonly folderId: string;
  readonly folder: string;
  /** For a restore: what the purge saw before it acted. */
  readonly before: MessageState | null;
}

export interface Runs {
  start(run: Run, items: readonly NewWorkItem[]): Promise<void>;
  get(id: string): Promise<Run | null>;
  ofIncident(incident: string): Promise<readonly Run[]>;
  rescoped(id: string, at: string): Promise<void>;
  finish(id: string, at: string): Promise<void>;
  /** Live runs other than undo that started after `since` (ISO time): what caps count. */
  usage(since: string): Promise<readonly { readonly approvedBy: readonly string[]; readonly mailboxes: number }[]>;
  /** Ids of runs that are not finished. */
  open(): Promise<readonly Run[]>;
}

export interface WorkItem extends NewWorkItem {
  readonly run: string;
  readonly seq: number;
  readonly attempts: number;
  /** Proves who may finish: grows with every claim. */
  readonly fence: string;
  /** Set once an effect was intended, by this or an earlier holder. */
  readonly intentAt: string | null;
  readonly outcome: Outcome | null;
  readonly detail: string | null;
}

export type Finish =
  | {
      readonly seq: number;
      readonly fence: string;
      readonly done: true;
      readonly outcome: Outcome;
      readonly detail: string;
      readonly requestId: string;
    }
  | {
      readonly seq: number;
      readonly fence: string;
      readonly done: false;
      /** Rest before the next try, milliseconds; `wholeMailbox` makes its other items rest too. */
      readonly waitMs: number;
      readonly wholeMailbox: boolean;
      /** Throttling is not the item's fault and does not count as an attempt. */
      readonly countsAsAttempt: boolean;
    };

interface RunCounts {
  readonly total: number;
  readonly open: number;
  /** Open ones that wait because the mail service asked for it, or before another try. */
  readonly resting: number;
  readonly outcomes: OutcomeCounts;
}

export interface WorkItems {
  /** Ends open items of these mailboxes that nothing was intended for; answers them. */
  skip(run: string, mailboxes: readonly string[], outcome: Outcome, detail: string): Promise<readonly WorkItem[]>;
  /** Gives claimed items back untouched, due at once and without counting the claim as an attempt. */
  release(run: string, items: readonly { seq: number; fence: string }[]): Promise<void>;
  /** Claims up to `limit` due items, never more than 4 leased ones per mailbox in the whole tenant. */
  claim(run: string, limit: number, leaseMs: number): Promise<readonly WorkItem[]>;
  /** Keeps what is still held under its fence for `leaseMs` from now. */
  extend(run: string, items: readonly { seq: number; fence: string }[], leaseMs: number): Promise<void>;
  /** Notes the intent and the before-image; answers the sequence numbers still held under their fence. */
  intend(
    run: string,
    items: readonly { seq: number; fence: string; before: MessageState }[],
    at: string,
  ): Promise<readonly number[]>;
  /** Answers the sequence numbers that were still held under their fence. */
  finish(run: string, results: readonly Finish[]): Promise<readonly number[]>;
  counts(run: string): Promise<RunCounts>;
  /** Milliseconds until the next open item is due; null when none is open. */
  nextDueMs(run: string): Promise<number | null>;
  page(run: string, offset: number, limit: number): Promise<readonly WorkItem[]>;
  all(run: string, outcome: Outcome): Promise<readonly WorkItem[]>;
}

export interface CardRow {
  readonly incident: string;
  readonly platform: Platform;
  /** Travels with the card, so that it can be recognised after a lost answer. */
  readonly key: string;
  readonly ref: CardRef | null;
  readonly sentRevision: number;
  /** True when a post was begun and its end is not known. */
  readonly posting: boolean;
  readonly attempts: number;
}

type CardClaim =
  | { readonly kind: 'send'; readonly card: CardRow; readonly lease: string }
  | { readonly kind: 'wait'; readonly waitMs: number }
  | { readonly kind: 'nothing' };

export interface CardResult {
  readonly ref: CardRef | null;
  readonly sentRevision: number;
  readonly posting: boolean;
  readonly attempts: number;
  /** Rest before the next message to this card, milliseconds. */
  readonly restMs: number;
}

export interface Cards {
  ensure(incident: string, platform: Platform, key: string): Promise<void>;
  /**
   * Takes the card for sending if it is behind the incident's revision, due, and nobody else holds it. Whoever holds
   * it has to look again after `finish`.
   */
  claim(incident: string, platform: Platform, leaseMs: number): Promise<CardClaim>;
  /** Gives it back. False when the lease was lost meanwhile. */
  finish(incident: string, platform: Platform, lease: string, result: CardResult): Promise<boolean>;
  of(incident: string): Promise<readonly CardRow[]>;
  /** Cards behind their incident. */
  behind(): Promise<readonly { incident: string; platform: Platform }[]>;
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
  readonly kind: 'link' | 'step-up';
  readonly platform: Platform;
  readonly account: string;
  readonly home: string;
  readonly accountName: string;
  /** The person who has to sign in; null where that is what the page is to find out. */
  readonly person: string | null;
  /** For a step-up: what the vote is about. */
  readonly vote: TicketVote | null;
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
}

export interface Tickets {
  add(ticket: Ticket): Promise<void>;
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

/** Every policy a plan was made under, so that a posted plan keeps its own. */
export interface Policies {
  get(digest: string): Promise<Policy | null>;
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
}

export interface Brakes {
  read(): Promise<Brake>;
  /** Reads and holds it until the transaction ends: starts of one tenant take turns, and none passes a stop. */
  lock(): Promise<Brake>;
  /** Call with the lock held. */
  stop(by: string, reason: string, at: string): Promise<void>;
  lift(): Promise<void>;
  /** False when this person has voted already on this stop. */
  addLiftVote(number: number, vote: LiftVote, at: string): Promise<boolean>;
  liftVotes(number: number): Promise<readonly LiftVote[]>;
}

/** What was taken in before, over all instances and restarts. */
export interface Replays {
  /** False when this key was claimed before. */
  claim(kind: 'slack' | 'teams', key: string, at: string): Promise<boolean>;
  forget(before: string): Promise<void>;
}

export interface LedgerWriter {
  append(entries: readonly Entry[]): Promise<void>;
}

/** Read side of the ledger, for verification and the story. Pages in order of seq. */
export interface LedgerReader {
  head(): Promise<{ readonly seq: number; readonly hash: string }>;
  read(afterSeq: number, limit: number): Promise<readonly SealedEntry[]>;
  ofIncident(incident: string, afterSeq: number, limit: number): Promise<readonly SealedEntry[]>;
}

export type Job =
  | { readonly queue: 'scope'; readonly incident: string }
  | { readonly queue: 'run'; readonly run: string }
  | { readonly queue: 'deliver'; readonly incident: string; readonly platform: Platform }
  | { readonly queue: 'expire'; readonly incident: string }
  /** An escalation step of a waiting decision is due. */
  | { readonly queue: 'remind'; readonly incident: string }
  /** Tells a room of a step that was taken. */
  | { readonly queue: 'nudge'; readonly incident: string; readonly platform: Platform; readonly step: number };

export interface Jobs {
  /** Exists if and only if the transaction commits. A job that is queued already is not queued twice. */
  send(job: Job, afterMs?: number): Promise<void>;
}
