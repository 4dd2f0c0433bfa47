import type { Known, ToldAlert } from '../core/find/alert-reader.ts';
import type { Note } from '../core/find/reading.ts';
import type { Source } from '../core/find/source.ts';

/**
 * A kind of sender of alerts: how it proves who it is, what its messages say, and how it is answered. It sends, or it is
 * asked. What one of them may claim is for the configuration to say, and never for itself.
 */
export type SourceVendor = Named &
  (
    | { readonly push: Push; readonly pull: Pull | null }
    /** It never sends: it is asked. */
    | { readonly push: null; readonly pull: Pull }
  );

interface Named {
  /** What its secrets look like, several of them apart by blanks; `looks` says it to people. */
  readonly secrets: { readonly form: RegExp; readonly looks: string };
}

export type SentHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A request as it came. */
export interface Sent {
  readonly headers: SentHeaders;
  readonly bytes: Uint8Array;
  /** When it came, milliseconds since 1970. */
  readonly at: number;
}

export interface Push {
  /** Before the body is read: what in the headers shows that nobody signed it, in plain words; null for nothing. */
  unsigned(headers: SentHeaders): string | null;
  /**
   * Made once for a secret: whoever holds it is the source. Answers what the sender calls this sending, the same for the same
   * and new for a new one; null for one that was not made with the secret, is too old, or from the future.
   */
  verifier(secret: string): (sent: Sent) => string | null;
  /** What the body says of one mail, checked. Never throws for what somebody sent; what cannot be used is named. */
  toAlert(bytes: Uint8Array, known: Known): Understood;
  readonly answerBack: AnswerBack;
}

type Understood = { readonly alert: ToldAlert } | Extract<Refused, { readonly why: 'not-json' | 'invalid-alert' }>;

/** What a sender is told, in its own form. */
export interface AnswerBack {
  received(receipt: SentReceipt): Answer;
  refused(refused: Refused): Answer;
}

export interface SentReceipt {
  readonly incident: string | null;
  readonly created: boolean;
}

/** Why nothing was taken in. `why` is one of few, for the record and the metrics, and never what was sent. */
export type Refused =
  | { readonly why: 'unsigned'; readonly detail: string }
  | { readonly why: 'bad-signature' }
  | { readonly why: 'too-large'; readonly maxBytes: number }
  | { readonly why: 'too-many'; readonly seconds: number }
  | { readonly why: 'not-json' }
  | { readonly why: 'invalid-alert'; readonly problems: readonly Note[] }
  /** The same name was given to another body before. `incident`: what came of that, where it was an alert. */
  | { readonly why: 'reused'; readonly incident?: string | null };

export interface Answer {
  readonly status: number;
  /** Lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Pull {
  /** Where it is asked unless the configuration says otherwise; null: the configuration has to say. */
  readonly url: string | null;
  /** How long it is left alone between two questions. */
  readonly everyMs: number;
  /**
   * What is new since the cursor; null: it was never asked. Never throws for what the service says or does not say, and asks
   * no more once `until` is aborted. The same cursor brings the same again, and no cursor passes over anything.
   */
  ask(how: Asking, cursor: string | null, until: AbortSignal): Promise<Pulled>;
}

export interface Asking {
  readonly url: string;
  /** The current one. */
  readonly secret: string;
  /** ISO time. */
  readonly now: string;
}

export type Pulled =
  /** `more`: there is more behind the cursor already. */
  | { readonly kind: 'page'; readonly items: readonly PulledItem[]; readonly cursor: string; readonly more: boolean }
  /** `why`: for people. `waitMs`: how long it wants to be left alone; null where it did not ask for that. */
  | { readonly kind: 'failed'; readonly why: string; readonly waitMs: number | null };

export interface PulledItem {
  /** What the vendor calls it: the same for the same, and another where it says something new of the same mail. */
  readonly id: string;
  /** As it came. */
  readonly body: string;
  readonly understood: Understood;
}

/** A source that is asked, as it is set up here. */
export interface PulledSource {
  readonly source: Source;
  /** Name of its vendor: what one vendor's cursor means, no other knows. */
  readonly vendor: string;
  readonly everyMs: number;
  /** As `Pull.ask`, and ends in time whatever the service does. */
  ask(cursor: string | null): Promise<Pulled>;
}
