import type { Alert } from '../core/find/alert.ts';
import type { Known, ToldAlert } from '../core/find/alert-reader.ts';
import type { Note } from '../core/find/reading.ts';
import type { Source } from '../core/find/source.ts';
import type { EndName } from '../core/record/ends.ts';
import type { Allowance } from './cursors.ts';

export type { EndName };

/**
 * A kind of sender of alerts: how it proves who it is, what its messages say, and how it is answered. It sends, or it is
 * asked. What one of them may claim is for the configuration to say, and never for itself.
 */
export type SourceVendor = Named & {
  /** What all of its sources are, whatever the configuration calls them; left out where that is for the configuration to say. */
  readonly kind?: Source['kind'];
  /** How it is told what became of the mail; left out where its API takes nothing of the kind. */
  readonly back?: Back;
} & (
    | { readonly push: Push; readonly pull: Pull | null }
    /** It never sends: it is asked. */
    | { readonly push: null; readonly pull: Pull }
  );

interface Named {
  /** What its secrets look like, several of them apart by blanks; `looks` says it to people. */
  readonly secrets: { readonly form: RegExp; readonly looks: string };
  /** Where a vendor that sends is asked for what its body leaves out, unless the configuration says otherwise. */
  readonly url?: string;
  /** What one payload of it says of each mail in it, without asking anybody. Never throws for what somebody sent. */
  readonly read?: (bytes: Uint8Array, known: Known, headers: SentHeaders) => readonly ReadMail[];
}

/** `id`: what the vendor calls what it says of this mail. */
export interface ReadMail {
  readonly id: string;
  readonly understood: Understood;
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
  toAlert(bytes: Uint8Array, known: Known, headers: SentHeaders): Understood;
  /**
   * For a body that only says which mail is meant: asks the vendor for it. Where no answer comes, nothing was taken in and
   * whoever sent it has to send it again.
   */
  readonly complete?: (how: AskingBack, bytes: Uint8Array, known: Known, until: AbortSignal) => Promise<Completed>;
  /** For the doctor: why the vendor would be asked in vain, in plain words; null where it answers. It asks and changes nothing. */
  readonly reach?: (how: AskingBack, until: AbortSignal) => Promise<string | null>;
  readonly answerBack: AnswerBack;
}

export interface AskingBack {
  /** Null: where the vendor is asked by itself. */
  readonly url: string | null;
  readonly secrets: readonly string[];
}

export type Completed = Understood | Extract<Refused, { readonly why: 'no-answer' }>;

/** `more`: what the same body says of other mails. */
export type Understood =
  | { readonly alert: ToldAlert; readonly more?: readonly ToldAlert[] }
  | Extract<Refused, { readonly why: 'not-json' | 'invalid-alert' }>;

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
  /** Its vendor did not say which mail is meant. `detail`: for people. */
  | { readonly why: 'no-answer'; readonly detail: string; readonly seconds: number }
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
  /**
   * Asked through the tenant's Microsoft Graph: it has neither an address nor a secret of its own. Which permission of the
   * mail executor it takes, as manifest/graph-permissions.json calls the feature.
   */
  readonly byGraph?: 'alerts' | 'submissions' | 'reports';
  /** It reads one mailbox, which the configuration has to name, and no other. */
  readonly ofMailbox?: true;
  /** Where it is asked unless the configuration says otherwise; null: the configuration has to say. */
  readonly url: string | null;
  /** How long it is left alone between two questions. */
  readonly everyMs: number;
  /**
   * The vendor answers one credential so many questions in 24 hours that roll on. `credential`: what names it, of its secret; the
   * budget is shared by all sources that ask with it. Left out where the vendor says no number.
   */
  readonly allows?: { readonly aDay: number; readonly credential: (secret: string) => string };
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
  /** For a vendor that is asked through Microsoft Graph; else null. */
  readonly graph?: GraphReading | null;
  /** For one that reads a mailbox: its address, and how a message of it is read as it was sent. Left out for others. */
  readonly mailbox?: string | null;
  readonly mime?: MimeReading | null;
  /** How long one message is waited for, milliseconds. Left out: as long as a question allows. */
  readonly readWithinMs?: number;
}

/** What became of a mail, in as few words as vendors have in common. */
export interface End {
  readonly is: EndName;
  /** The vendor's own id of its alert. */
  readonly alert: string;
  /** What the alert called the mail. */
  readonly verdict: Alert['verdict'];
  /** Everything that the alert speaks of has ended, and how; null while something has not. */
  readonly whole: EndName | null;
  /** For people: counts, and what proves them. No addresses. */
  readonly words: string;
  /** Stands in the words and in no others: by this it is seen whether they have arrived before. */
  readonly mark: string;
  /** What the vendor sent of it, as it is kept; perhaps nothing. */
  readonly rows: readonly string[];
}

export interface TellingBack extends AskingBack {
  /** ISO time. */
  readonly now: string;
  readonly graph: GraphChanging | null;
}

export type ToldBack =
  | { readonly kind: 'told' }
  /** It has been said before, and has arrived. */
  | { readonly kind: 'known' }
  /** The vendor takes nothing of the kind. `why`: for people. */
  | { readonly kind: 'nothing'; readonly why: string }
  /** Perhaps it has arrived all the same. `waitMs`: how long it wants to be left alone. */
  | { readonly kind: 'failed'; readonly why: string; readonly waitMs: number | null };

export interface Back {
  /** What the credential of the source has to be allowed, for people. */
  readonly needs: string;
  /** Where it is told unless the configuration says otherwise; empty where it goes through Microsoft Graph. */
  readonly url: string;
  /** Told through Microsoft Graph: the permission, as of `Pull.byGraph`. */
  readonly byGraph?: 'tell' | 'review';
  /**
   * Says how it ended, and sets nothing off there. It looks first where saying it twice would be seen. Never throws for what
   * the service says.
   */
  tell(how: TellingBack, end: End, until: AbortSignal): Promise<ToldBack>;
}

/** A source that is told, as it is set up here. */
export interface ToldSource {
  /** Name of the source. */
  readonly source: string;
  /** As `Back.tell`, and ends in time whatever the service does. */
  tell(end: End): Promise<ToldBack>;
}

/** Of Microsoft Graph; left out: v1.0. */
export type GraphVersion = 'v1.0' | 'beta';

/** Changes as well, as the tenant's own application. Throws where no answer came: then it may have been done. */
export interface GraphChanging extends GraphReading {
  change(
    method: 'PATCH' | 'POST',
    path: string,
    body: unknown,
    version?: GraphVersion,
  ): ReturnType<GraphReading['get']>;
}

/** One question to Microsoft Graph, as the tenant's own application. `path`: after the version. Throws where no answer came. */
export interface GraphReading {
  get(
    path: string,
    version?: GraphVersion,
  ): Promise<{ readonly status: number; readonly body: unknown; readonly waitMs: number | null }>;
}

/** GET of a message as it was sent. `path`: after the version. Never throws for what is answered, and reads no more bytes. */
export type MimeReading = (path: string, mostBytes: number) => Promise<ReadMime>;

type ReadMime =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'too large' }
  /** `status` null: no answer came. `waitMs`: how long it wants to be left alone. */
  | { readonly kind: 'refused'; readonly status: number | null; readonly waitMs: number | null };

export type Pulled =
  | {
      readonly kind: 'page';
      readonly items: readonly PulledItem[];
      readonly cursor: string;
      /** There is more behind the cursor already. */
      readonly more: boolean;
      /** How long it wants to be left alone, as it said in the middle of this page; left out where it did not. */
      readonly waitMs?: number | null;
    }
  | {
      readonly kind: 'failed';
      /** For people. */
      readonly why: string;
      /** How long it wants to be left alone; null where it did not ask for that. */
      readonly waitMs: number | null;
      /** What it has to remember all the same: it says no more of what is new than the one before. Left out: that one stays. */
      readonly cursor?: string;
      /** Only some of it could not be had: it is asked again as if nothing had failed. */
      readonly atUsualPace?: true;
    };

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
  /** What its vendor allows the credential that it asks with; left out where that is no number. */
  readonly allowance?: Allowance;
  /** As `Pull.ask`, and ends in time whatever the service does. */
  ask(cursor: string | null): Promise<Pulled>;
}
