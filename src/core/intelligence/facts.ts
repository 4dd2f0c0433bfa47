import type { DomainSet } from '../signal/domain.ts';

/**
 * What is known about one person who received a mail, whoever found it out. What nobody could look at has no rows, and
 * that nobody looked stands in `Looked`: a finding speaks only of what was seen.
 */

/** Each is asked by itself, and answers by itself. */
export const INTELLIGENCE_SOURCES = [
  'sign-ins',
  'risk detections',
  'mailbox events',
  'directory events',
  'link clicks',
  'post-delivery actions',
  'sent mail',
  'mailbox rules',
  'app grants',
] as const;
export type IntelligenceSource = (typeof INTELLIGENCE_SOURCES)[number];

export interface Person {
  /** Entra object id, lower case. */
  readonly id: string;
  /** Mail address, for people to read. */
  readonly address: string;
}

export interface PersonFacts {
  readonly person: Person;
  /** ISO time: when the first copy of the mail came to anybody; what was before it has nothing to do with it. */
  readonly mailAt: string;
  readonly ownDomains: DomainSet;
  /** Client ids, lower case, of applications that are ours: what they read is no finding. */
  readonly ourApps: ReadonlySet<string>;
  readonly clicks: readonly Click[];
  readonly signIns: readonly SignIns[];
  readonly risks: readonly Risk[];
  readonly rules: readonly RuleChange[];
  readonly forwardings: readonly Forwarding[];
  readonly delegates: readonly Delegate[];
  readonly consents: readonly Consent[];
  readonly accesses: readonly Access[];
  readonly deletions: readonly Deletion[];
  readonly bursts: readonly Burst[];
}

export interface Click {
  readonly at: string;
  readonly url: string;
  readonly ip: string | null;
  /** `through`: past a warning, or opened although it was blocked at first. */
  readonly outcome: 'allowed' | 'through' | 'blocked';
}

/** Sign-ins that worked, from one address in one country, within the days that are looked at. */
export interface SignIns {
  readonly ip: string;
  /** Two letters; empty where it is not told. */
  readonly country: string;
  readonly first: string;
  readonly last: string;
  readonly times: number;
  readonly singleFactor: number;
  /** On devices that nobody of the tenant manages. */
  readonly unmanaged: number;
}

export interface Risk {
  readonly at: string;
  readonly level: 'low' | 'medium' | 'high';
  readonly state: 'at risk' | 'confirmed' | 'over';
  /** As Entra names it (`anomalousToken`); null where only the level is told. */
  readonly type: string | null;
  readonly source: Extract<IntelligenceSource, 'sign-ins' | 'risk detections'>;
}

/**
 * `not shown`: Graph does not list it, as a hidden one that works. `beside`: it lists what has the same name and does something else, or
 * fewer of that name than were made, so that what was made may be hidden behind it. null: the mailbox was not asked.
 */
export type RuleStands = 'on' | 'off' | 'not shown' | 'beside' | null;

/** A rule of the Inbox was made, changed, or taken away. */
export interface RuleChange {
  readonly at: string;
  readonly name: string;
  /** It was removed or switched off: nothing of what it did is told then. */
  readonly isEnd: boolean;
  /** Whether the record is of a new rule, or of one that is gone; left out for any other change. */
  readonly turn?: 'made' | 'gone';
  /** Id in Graph; null where it is not known. */
  readonly id: string | null;
  readonly stands: RuleStands;
  readonly moveTo: string | null;
  readonly deletes: boolean;
  readonly marksRead: boolean;
  /** Addresses that mail is forwarded or redirected to. */
  readonly sendsTo: readonly string[];
  /** Words that it looks for in subject or body. */
  readonly words: readonly string[];
  readonly ip: string | null;
}

/** The whole mailbox sends on. */
export interface Forwarding {
  readonly at: string;
  readonly to: string;
  readonly keepsCopy: boolean | null;
  readonly ip: string | null;
}

export interface Delegate {
  readonly at: string;
  readonly who: string;
  readonly rights: string;
  readonly operation: string;
}

export interface Consent {
  readonly at: string;
  readonly app: string;
  readonly appId: string;
  readonly scopes: readonly string[];
  readonly isForAll: boolean;
  /** Id of the grant in Graph; null where it is not known. */
  readonly grant: string | null;
  /** Whether the account itself has it now; null where it was not asked. */
  readonly isThere: boolean | null;
  readonly source: Extract<IntelligenceSource, 'mailbox events' | 'directory events'>;
}

/** Mails that an application opened or synchronised, in one hour; `at`: the first of them. */
interface Access {
  readonly at: string;
  /** Client id, lower case; empty where it is not told. */
  readonly app: string;
  readonly mails: number;
  /** Exchange stopped counting: there were more than it writes down. */
  readonly isThrottled: boolean;
}

interface Deletion {
  readonly at: string;
  readonly subject: string;
}

/** Mail that the account sent, in one hour; `at`: the first of it. */
interface Burst {
  readonly at: string;
  readonly messages: number;
  readonly recipients: number;
}
