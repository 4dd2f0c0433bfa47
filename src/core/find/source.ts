/** Who sends alerts, and what they may claim. A source is who its secret says it is, never what its alert says. */

export interface Source {
  /** Unique in the tenant; what the policy, the card and the record call it. */
  readonly name: string;
  /** `detector`: speaks of a mail it saw. `report`: passes on what people reported. `operator`: a person at a command line. */
  readonly kind: 'detector' | 'report' | 'operator';
  readonly claims: Claims;
}

/** The name of the source of what people report in the chats: no source of the configuration is called so. */
export const CHAT_REPORTS = 'chat-report';

/** The same of the lists of what automation took out of mailboxes. */
export const AUTOMATION = 'automation';

/** The same of mail that somebody looked for, and of what an account sent to people inside. */
export const SEARCH = 'search';
export const SENT_INSIDE = 'sent-inside';
export const SEARCH_SOURCES: readonly string[] = [SEARCH, SENT_INSIDE];

/** What is believed of a source. Everything else in its alerts says only where to look. */
export interface Claims {
  /** Highest confidence that it may claim, 0 to 100. */
  readonly confidence: number;
  /** Whether a rule that acts first may act on its word. */
  readonly actFirst: boolean;
  /** Its recipients have received the mail: they do not decide. */
  readonly recipients: boolean;
  /** Its network message ids are Exchange's own, and its times of receipt are. */
  readonly ids: boolean;
  /** Whom it names as reporter or requester has reported or asked: they do not decide. */
  readonly reporters: boolean;
}

/** One signed sending: who signed it, what the sender calls it, and the hex SHA-256 of its bytes. */
export interface Delivery {
  readonly source: Source;
  readonly id: string;
  readonly body: string;
}

/** Nothing is believed beyond what the alert says of the mail itself. */
export const NO_CLAIMS: Claims = { confidence: 100, actFirst: false, recipients: false, ids: false, reporters: false };
