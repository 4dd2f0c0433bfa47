import type { FinderStatus } from '../core/finder.ts';
import type { Delivered } from '../core/identify.ts';
import type { MessageKey } from '../core/key.ts';
import type { Term } from '../core/lease.ts';
import type { Marks } from '../core/marks.ts';
import type { Candidate } from '../core/match.ts';
import type { LookResult, Target } from '../core/plan.ts';
import type { SeenCopy } from '../core/procedure.ts';

/** Folder, read state and marks of one message at one moment. */
export type MessageState = SeenCopy;

/** `sender` is what the service says: an SMTP address, its own directory name of somebody inside, or nothing. */
export interface FoundMessage extends Candidate {
  readonly folderId: string;
  readonly folder: string;
  readonly receivedAt: string | null;
  readonly isRead: boolean;
  readonly flag: string;
  readonly categories: readonly string[];
}

/** What mailboxes are searched for: every Message-ID that the mail is known by, exactly as it stands in its header. */
export interface Wanted {
  readonly internetMessageIds: readonly string[];
}

/** What looking into one address gave. `mailbox` is null when nobody was found behind the address. */
export interface Lookup {
  readonly address: string;
  readonly mailbox: { readonly id: string; readonly address: string } | null;
  readonly result: LookResult;
  readonly messages: readonly FoundMessage[];
  /** Graph's request-id of the last call about this mailbox. */
  readonly requestId: string;
  readonly detail: string;
}

/** `denied`: not allowed. `missing`: nobody is there. `unreachable`: there is one, and this service does not reach it. */
export type Answer =
  | { readonly status: 'ok' }
  /** The message is not there; or, `beyond`, where nobody but a legal hold can reach it. */
  | { readonly status: 'absent'; readonly detail: string; readonly beyond?: boolean }
  | { readonly status: 'denied' | 'missing' | 'unreachable' | 'failed'; readonly detail: string }
  /** Nothing was done; the whole mailbox should rest for `waitMs`. `stuck`: this may go on for ever. */
  | { readonly status: 'throttled'; readonly waitMs: number; readonly stuck?: boolean }
  /** The request never left: the time of whoever asked for it was over. */
  | { readonly status: 'unsent'; readonly detail: string }
  /** The request left, no answer came: it may or may not have had its effect. */
  | { readonly status: 'lost'; readonly detail: string };

export type Reading = { readonly target: Target; readonly requestId: string } & (
  | { readonly status: 'ok'; readonly state: MessageState }
  | Exclude<Answer, { status: 'ok' }>
);

export type Effect = { readonly target: Target; readonly requestId: string } & Answer;

/** Marks to set: the complete new category list (already merged), and the new flag status or null to leave it. */
export interface MarkOrder extends Target {
  readonly categories: readonly string[];
  readonly flag: string | null;
}

/** Folder and marks as they have to be again. */
export interface PutBackOrder extends Target, Marks {
  readonly folderId: string;
  /** It was seen outside Recoverable Items already: an earlier try was cut off before the marks. */
  readonly moved: boolean;
}

/** By what deliveries are looked for. */
export type MessageIds = Pick<MessageKey, 'internetMessageId' | 'networkMessageId'>;

/** By what mailboxes are searched. */
export interface Wanted {
  readonly internetMessageIds: readonly string[];
}

export interface Hunted {
  readonly status: FinderStatus;
  /** Empty unless it answered. */
  readonly deliveries: readonly Delivered[];
  readonly requestId: string;
  /** Why it gave no answer, for people; empty where it did. */
  readonly detail: string;
  /** How long it wants to be left alone; null where it did not ask for that. */
  readonly waitMs: number | null;
  /** There may be more deliveries than were told: the service cuts long answers without saying so. */
  readonly cutOff: boolean;
}

/**
 * The tenant's mailboxes. No method throws for what a single mailbox answers: partial success is a result. Every
 * method answers one element per input element, in input order, and never has more than 4 requests under way in one
 * mailbox. A whole refused or unreachable service gives 'throttled', 'lost' or 'failed' per element. `term`: no write leaves
 * after its end, looked at when its first byte would; what is under way then is broken off and 'lost'.
 */
export interface Mail {
  /**
   * Deliveries that bear one of the ids, by advanced hunting. Which of them are the mail is for the caller to decide.
   * Never throws for what the service says or does not say. `patience`: whether somebody waits for a plan.
   */
  hunt(ids: MessageIds, patience?: 'short' | 'long'): Promise<Hunted>;
  /**
   * Looks into each address's mailbox for messages with one of these Message-IDs, as the service compares them. The caller
   * decides what is a copy. 'failed' where there is nothing to search by; a Message-ID that cannot be searched by is told in
   * `detail` when others were.
   */
  locate(addresses: readonly string[], wanted: Wanted): Promise<readonly Lookup[]>;
  /** Reads each message where it is now, Recoverable Items included. `deletedFolders`: tells `folderDeleted`, too. */
  read(targets: readonly Target[], how?: { readonly deletedFolders: boolean }): Promise<readonly Reading[]>;
  /** Moves to Recoverable Items. */
  softDelete(targets: readonly Target[], term?: Term): Promise<readonly Effect[]>;
  /**
   * Moves to Purges: nobody but a legal hold can bring it back, and a message there reads as 'absent', with `beyond` where it
   * was seen there. Not in the US
   * government and China clouds.
   */
  hardDelete(targets: readonly Target[], term?: Term): Promise<readonly Effect[]>;
  mark(orders: readonly MarkOrder[], term?: Term): Promise<readonly Effect[]>;
  /**
   * Moves back to the folder (to the Inbox if that folder is gone), looks, and sets what differs of read state, flag and
   * categories.
   */
  putBack(orders: readonly PutBackOrder[], term?: Term): Promise<readonly Effect[]>;
}
