import type { Mailbox } from '../tenant/mailbox.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { TenantUser } from '../tenant/types.ts';
import type { Beliefs } from './beliefs.ts';
import type { Query } from './query.ts';
import type { Remediations } from './remediations.ts';
import type { Json, Reply } from './reply.ts';

export interface GraphClaims {
  readonly aud: string;
  readonly appid: string;
  readonly roles: readonly string[];
}

export interface Limits {
  /** Requests under way per app and mailbox. */
  readonly concurrent: number;
  /** Requests per app and mailbox in 10 minutes. */
  readonly perTenMinutes: number;
  readonly huntingPerMinute: number;
  /** Message traces in five minutes. */
  readonly tracesPerFiveMinutes: number;
  /** Questions about submissions in fifteen minutes. */
  readonly submissionsPerQuarter: number;
  /** Questions to the logs of Entra in ten seconds. */
  readonly auditLogsPerTenSeconds: number;
  /** Milliseconds that a search of the audit log takes, from and to. */
  readonly auditSearchMs: Range;
  /** Questions to Identity Protection, per tenant for all apps; 429 without Retry-After beyond. */
  readonly riskPerSecond: number;
  /** Seconds, from and to, that the service's own 429 name. */
  readonly retryAfter: Range;
  /** Milliseconds that one operation takes, from and to. */
  readonly serviceMs: Range;
  /** Milliseconds after which a delivery shows in advanced hunting, from and to: no two take the same. */
  readonly huntingLagMs: Range;
  /** The same of a sign-in, and of what is audited. */
  readonly signInLagMs: Range;
  readonly auditLagMs: Range;
  /** Rows that an answer of advanced hunting holds at most: more are left out without an error. */
  readonly huntingRows: number;
  /** Characters of an answer above which the query is refused. */
  readonly huntingSize: number;
  /** Milliseconds until Defender has done what it took on, and from then until it tells so, each from and to. */
  readonly remediateMs: Range;
  readonly remediationTellMs: Range;
  /** Mails in one request to Defender: no figure is documented. */
  readonly remediateMost: number;
  /** Milliseconds until a risk that was confirmed or dismissed shows, from and to. */
  readonly riskMs: Range;
  /** The same for what Defender for Identity was asked to do to an account. */
  readonly identityActionMs: Range;
  /** How old a list of consents is that was not asked for of one app [learn: oauth2permissiongrant-list]. */
  readonly grantLagMs: number;
  /** A synced account that was switched in the cloud is switched back when it was read so often. */
  readonly syncReads: number;
}

/** True: the tenant has advanced hunting. False: no licence. `no mail`: it has, without the tables about mail; `no clicks`: without the one about links; `no accounts`: without those about accounts. */
export type Hunting = boolean | 'no mail' | 'no clicks' | 'no accounts';

export type Version = 'v1.0' | 'beta';

export type Range = readonly [from: number, to: number];

export interface GraphOptions {
  readonly tenant: Tenant;
  /** Throws for a token that is not good. The audience is checked here. */
  readonly verifyToken: (token: string) => Promise<GraphClaims>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  /** Default: any free one. */
  readonly port?: number;
  readonly hunting: Hunting;
  /** Whether the tenant is licensed for Identity Protection. Default: true. */
  readonly identityProtection?: boolean;
  /** Whether the tenant has Entra ID P1, without which nobody reads sign-ins. Default: true. */
  readonly premium?: boolean;
  /** Whether the tenant is licensed for Defender for Office 365 Plan 2. Default: true. */
  readonly defender?: boolean;
  /** Whether the tenant has the service principal of message trace. Default: true. */
  readonly tracing?: boolean;
  /** What message trace says of what was sent to this recipient; null: that it was delivered. Default: always null. */
  readonly traceStatus?: (recipient: string) => string | null;
  readonly limits?: Partial<Limits>;
  readonly beliefs?: Partial<Beliefs>;
}

/** What an operation did to the tenant. `message` is always the immutable id. */
export interface WriteEffect {
  readonly effect:
    | 'move'
    | 'patch'
    | 'delete'
    | 'permanentDelete'
    | 'create'
    | 'createFolder'
    | 'deleteFolder'
    | 'permanentDeleteFolder'
    | 'category'
    | 'deleteUser'
    | 'remediate'
    | 'switchAccount'
    | 'endSessions'
    | 'risk'
    | 'rule'
    | 'grant'
    | 'event';
  readonly message: string | null;
  /** Well-known name or display name of the folder before and after. */
  readonly from: string | null;
  readonly to: string | null;
}

/** One request to a single operation, direct or inside a batch. */
export interface Call {
  readonly method: string;
  /** After the version, still encoded, without the query. */
  readonly path: string;
  readonly rawQuery: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** undefined: none was sent. */
  readonly body: unknown;
  readonly claims: GraphClaims;
  readonly roles: ReadonlySet<string>;
  readonly inBatch: boolean;
  readonly version: Version;
  readonly requestId: string;
  readonly clientRequestId: string | null;
}

/** A search of the audit log, as it was ordered. Times in milliseconds since the epoch. */
export interface AuditSearch {
  readonly id: string;
  readonly at: number;
  readonly doneAt: number;
  readonly from: number;
  readonly until: number;
  readonly operations: readonly string[];
  readonly users: readonly string[];
  readonly objects: readonly string[];
  /** What was done outside of Exchange as well. */
  readonly seesAll: boolean;
}

export interface Service {
  readonly tenant: Tenant;
  readonly clock: () => number;
  readonly random: () => number;
  readonly limits: () => Limits;
  readonly beliefs: () => Beliefs;
  readonly hunting: () => Hunting;
  /** Under which names the table of sign-ins is there. */
  readonly signInTables: () => readonly string[];
  /** Alerts of Defender, in no order. */
  readonly alerts: () => readonly Json[];
  /** What users have submitted to Microsoft, in no order. */
  readonly submissions: () => readonly Json[];
  /** Who is told of new messages, by id. */
  readonly subscriptions: Map<string, Json>;
  readonly identityProtection: () => boolean;
  readonly premium: () => boolean;
  /** Searches of the audit log, by id. */
  readonly auditSearches: Map<string, AuditSearch>;
  readonly defender: () => boolean;
  /** Whether the tenant has the service principal of message trace. */
  readonly tracing: () => boolean;
  readonly traceStatus: (recipient: string) => string | null;
  readonly remediations: Remediations;
  /** Whether Recoverable Items of this mailbox takes nothing any more. */
  readonly binFull: (user: string) => boolean;
  /** Users nobody is to find, by object id. */
  readonly hidden: (user: string) => boolean;
  /** http://127.0.0.1:port */
  readonly origin: () => string;
}

/** What a handler works with. `user` and `box` are there wherever the route has them. */
export interface Task {
  readonly service: Service;
  readonly call: Call;
  readonly query: Query;
  readonly params: Readonly<Record<string, string>>;
  readonly user: TenantUser;
  readonly box: Mailbox;
  readonly json: () => Json;
  /** To be called in the same turn as the effect itself. */
  readonly wrote: (effect: WriteEffect) => void;
}

export interface Route {
  readonly operation: string;
  readonly method: string;
  /** Collections in lower case, parameters as `:name`. */
  readonly pattern: readonly string[];
  /** Goes to a mailbox, so that Outlook's limits, faults and error codes hold. */
  readonly outlook: boolean;
  /** One of these is enough. */
  readonly roles: readonly string[];
  /** Default: v1.0. What is in v1.0 is asked for there. */
  readonly version?: Version;
  readonly handle: (task: Task) => Reply;
  /** What takes its time once it is done, such as asking somebody else; may answer otherwise. */
  readonly after?: (service: Service, reply: Reply) => Promise<Reply>;
}
