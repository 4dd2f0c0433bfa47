import type { HeaderLine, MailForm } from '../core/find/mail-form.ts';
import type { Target } from '../core/find/plan.ts';

/** What is kept of a mail itself, so that later somebody can show what it was. */

/**
 * What came of reading. `too large`: it is, and nothing of it was kept. `denied`: not allowed. `absent`: it is not there, or
 * nobody is. `no answer`: none that says which.
 */
export type Got<T> = { readonly requestId: string } & (
  | { readonly status: 'ok'; readonly value: T }
  | { readonly status: 'too large' | 'denied' | 'absent'; readonly detail: string }
  /** `waitMs`: how long the service asks to wait, where it does. */
  | { readonly status: 'no answer'; readonly detail: string; readonly waitMs: number | null }
);

/**
 * Reads what one copy was sent as. Apart from the reader of mailboxes, so that only what keeps evidence has a way to it.
 * One attempt with an end; never throws for what the service answers. Also reads a copy that was soft-deleted since, by the
 * same id; one that was hard-deleted is 'absent'.
 */
export interface MailEvidence {
  /** In the order of the header. */
  headers(target: Target): Promise<Got<readonly HeaderLine[]>>;
  /** The whole message as it was sent, RFC 5322 with MIME, of at most so many bytes. */
  mime(target: Target, mostBytes: number): Promise<Got<Uint8Array>>;
}

export const EVIDENCE_KINDS = ['headers', 'mime'] as const;
export type EvidenceKind = (typeof EVIDENCE_KINDS)[number];

/** How much of a mail is kept, how long, and how it lies there. */
export interface Keeping {
  readonly keeps: 'nothing' | 'headers' | 'headers and MIME';
  readonly days: number;
  readonly headerBytes: number;
  readonly mimeBytes: number;
  readonly vault: Vault;
}

/** Encrypts what is kept, so that the database alone does not give it away; an argument, because the flow has no crypto. */
export interface Vault {
  /** Hex SHA-256. */
  digest(bytes: Uint8Array): string;
  /** False: nothing can be encrypted, or opened. */
  readonly hasKey: boolean;
  /** Text that only `open` with the same key and the same `about` understands. Throws without a key. */
  seal(bytes: Uint8Array, about: string): string;
  /** True where it names a key that is not this one. What it names is only a hint: nothing opens by it. */
  isOfAnotherKey(sealed: string): boolean;
  /** Null where it was changed, was sealed as something else or with another key, or where there is no key. */
  open(sealed: string, about: string): Uint8Array | null;
}

/** One thing that is kept. What it says is `content`: headers as they are, MIME as the vault sealed it. */
export interface KeptEvidence extends MailForm {
  readonly kind: EvidenceKind;
  readonly mailbox: string;
  readonly message: string;
  /** Hex SHA-256 of the bytes that were read: the text of the headers as UTF-8, or the message. */
  readonly digest: string;
  readonly bytes: number;
  /** When it was kept, ISO time. */
  readonly at: string;
}

/** Part of a transaction of the store. */
export interface EvidenceShelf {
  /** False where this kind of this form is kept of this incident already: the first stays. */
  keep(incident: string, evidence: KeptEvidence, content: string): Promise<boolean>;
  /** In the order in which it was kept; without what it says, which may be megabytes. */
  of(incident: string): Promise<readonly KeptEvidence[]>;
  /** What it says; null where that is not kept. */
  content(incident: string, evidence: MailForm & Pick<KeptEvidence, 'kind'>): Promise<string | null>;
  /** Incidents with something that was kept before then, in order, after that id. */
  olderThan(before: string, after: string, limit: number): Promise<readonly string[]>;
  /** What was kept of it before then; all of it where no time is given. */
  remove(incident: string, before?: string): Promise<void>;
}

/** One piece of what is kept of an incident, by what it is and not by its place in the list: retention may have taken what stood before it. */
export type EvidenceName = Pick<KeptEvidence, 'kind' | 'digest'>;
