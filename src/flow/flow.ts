import type { FinderTrouble } from '../core/finder.ts';
import type { TenantPolicy } from '../core/policy.ts';
import type { Mode } from '../core/rule.ts';
import type { Clock } from '../ports/clock.ts';
import type { Mail } from '../ports/mail.ts';
import type { ChatPeople, Directory } from '../ports/people.ts';
import type { Platform, Rooms } from '../ports/rooms.ts';
import type { SignIn } from '../ports/sign-in.ts';
import type { Store } from '../ports/store.ts';

/** What is worth counting and logging; never mail content. */
export type Happening =
  | { readonly what: 'alert'; readonly created: boolean }
  | { readonly what: 'press'; readonly verb: string; readonly result: string }
  | { readonly what: 'copy'; readonly action: string; readonly outcome: string }
  /** `result`: 'answered', or what is wrong with the answer. */
  | { readonly what: 'finder'; readonly finder: string; readonly result: 'answered' | FinderTrouble }
  | { readonly what: 'card'; readonly platform: string; readonly result: string }
  | { readonly what: 'room'; readonly platform: string; readonly result: 'dead' | 'back' };

/** Somebody named in clawback.yaml. */
interface KnownPerson {
  /** Entra object id, lower case. */
  readonly entraId: string;
  readonly name: string;
  /** The same person in Slack, by stable user id; null if not there. */
  readonly slackId: string | null;
}

/** The policy that new plans are made under. */
export interface CurrentPolicy {
  readonly digest: string;
  readonly policy: TenantPolicy;
}

/** Everything one tenant's story needs. Made once, in app.ts. */
export interface Flow {
  readonly tenant: {
    readonly id: string;
    readonly name: string;
    readonly slackTeam: string | null;
    readonly mode: Mode;
  };
  readonly people: readonly KnownPerson[];
  /** May answer another one after policy.yaml was changed. */
  readonly policy: () => CurrentPolicy;
  readonly store: Store;
  readonly mail: Mail;
  readonly rooms: readonly Rooms[];
  readonly directory: Directory;
  readonly chats: Readonly<Partial<Record<Platform, ChatPeople>>>;
  /** Null where no sign-in page is configured. */
  readonly signIn: { readonly pages: SignIn; readonly url: (secret: string) => string } | null;
  /** Minutes after a plan was made at which its mail is looked for again; the first is how late hunting shows a mail. */
  readonly lookAgainAfter: readonly number[];
  /** What the stop file says; null while there is none. Asked before every chunk. */
  readonly stopFile: () => Promise<string | null>;
  readonly clock: Clock;
  /** Milliseconds that never run slower than time does: on through a freeze of the process and a suspend of the machine. */
  readonly elapsed: () => number;
  readonly hash: Hash;
  readonly observe: (happening: Happening) => void;
}

/** Arguments, because the flow has no crypto. */
export interface Hash {
  /** Hex SHA-256 over the canonical bytes (RFC 8785) of a value. */
  digest(value: unknown): string;
  /** Hex SHA-256 of a secret. */
  of(secret: string): string;
  /** Fresh, unguessable, URL-safe. */
  secret(): string;
  /** Fresh, for people to read and type. */
  code(): string;
}

/** As much of it as writing to the record and stopping take. */
export type Bookkeeping = Pick<Flow, 'tenant' | 'clock' | 'store' | 'rooms'>;
