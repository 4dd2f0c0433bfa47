import { type DomainSet, domainSet } from '../../src/core/signal/domain.ts';
import type {
  Authentication,
  EarlierThread,
  Fact,
  Facts,
  History,
  Judged,
  KindHeaders,
  Known,
  Source,
  ThreadHeaders,
  Vip,
} from '../../src/core/signal/facts.ts';

/** Facts about a mail in short: what is left out is as of an ordinary mail of a partner of years; null is what was not looked at. */

export interface Told {
  readonly from?: string | null;
  readonly name?: string | null;
  readonly replyTo?: readonly string[] | null;
  readonly to?: readonly string[];
  readonly cc?: readonly string[];
  readonly recipients?: null;
  readonly subject?: string | null;
  readonly thread?: Partial<ThreadHeaders> | null;
  readonly kind?: Partial<KindHeaders> | null;
  readonly quotedHeaders?: number | null;
  readonly authentication?: Partial<Authentication> | null;
  readonly own?: readonly string[] | null;
  readonly partners?: readonly string[] | null;
  readonly vips?: readonly Vip[] | null;
  readonly ownRelay?: boolean | null;
  readonly owner?: readonly string[] | null;
  readonly address?: Contact;
  readonly domain?: Contact;
  readonly conversation?: (Thread & { readonly messages: number }) | null;
  readonly sameIndex?: (Thread & { readonly indexes: readonly string[] }) | null;
  readonly judged?: Judged | null;
  readonly judgedDomain?: Judged | null;
}

interface Thread {
  readonly domains: readonly string[];
  readonly addresses?: readonly string[];
}

interface Contact {
  readonly received: number | null;
  readonly sent: number | null;
  readonly days: number | null;
}

export const NOBODY: Contact = { received: 0, sent: 0, days: 0 };
export const LATELY: Contact = { received: 3, sent: 1, days: 4 };
export const FOR_YEARS: Contact = { received: 200, sent: 80, days: 700 };
export const NOT_ASKED: Contact = { received: null, sent: null, days: null };

export const AT = '2026-12-01T08:00:00.000Z';
export const OWN = ['contoso.example', 'contoso.onmicrosoft.com'];
export const OWNER = 'ana@contoso.example';

export function known<T>(value: T, source: Source = 'mailbox', at = AT): Fact<T> {
  return { value, source, at };
}

export function factsOf(told: Told = {}): Facts {
  return { mail: mailOf(told), tenant: tenantOf(told), mailbox: mailboxOf(told) };
}

function mailOf(told: Told): Facts['mail'] {
  const { from = 'pat@fabrikam.example', name = 'Pat Lund', to = [OWNER], cc = [] } = told;
  const thread = orNone(told.thread, { inReplyTo: [], references: [], index: null });
  const kind = orNone(told.kind, { list: false, autoSubmitted: null, contentType: 'text/html' });
  const stamp = orNone(told.authentication, { dmarc: 'pass', compauth: 'pass', action: 'none' });
  return {
    from: from === null ? null : known({ address: from, name }, 'mail'),
    replyTo: fact(told.replyTo, [], 'mail'),
    recipients: told.recipients === null ? null : known({ to, cc }, 'mail'),
    subject: fact(told.subject, 'Minutes of the meeting', 'mail'),
    thread: thread === null ? null : known(thread, 'mail'),
    kind: kind === null ? null : known(kind, 'mail'),
    quotedHeaders: fact(told.quotedHeaders, 0, 'mail'),
    authentication: stamp === null ? null : known(stamp, 'exchange'),
  };
}

function tenantOf({ own = OWN, partners = ['fabrikam.example'], vips, ownRelay }: Told): Facts['tenant'] {
  return {
    ownDomains: own === null ? null : known(setOf(own), 'configuration'),
    partners: partners === null ? null : known(setOf(partners), 'hunting'),
    vips: fact(vips, [], 'configuration'),
    ownRelay: fact(ownRelay, false, 'exchange'),
  };
}

/** A tenant's lists are made once, as they are in the product: hundreds of mails are looked at with the same ones. */
const SETS = new WeakMap<readonly string[], DomainSet>();

function setOf(hosts: readonly string[]): DomainSet {
  const set = SETS.get(hosts) ?? domainSet(hosts);
  SETS.set(hosts, set);
  return set;
}

function mailboxOf(told: Told): Facts['mailbox'] {
  const { conversation = { messages: 0, domains: [] }, sameIndex = { indexes: [], domains: [] } } = told;
  return {
    owner: fact(told.owner, [OWNER]),
    address: historyOf(told.address ?? FOR_YEARS, 'mailbox'),
    domain: historyOf(told.domain ?? told.address ?? FOR_YEARS, 'hunting'),
    conversation: conversation === null ? null : known({ messages: conversation.messages, ...threadOf(conversation) }),
    sameIndex:
      sameIndex === null
        ? null
        : known({ indexes: sameIndex.indexes, messages: sameIndex.indexes.length, ...threadOf(sameIndex) }),
    judged: fact(told.judged, { malicious: 0, harmless: 0 }, 'incidents'),
    judgedDomain: fact(told.judgedDomain, { malicious: 0, harmless: 0 }, 'incidents'),
  };
}

function threadOf({ domains, addresses = [] }: Thread): Pick<EarlierThread, 'domains' | 'addresses'> {
  return { domains: domainSet(domains), addresses };
}

function historyOf({ received, sent, days }: Contact, source: Source): History {
  return { received: fact(received, 0, source), sent: fact(sent, 0, source), days: fact(days, 0, source) };
}

function fact<T>(value: T | null | undefined, otherwise: T, source: Source = 'mailbox'): Known<T> {
  return value === null ? null : known(value === undefined ? otherwise : value, source);
}

function orNone<T>(part: Partial<T> | null | undefined, whole: T): T | null {
  return part === null ? null : { ...whole, ...part };
}

/** A Conversation-Index in base64: one of 22 bytes for the thread, five for each answer. */
export function indexOf(thread: number, replies = 0): string {
  const root = [1, ...Array.from({ length: 21 }, (_none, at) => (thread * 7 + at) % 256)];
  const answers = Array.from({ length: replies * 5 }, (_none, at) => (thread + at * 3) % 256);
  return Buffer.from([...root, ...answers]).toString('base64');
}
