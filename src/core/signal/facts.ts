import type { DomainSet } from './domain.ts';

/**
 * What a signal may know about one copy of a mail, whoever found it out. What was not looked at is null, and is something else than
 * what was looked at and is not there: a signal says nothing about what is null.
 */

/** Where a fact is from: the mail itself (its sender wrote it), what Exchange stamped on it, the mailbox, hunting, settings, our own incidents. */
export type Source = 'mail' | 'exchange' | 'mailbox' | 'hunting' | 'configuration' | 'incidents';

export interface Fact<T> {
  readonly value: T;
  readonly source: Source;
  /** ISO time: as of when it is known. */
  readonly at: string;
}
/** Null: not known. */
export type Known<T> = Fact<T> | null;

export interface Facts {
  readonly mail: MailFacts;
  readonly tenant: TenantFacts;
  readonly mailbox: MailboxFacts;
}

/** Of the mail. Values are as they stand there: nothing of it is believed. */
export interface MailFacts {
  /** The author that people see, RFC 5322 From. Null also where none can be read. */
  readonly from: Known<{ readonly address: string; readonly name: string | null }>;
  /** Addresses; none where there is no such header. */
  readonly replyTo: Known<readonly string[]>;
  /** Addresses of To and Cc, all of them: where the lists were cut, they are not known. */
  readonly recipients: Known<{ readonly to: readonly string[]; readonly cc: readonly string[] }>;
  readonly subject: Known<string>;
  readonly thread: Known<ThreadHeaders>;
  readonly kind: Known<KindHeaders>;
  /** How many different header names (`From:`, `Sent:` …) begin a line of its text. Null where the text was not read. */
  readonly quotedHeaders: Known<number>;
  /** As Exchange stamped it when the mail came in; what other servers or the sender wrote is no such fact. */
  readonly authentication: Known<Authentication>;
}

export interface ThreadHeaders {
  /** Message-IDs. */
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  /** Conversation-Index or Thread-Index, base64; null for none. */
  readonly index: string | null;
}

export interface KindHeaders {
  /** Whether any List-* header of RFC 2369 or 2919 is there. */
  readonly list: boolean;
  /** Auto-Submitted, RFC 3834; null for none. */
  readonly autoSubmitted: string | null;
  /** Content-Type of the whole mail; null for none. */
  readonly contentType: string | null;
}

/** RFC 8601 results; `compauth` and `action` as in learn.microsoft.com/defender-office-365/message-headers-eop-mdo. */
export interface Authentication {
  readonly dmarc: string | null;
  readonly compauth: string | null;
  /** What the domain's policy asks for: `oreject`, `quarantine`, `none` …; null for nothing said. */
  readonly action: string | null;
}

export interface TenantFacts {
  /** Every domain that is verified in the tenant. */
  readonly ownDomains: Known<DomainSet>;
  /** Domains that people of the tenant wrote to in the last 30 days. */
  readonly partners: Known<DomainSet>;
  readonly vips: Known<readonly Vip[]>;
  /** Whether the mail came in over a server that the tenant calls its own, as Exchange saw it. */
  readonly ownRelay: Known<boolean>;
}

export interface Vip {
  readonly name: string;
  /** Theirs, private ones that are known included. */
  readonly addresses: readonly string[];
}

interface MailboxFacts {
  /** Addresses of the mailbox. */
  readonly owner: Known<readonly string[]>;
  /** Copies of it are in mailboxes of others as well. */
  readonly isShared?: boolean;
  /** With the address of From, before this mail. */
  readonly address: History;
  /** With the registered domain of From, before this mail, in the whole tenant. */
  readonly domain: History;
  /** Earlier messages of the same conversation in this mailbox. */
  readonly conversation: Known<EarlierThread>;
  /** Earlier messages with the same root in their Conversation-Index. */
  readonly sameIndex: Known<EarlierThread & { readonly indexes: readonly string[] }>;
  /** What people decided about earlier mail from the address, where it was not seen to be forged. */
  readonly judged: Known<Judged>;
  /** The same of everybody at its domain. */
  readonly judgedDomain: Known<Judged>;
}

/** Closed incidents, by how they ended. */
export interface Judged {
  readonly malicious: number;
  readonly harmless: number;
}

export interface History {
  readonly received: Known<number>;
  readonly sent: Known<number>;
  /** Whole days since the first of them; 0 where there is none. */
  readonly days: Known<number>;
}

export interface EarlierThread {
  readonly messages: number;
  /** Domains of From, To and Cc of all of them. */
  readonly domains: DomainSet;
  /** Addresses there at domains where anybody gets one (`freemail.ts`); others may be left out. */
  readonly addresses: readonly string[];
}
