import type { SeenCopy } from '../core/action/copy.ts';
import type { Candidate } from '../core/find/match.ts';
import type { LookResult, Target } from '../core/find/plan.ts';
import type { Ability } from './ability.ts';

/** Folder, read state and marks of one message at one moment. */
export type MessageState = SeenCopy;

/** `sender` is what the service says: an SMTP address, its own directory name of somebody inside, or nothing. */
export interface FoundMessage extends Candidate {
  readonly folderId: string;
  readonly receivedAt: string | null;
  readonly isRead: boolean;
  readonly flag: string;
  readonly categories: readonly string[];
  /** It made an entry in the calendar; left out for any other mail, and where that is not told. */
  readonly isInvitation?: boolean;
  /** What others call it, where they were asked. */
  readonly refs?: Readonly<Record<string, string>>;
}

/** What mailboxes are searched for: every Message-ID that the mail is known by, exactly as it stands in its header. */
export interface Wanted {
  readonly internetMessageIds: readonly string[];
  /** Whose addresses these are, as the service's own tracking tells: by address in lower case, the owner's object id. */
  readonly owners?: ReadonlyMap<string, string>;
  /** Network message ids that are this mail: for who knows mail by these. */
  readonly networkMessageIds?: readonly string[];
  /** `bin`: where soft-deleted mail lies, and there alone; with it the lookups tell `places`. Left out: where users see mail. */
  readonly where?: 'bin';
}

export interface Place {
  readonly mailbox: string;
  readonly folderId: string;
}

/** What looking into one address gave. `mailbox` is null when nobody was found behind the address. */
export interface Lookup {
  readonly address: string;
  readonly mailbox: { readonly id: string; readonly address: string } | null;
  readonly result: LookResult;
  readonly messages: readonly FoundMessage[];
  /** Ids of well-known folders, where they were asked for and the mailbox told; `junk` null: it has none. */
  readonly places?: { readonly inbox: string; readonly junk: string | null };
  /** The service's own id of the last call about this mailbox. */
  readonly requestId: string;
  readonly detail: string;
}

/** A copy to be read. `address`: by which Defender knows it, where its mailbox was never asked. */
export interface ToRead extends Target {
  readonly address?: string;
}

/** Why a message could not be read. */
export type Unread =
  /** The message is not there; or, `beyond`, where nobody but a legal hold can reach it. */
  | { readonly status: 'absent'; readonly detail: string; readonly beyond?: boolean }
  /** `denied`: not allowed. `missing`: nobody is there. `unreachable`: there is one, and this service does not reach it. */
  | { readonly status: 'denied' | 'missing' | 'unreachable' | 'failed'; readonly detail: string }
  /** The whole mailbox should rest for `waitMs`. `stuck`: this may go on for ever. */
  | { readonly status: 'throttled'; readonly waitMs: number; readonly stuck?: boolean };

export type Reading = {
  readonly target: Target;
  readonly requestId: string;
  /** Ids of other messages in its mailbox with one of the Message-IDs that were expected, where users see mail. */
  readonly beside?: readonly string[];
} & ({ readonly status: 'ok'; readonly state: MessageState } | Unread);

export interface Expected extends Wanted {
  /** `sight`: where users see mail; `junk`: in Junk Email, a part of that; `bin`: where soft-deleted mail lies. */
  readonly in: 'sight' | 'junk' | 'bin';
}

export interface HowToRead {
  /** Tells `folderDeleted`, too. */
  readonly deletedFolders?: boolean;
  /** Tells `junk`, too. */
  readonly junk?: boolean;
  /** Where the messages should be: one question for each mailbox tells it, and only what is not there is read by its id. */
  readonly expected?: Expected | undefined;
}

/**
 * Looks into the tenant's mailboxes and changes nothing. No method throws for what a single mailbox answers: partial success
 * is a result. Each answers one element per input element, in input order, and together with the effects never has more than
 * 4 requests under way in one mailbox.
 */
export interface Reader {
  readonly can: Readonly<Record<'locate' | 'read', Ability>>;
  /**
   * Looks into each address's mailbox for messages with one of these Message-IDs, as the service compares them. The caller
   * decides what is a copy. 'failed' where there is nothing to search by; a Message-ID that cannot be searched by is told in
   * `detail` when others were.
   */
  locate(addresses: readonly string[], wanted: Wanted): Promise<readonly Lookup[]>;
  /** What people call these folders; null where that cannot be told. */
  folderNames(places: readonly Place[]): Promise<readonly (string | null)[]>;
  /** Reads each message where it is now, Recoverable Items included. */
  read(targets: readonly ToRead[], how?: HowToRead): Promise<readonly Reading[]>;
}
