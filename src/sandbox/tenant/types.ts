import type { Arrival } from './arrival.ts';
export type FlagStatus = 'notFlagged' | 'complete' | 'flagged';
/** ISO days. */
export interface FlagDates {
  readonly start?: string;
  readonly due?: string;
  readonly completed?: string;
}
export type Importance = 'low' | 'normal' | 'high';

export interface Party {
  readonly name: string;
  readonly address: string;
}

type UserType = 'Member' | 'Guest';

export interface TenantUser {
  /** GUID in lower case. */
  readonly id: string;
  readonly userPrincipalName: string;
  /** Alias of its mailbox. Left out: what is before the @ of the name that it signs in by. */
  readonly alias?: string;
  /** null for an account without a mailbox. */
  readonly mail: string | null;
  readonly displayName: string;
  /** `SMTP:` primary and `smtp:` further addresses. */
  readonly proxyAddresses: readonly string[];
  readonly accountEnabled: boolean;
  readonly userType: UserType;
  readonly hosted: 'cloud' | 'on-premises';
  /** Left out: an account of the cloud alone. */
  readonly onPremisesSyncEnabled?: boolean;
  /** Milliseconds since the epoch; left out where nobody has ever ended its sessions. */
  readonly sessionsValidFrom?: number;
}

export interface UserOrder {
  readonly id?: string;
  readonly userPrincipalName: string;
  /** Of its mailbox. Default: what is before the @ of the name that it signs in by. */
  readonly alias?: string;
  readonly mail?: string | null;
  readonly displayName?: string;
  /** Further mail addresses, without `smtp:`. */
  readonly aliases?: readonly string[];
  readonly accountEnabled?: boolean;
  /** Default: Member. */
  readonly userType?: UserType;
  /** Where the mailbox is, of somebody who is in the directory. Default: in the cloud. */
  readonly hosted?: 'cloud' | 'on-premises';
  /** Whether the account comes from on premises, which has the last word about it. */
  readonly synced?: boolean;
}

/** What an administrator can change about somebody who is here already. */
export type UserChange = Partial<
  Pick<TenantUser, 'accountEnabled' | 'userType' | 'displayName' | 'sessionsValidFrom' | 'onPremisesSyncEnabled'>
>;

/** `unified`: a Microsoft 365 group, which keeps a copy for itself. `security` alone gets no mail. */
export type GroupKind = 'security' | 'mail security' | 'distribution' | 'unified';

export interface TenantGroup {
  /** GUID in lower case. */
  readonly id: string;
  readonly displayName: string;
  /** Object ids of users and of other groups. */
  readonly members: readonly string[];
  readonly kind: GroupKind;
  /** What is sent to it goes to its members. null: it gets no mail. */
  readonly mail: string | null;
  /** `SMTP:` primary and `smtp:` further addresses. */
  readonly proxyAddresses: readonly string[];
  /** Only who has Member.Read.Hidden may see who is in it. */
  readonly hidden: boolean;
}

export interface GroupOrder {
  /** Of a group that is there already: replaces it. */
  readonly id?: string;
  readonly displayName: string;
  readonly members: readonly string[];
  /** Default: `security`, and `distribution` with an address. */
  readonly kind?: GroupKind;
  readonly mail?: string;
  /** Further mail addresses, without `smtp:`. */
  readonly aliases?: readonly string[];
  readonly hidden?: boolean;
}

export type RiskState = 'none' | 'atRisk' | 'confirmedCompromised' | 'remediated' | 'dismissed' | 'confirmedSafe';
type RiskLevel = 'none' | 'low' | 'medium' | 'high' | 'hidden';

export interface RiskOrder {
  readonly riskState: RiskState;
  readonly riskLevel: RiskLevel;
}

/** What Identity Protection says about one user. */
export interface UserRisk extends RiskOrder {
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
}

export interface Folder {
  readonly id: string;
  readonly displayName: string;
  /** Graph's well-known name, null for a folder the user made. */
  readonly wellKnownName: string | null;
  /** null for the two roots, the visible one and that of Recoverable Items. */
  readonly parentFolderId: string | null;
}

interface Header {
  readonly name: string;
  readonly value: string;
}

/** One message in one mailbox. `immutableId` stays across folders, `mutableId` is new after each move. */
export interface MailItem {
  readonly immutableId: string;
  readonly mutableId: string;
  readonly changeKey: string;
  readonly parentFolderId: string;
  readonly internetMessageId: string;
  readonly networkMessageId: string;
  readonly subject: string;
  readonly from: Party;
  readonly sender: Party;
  readonly to: readonly Party[];
  readonly body: string;
  /** How the body was written. */
  readonly bodyType: 'text' | 'html';
  /** ISO times in UTC. */
  readonly receivedAt: string;
  readonly modifiedAt: string;
  readonly isRead: boolean;
  readonly isDraft: boolean;
  readonly categories: readonly string[];
  readonly flagStatus: FlagStatus;
  readonly flagDates: FlagDates;
  readonly importance: Importance;
  readonly headers: readonly Header[];
  /** As it was sent, where it holds more than a text; ASCII. */
  readonly mime?: string;
  /** Left out: a conversation of its own. */
  readonly conversation?: string;
}

/** What a message can have changed without becoming another message. */
export type Marks = Partial<Pick<MailItem, 'isRead' | 'categories' | 'flagStatus' | 'flagDates' | 'importance'>>;

export interface DeliverOrder {
  /**
   * Addresses, user principal names or ids of this tenant's users, addresses of groups (whose members get it), either with
   * a tag (`name+tag@`). Others come back in `unknown`.
   */
  readonly to: readonly string[];
  /** What stands in the header. */
  readonly internetMessageId: string;
  /** What Exchange keeps in its place, in the mailbox and in hunting: as where the header's is malformed. */
  readonly keptMessageId?: string;
  /** One per delivery; a fresh GUID by default. */
  readonly networkMessageId?: string;
  readonly sender: string;
  readonly senderName?: string;
  /** What Graph says in place of the address, as of mail from inside: `/O=EXCHANGELABS/OU=…`. Hunting knows the address. */
  readonly directoryName?: string;
  /** `Sender:` where it differs from `From:`. */
  readonly onBehalf?: string;
  readonly subject: string;
  readonly body?: string;
  /** Default: text. */
  readonly bodyType?: 'text' | 'html';
  readonly receivedAt?: string;
  /** Well-known name, display name or id. Default `inbox`. */
  readonly folder?: string;
  readonly read?: boolean;
  readonly draft?: boolean;
  readonly categories?: readonly string[];
  readonly flag?: FlagStatus;
  readonly flagDates?: FlagDates;
  readonly importance?: Importance;
  readonly headers?: readonly Header[];
  /** The whole message as it is sent, ASCII: what stands in it is not held against the rest. */
  readonly mime?: string;
  /** Which conversation it is in, wherever it goes; left out: one of its own. */
  readonly conversation?: string;
  /** Known to hunting alone. */
  readonly attachments?: readonly AttachedFile[];
  readonly cluster?: string;
  readonly threat?: string;
  readonly mailFrom?: string;
  /** How it came in from elsewhere: then Exchange writes its own headers above those of its sender. Left out: it writes none. */
  readonly arrival?: Arrival;
  readonly authentication?: string;
  /** False: the copy exists but advanced hunting never heard of it, as with mail older than its memory. */
  readonly hunted?: boolean;
}

export interface DeliveredCopy {
  readonly userId: string;
  readonly address: string;
  readonly messageId: string;
  readonly folderId: string;
  readonly folder: string;
}

export interface Delivered {
  readonly internetMessageId: string;
  readonly networkMessageId: string;
  readonly copies: readonly DeliveredCopy[];
  readonly unknown: readonly string[];
}

/** One row of what advanced hunting calls EmailEvents. */
export interface EmailEvent {
  readonly at: number;
  readonly networkMessageId: string;
  readonly internetMessageId: string;
  readonly recipient: string;
  readonly recipientId: string;
  readonly messageId: string;
  readonly sender: Party;
  readonly subject: string;
  readonly folder: string;
  readonly urls?: readonly string[];
  readonly attachments?: readonly AttachedFile[];
  /** What the service calls the group of mails whose content is like this one's: a whole number of 64 bits, as text: JSON's own numbers cannot hold it. */
  readonly cluster?: string;
  /** What the filter said of it; `Phish` by default, empty for nothing. */
  readonly threat?: string;
  /** Of its envelope; that of the sender by default. */
  readonly mailFrom?: string;
  readonly arrival?: Arrival;
  /** How it was judged on its way in, as hunting words it; all passed by default. */
  readonly authentication?: string;
}

interface AttachedFile {
  readonly name: string;
  /** Hex, lower case. */
  readonly sha256: string;
}

export interface UrlClick {
  readonly at: number;
  readonly networkMessageId: string;
  readonly account: string;
  readonly url: string;
  readonly blocked: boolean;
  readonly through: boolean;
}

export interface TenantChange {
  readonly at: number;
  readonly kind: 'delivered' | 'moved' | 'marked' | 'gone' | 'folders' | 'users';
  readonly userId: string;
  readonly messageId: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

export interface FolderSummary {
  readonly id: string;
  readonly name: string;
  readonly wellKnownName: string | null;
  readonly total: number;
  readonly unread: number;
}

export interface MailboxSummary {
  readonly user: TenantUser;
  readonly messages: number;
  /** Empty until something was put into or asked of the mailbox. */
  readonly folders: readonly FolderSummary[];
}

export interface MailboxRule {
  readonly id: string;
  readonly displayName: string;
  readonly sequence: number;
  readonly isEnabled: boolean;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly actions: Readonly<Record<string, unknown>>;
  readonly exceptions?: Readonly<Record<string, unknown>>;
  readonly hasError?: boolean;
  /** No interface of Graph changes it. */
  readonly isReadOnly?: boolean;
  /** It works, and Graph knows nothing of it. */
  readonly hidden?: boolean;
}

export interface MasterCategory {
  readonly id: string;
  readonly displayName: string;
  readonly color: string;
}
