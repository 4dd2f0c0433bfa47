import type { TenantPolicy } from '../core/ask/policy.ts';
import type { QuietHours } from '../core/ask/quiet.ts';
import type { Mode } from '../core/ask/rule.ts';
import type { FinderTrouble } from '../core/find/finder.ts';
import type { PlanSeal } from '../core/find/manifest.ts';
import type { ChatNames } from '../core/tell/chats.ts';
import type { Clock } from '../ports/clock.ts';
import type { Effects } from '../ports/effects.ts';
import type { Excerpts } from '../ports/excerpts.ts';
import type { PrivateFiles } from '../ports/files.ts';
import type { Finder } from '../ports/finder.ts';
import type { OnCall } from '../ports/on-call.ts';
import type { ChatPeople, Directory } from '../ports/people.ts';
import type { Reader } from '../ports/reader.ts';
import type { Platform, Rooms } from '../ports/rooms.ts';
import type { SignIn } from '../ports/sign-in.ts';
import type { PulledSource } from '../ports/source.ts';
import type { Store } from '../ports/store.ts';

/** What is worth counting and logging; never mail content. */
export type Happening =
  | { readonly what: 'alert'; readonly created: boolean }
  | { readonly what: 'press'; readonly verb: string; readonly result: string }
  | { readonly what: 'copy'; readonly action: string; readonly outcome: string }
  /** `result`: 'answered', or what is wrong with the answer. */
  | { readonly what: 'finder'; readonly finder: string; readonly result: 'answered' | FinderTrouble }
  /** A source that is asked. `unusable`: an alert of it, of which nothing can be used. */
  | { readonly what: 'source'; readonly source: string; readonly result: 'answered' | 'back' | 'failed' | 'unusable' }
  /** Something came late, and what became of it cannot be found out. */
  | { readonly what: 'late'; readonly result: 'not known' }
  /** Whoever says who is on call. */
  | { readonly what: 'on-call'; readonly result: 'answered' | 'silent' }
  | { readonly what: 'card'; readonly platform: string; readonly result: string }
  | { readonly what: 'room'; readonly platform: string; readonly result: 'dead' | 'back' };

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
  /** Who is asked whom a mail was delivered to. */
  readonly finders: readonly Finder[];
  readonly reader: Reader;
  readonly effects: Effects;
  readonly excerpts: Excerpts;
  readonly rooms: readonly Rooms[];
  readonly directory: Directory;
  readonly chats: ReadonlyMap<Platform, ChatPeople>;
  /** Chats in which a file can be sent to one person alone. */
  readonly files: ReadonlyMap<Platform, PrivateFiles>;
  /** Of every chat there is, set up here or not: the record may speak of one that was. */
  readonly chatNames: ChatNames;
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

/** What deciding takes: it has no way into a mailbox. */
export type Deciding = Omit<
  Flow,
  'finders' | 'reader' | 'effects' | 'excerpts' | 'pulled' | 'lookAgainAfter' | 'elapsed'
>;

/** What answering people takes: of mailboxes, how a mail begins, and what a folder is called. */
export type Answering = Deciding & Pick<Flow, 'excerpts'> & { readonly reader: Pick<Reader, 'folderNames'> };

/** What looking takes: it reads mailboxes, and knows of effects only which of them there are. */
export type Finding = Omit<Flow, 'effects' | 'excerpts'> & { readonly effects: Pick<Effects, 'can'> };
