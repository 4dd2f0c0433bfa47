import type { MailboxSet } from '../core/ask/policy.ts';
import type { Target } from '../core/find/plan.ts';
import type { Already, SourceAnswer, TenantPast } from '../core/intelligence/asked.ts';
import type { Person, PersonFacts } from '../core/intelligence/facts.ts';
import type { OwnRelays, SeenMail } from '../core/intelligence/mail-facts.ts';
import type { RuleDoes } from '../core/intelligence/own-now.ts';
import type { Vip } from '../core/signal/facts.ts';

/** Rows about one person; what is left out was not asked. */
export type Rows = Partial<
  Pick<
    PersonFacts,
    | 'clicks'
    | 'signIns'
    | 'risks'
    | 'rules'
    | 'forwardings'
    | 'delegates'
    | 'consents'
    | 'accesses'
    | 'deletions'
    | 'bursts'
  >
>;

/** What is asked about everybody at once. */
export interface PeopleQuestion {
  /** At most MOST_PEOPLE. */
  readonly people: readonly Person[];
  /** ISO time: when the first copy came. */
  readonly mailAt: string;
  readonly networkMessageIds: readonly string[];
  readonly sender: string | null;
  readonly subject: string | null;
}

export interface PeopleAnswer {
  readonly answers: readonly SourceAnswer[];
  /** By object id. Nobody without a row is in it. */
  readonly rows: ReadonlyMap<string, Rows>;
  /** What the tenant's own mail of the last weeks says of the sender; null where it was not asked. */
  readonly past: TenantPast | null;
  /** Mails that people sent under the subject of this one with more in front. */
  readonly answered: readonly Answered[];
  /** What others have done to the mail since it came. */
  readonly already: readonly Already[];
}

export interface Answered {
  readonly person: string;
  readonly is: 'reply' | 'forward';
}

/** Logs of the whole tenant: a few requests, however many people. Never throws for what a service says or does not say. */
export interface TenantLogs {
  ask(question: PeopleQuestion): Promise<PeopleAnswer>;
}

/**
 * Names that logs call accounts and mailboxes by: an alias, a GUID, a name to sign in by. Object ids, lower case, by name, lower case;
 * what is not in it is not known, or could not be asked about. Never throws.
 */
export interface Names {
  /** Whose these are. */
  called(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** All that these people are called, beside their address. */
  of(people: readonly Person[]): Promise<ReadonlyMap<string, string>>;
}

/** What single mailboxes and accounts say of themselves: a request in a batch for each, so that only a few people are asked about. */
export interface OwnSettings {
  /** Rules of the Inbox that Graph shows; hidden ones it does not. */
  rules(people: readonly Person[]): Promise<OwnAnswer<RuleNow>>;
  grants(people: readonly Person[]): Promise<OwnAnswer<GrantNow>>;
}

export interface OwnAnswer<T> {
  readonly answer: SourceAnswer;
  /** By object id, of whoever gave a clear answer. */
  readonly of: ReadonlyMap<string, readonly T[]>;
}

export interface RuleNow {
  readonly id: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** Left out where it is not told. */
  readonly does?: RuleDoes;
}

export interface GrantNow {
  readonly id: string;
  /** Object id of the app in this tenant. */
  readonly clientId: string;
  readonly scopes: readonly string[];
}

/** How one copy is written, and what else of its conversation is in its mailbox. */
export interface MailThreads {
  /** Never throws; null where no clear answer came. */
  of(copy: Target): Promise<SeenThread | null>;
}

type SeenThread = Pick<SeenMail, 'mail' | 'clientIp' | 'networkMessageId' | 'earlier'>;

export interface Instead {
  readonly of: SourceAnswer['source'];
  readonly logs: TenantLogs;
}

export interface Intelligence {
  readonly logs: TenantLogs;
  /** Other logs of what is on, each asked where the first have no answer about something. */
  readonly instead: readonly Instead[];
  readonly own: OwnSettings;
  readonly threads: MailThreads;
  /** Client ids, lower case, of applications that are ours. */
  readonly ourApps: ReadonlySet<string>;
  /** Servers of the tenant's own that hand mail to Exchange; null where the configuration names none. */
  readonly relays: OwnRelays | null;
  /** Whoever the policy calls important, by name; null where the directory cannot tell now. Never throws. */
  vips(set: MailboxSet): Promise<readonly Vip[] | null>;
}
