import type { EngineTerms } from '../core/action/engine.ts';
import type { TenantPolicy } from '../core/ask/policy.ts';
import type { QuietHours } from '../core/ask/quiet.ts';
import type { Mode } from '../core/ask/rule.ts';
import type { ToldAlert } from '../core/find/alert-reader.ts';
import type { CampaignTerms } from '../core/find/campaign.ts';
import type { OwnExercises } from '../core/find/exercise.ts';
import type { FinderTrouble } from '../core/find/finder.ts';
import type { PlanSeal } from '../core/find/manifest.ts';
import type { Delivery } from '../core/find/source.ts';
import type { MeasureKind } from '../core/measure/measure.ts';
import type { EndName } from '../core/record/ends.ts';
import type { CardLimits } from '../core/tell/budget.ts';
import type { ChatNames } from '../core/tell/chats.ts';
import type { Automation } from '../ports/automation.ts';
import type { Clock } from '../ports/clock.ts';
import type { Effects } from '../ports/effects.ts';
import type { Keeping, MailEvidence } from '../ports/evidence.ts';
import type { Excerpts } from '../ports/excerpts.ts';
import type { PrivateFiles } from '../ports/files.ts';
import type { Finder } from '../ports/finder.ts';
import type { FlagFindings } from '../ports/flags.ts';
import type { Intelligence } from '../ports/intelligence.ts';
import type { MailFiles } from '../ports/mail-files.ts';
import type { MeasureFindings } from '../ports/measure-findings.ts';
import type { Measures } from '../ports/measures.ts';
import type { OnCall } from '../ports/on-call.ts';
import type { PaceMeter } from '../ports/pace.ts';
import type { ChatPeople, Directory } from '../ports/people.ts';
import type { PrivateWords } from '../ports/private-words.ts';
import type { Reader } from '../ports/reader.ts';
import type { Platform, Rooms } from '../ports/rooms.ts';
import type { Seeker } from '../ports/seeker.ts';
import type { SignIn } from '../ports/sign-in.ts';
import type { PulledSource, ToldSource } from '../ports/source.ts';
import type { Store, Tx } from '../ports/store.ts';

/** What is worth counting and logging; never mail content. */
export type Happening =
  | { readonly what: 'alert'; readonly created: boolean }
  | { readonly what: 'press'; readonly verb: string; readonly result: string }
  | { readonly what: 'copy'; readonly action: string; readonly outcome: string }
  /** A case has ended so many seconds after its first alert. */
  | { readonly what: 'answer'; readonly end: EndName; readonly seconds: number }
  /** `result`: 'answered', or what is wrong with the answer. */
  | { readonly what: 'finder'; readonly finder: string; readonly result: 'answered' | FinderTrouble }
  /** A source that is asked. `unusable`: an alert of it, of which nothing can be used. */
  | {
      readonly what: 'source';
      readonly source: string;
      /** `silent`: no report came for far longer than usual; `speaks`: one came again. Each is told once. */
      readonly result: 'answered' | 'back' | 'failed' | 'unusable' | 'silent' | 'speaks';
    }
  /** Something came late, and what became of it cannot be found out. */
  | { readonly what: 'late'; readonly result: 'not known' }
  /** Whoever says who is on call. */
  | { readonly what: 'on-call'; readonly result: 'answered' | 'silent' }
  | { readonly what: 'card'; readonly platform: string; readonly result: string }
  | { readonly what: 'room'; readonly platform: string; readonly result: 'dead' | 'back' };

export type Receipt =
  | { readonly kind: 'accepted'; readonly incident: string; readonly created: boolean }
  /** It came before: this is what it was told then. */
  | { readonly kind: 'replayed'; readonly incident: string | null; readonly created: boolean }
  /** Its id came before, with another body. */
  | { readonly kind: 'reused'; readonly incident: string | null };

/** Somebody named in clawback.yaml. */
interface KnownPerson {
  /** Entra object id, lower case. */
  readonly entraId: string;
  readonly name: string;
  /** Accounts of the same person, by stable id, in chats that do not know people by their Entra id. */
  readonly accounts: ReadonlyMap<Platform, string>;
}

/** A policy that new plans might be made under. */
export interface CurrentPolicy {
  readonly digest: string;
  readonly policy: TenantPolicy;
}

declare const adopted: unique symbol;
/** The same, found in the store by every plan that names it. Only `adoptPolicy` makes one. */
export type AdoptedPolicy = CurrentPolicy & { readonly [adopted]: true };

/** Everything one tenant's story needs. Made once, in tenant.ts. */
export interface Flow {
  readonly tenant: {
    readonly id: string;
    readonly name: string;
    readonly mode: Mode;
  };
  readonly people: readonly KnownPerson[];
  /** May answer another one after policy.yaml was changed. */
  readonly policy: () => AdoptedPolicy;
  readonly store: Store;
  /** Sources that do not send and are asked what is new. */
  readonly pulled: readonly PulledSource[];
  /** Sources that are told how their alerts ended; left out for none. */
  readonly told?: readonly ToldSource[];
  /**
   * Names of the sources whose reporters are told the end, and the chats in which one person can be written to; left out for
   * none.
   */
  readonly toReporters?: {
    readonly of: ReadonlySet<string>;
    readonly chats: readonly PrivateWords[];
  };
  /**
   * Who looks at the findings about the owner of a flagged mailbox, null where nobody is set up to; and the chats in which
   * whoever looks after one can be written to. Left out for neither.
   */
  readonly flagging?: { readonly findings: FlagFindings | null; readonly chats: readonly PrivateWords[] };
  /** Who is asked whom a mail was delivered to. */
  readonly finders: readonly Finder[];
  /** Who is asked where a person looks for mail by what it is like. */
  readonly seekers: readonly Seeker[];
  /** Who is asked what was taken out of mailboxes without anybody's decision; left out where nobody wants to know. */
  readonly automation?: Automation;
  /** Takes a mail in that a person has found, as an alert is: whoever decides has no other way to where mail is looked for. */
  readonly report: (tx: Tx, told: ToldAlert, delivery: Delivery) => Promise<Receipt>;
  /** Reads what people report in a chat. */
  readonly mailFiles: MailFiles;
  readonly reader: Reader;
  readonly effects: Effects;
  /** What the configuration says of phishing exercises; left out where it says nothing. */
  readonly exercises?: OwnExercises;
  /**
   * Who carries out what is planned from now on, and for how long a request to Defender is looked after before it is told as not
   * seen. Left out: each mailbox itself.
   */
  readonly engine?: { readonly terms: EngineTerms; readonly readBackMs: number };
  /** Measures about people: which are switched on, who carries them out, and what was found that they answer; left out for none. */
  readonly measures?: {
    readonly kinds: readonly MeasureKind[];
    readonly service: Measures;
    readonly findings?: MeasureFindings;
  };
  readonly excerpts: Excerpts;
  /** Reads what a mail was sent as, for what is kept of it. */
  readonly evidence: MailEvidence;
  /** Who is asked about the people of an incident; left out where that is switched off. */
  readonly intelligence?: Intelligence;
  /** Whether there is somebody; left out for no. Who decides has no way to ask them. */
  readonly looksAtPeople?: boolean;
  readonly keeping: Keeping;
  readonly rooms: readonly Rooms[];
  readonly directory: Directory;
  readonly chats: ReadonlyMap<Platform, ChatPeople>;
  /** Chats in which a file can be sent to one person alone. */
  readonly files: ReadonlyMap<Platform, PrivateFiles>;
  /** Of every chat there is, set up here or not: the record may speak of one that was. */
  readonly chatNames: ChatNames;
  /** What is no mark of a campaign; left out: nothing is shown together. */
  readonly campaigns?: CampaignTerms;
  /** New cards an hour; left out: as many as there are incidents. */
  readonly cardLimits?: CardLimits;
  /** Hosts that a card may link to. */
  readonly linkHosts: readonly string[];
  /** Who is called first; null where nobody says it. */
  readonly onCall: OnCall | null;
  /** Hours in which nobody is called by name; null for none. */
  readonly quiet: QuietHours | null;
  /** Null where no sign-in page is configured. */
  readonly signIn: { readonly pages: SignIn; readonly url: (secret: string) => string } | null;
  /** Minutes after a plan was made at which its mail is looked for again; the first is how late finders show a mail. */
  readonly lookAgainAfter: readonly number[];
  /** How fast Microsoft answers this process; left out where nobody measures. */
  readonly pace?: PaceMeter;
  /** What the stop file says; null while there is none. Asked before every chunk. */
  readonly stopFile: () => Promise<string | null>;
  /** False once this process was asked to end: what is under way is brought to its end, and no further chunk is claimed. */
  readonly mayBegin: () => boolean;
  readonly clock: Clock;
  /** Milliseconds that never run slower than time does: on through a freeze of the process and a suspend of the machine. */
  readonly elapsed: () => number;
  readonly hash: Hash;
  readonly observe: (happening: Happening) => void;
}

/** Arguments, because the flow has no crypto. */
export interface Hash extends PlanSeal {
  /** Hex SHA-256 over the canonical bytes (RFC 8785) of a value. */
  digest(value: unknown): string;
  /** Fresh, unguessable, URL-safe. */
  secret(): string;
  /** Fresh, for people to read and type. */
  code(): string;
}

/** As much of it as writing to the record and stopping take. */
export type Bookkeeping = Pick<Flow, 'tenant' | 'clock' | 'store' | 'rooms'>;

/** Which measures are switched on, and what was found that they answer: enough to ask for some. */
export interface Containing {
  readonly measures?: Omit<NonNullable<Flow['measures']>, 'service'>;
}

/** What deciding takes: it has no way into a mailbox. */
export type Deciding = Omit<
  Flow,
  | 'finders'
  | 'seekers'
  | 'automation'
  | 'reader'
  | 'effects'
  | 'measures'
  | 'excerpts'
  | 'evidence'
  | 'intelligence'
  | 'pulled'
  | 'lookAgainAfter'
  | 'elapsed'
> &
  Containing;

/** What answering people takes: of mailboxes, how a mail begins, and what a folder is called. */
export type Answering = Deciding & Pick<Flow, 'excerpts'> & { readonly reader: Pick<Reader, 'folderNames'> };

/** What looking takes: it reads mailboxes, and knows of effects only which of them there are. */
export type Finding = Omit<Flow, 'effects' | 'excerpts' | 'evidence' | 'measures'> & {
  readonly effects: Pick<Effects, 'can'>;
  readonly measures?: Omit<NonNullable<Flow['measures']>, 'service'> & { readonly service: Pick<Measures, 'look'> };
};
