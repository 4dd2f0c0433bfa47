import { addressKey } from '../address.ts';
import { playbookNamed } from '../ask/measure-terms.ts';
import type { TenantPolicy } from '../ask/policy.ts';
import { type HandKind, handNamed } from '../measure/by-hand.ts';
import { MEASURE_KINDS, type MeasureKind } from '../measure/measure.ts';
import type { TakenAlert } from './alert.ts';
import type { Plan } from './plan.ts';
import { SENT_INSIDE } from './source.ts';

/** What somebody types to ask for measures: `CB-7F3K2M disable-account ann@contoso.example because she clicked`. */

export interface Wanted {
  readonly incident: string;
  /** As they were named; none: what findings name. */
  readonly kinds: readonly MeasureKind[];
  /** What only an administrator can do. */
  readonly byHand: readonly HandKind[];
  readonly playbook: string | null;
  readonly addresses: readonly string[];
  readonly reason: string;
}

export type WantedProblem =
  | { readonly is: 'incident' | 'reason' | 'nobody' | 'too-many' | 'not-meant' }
  /** A word that is no measure, no playbook and no address. */
  | { readonly is: 'word'; readonly word: string };

const LONGEST_REASON = 1_000;
const MOST_ADDRESSES = 20;
const BECAUSE = /\sbecause\s/i;
/** What findings name. */
const FOUND = 'found';
/** Everybody whose mailbox holds the mail is meant, where nobody is named. */
const FOR_ALL: ReadonlySet<MeasureKind | HandKind> = new Set(['remove-event', 'block-sender'] as const);

/** The words of it: an incident, names and addresses, and the reason. */
function spokenIn(words: string): Spoken {
  const [before = '', ...after] = ` ${words} `.split(BECAUSE);
  const [incident = '', ...named] = before.trim().split(/\s+/);
  return { incident, named, reason: after.join(' because ').trim() };
}

/** `named`: measures, a playbook and addresses, each a word. */
interface Spoken {
  readonly incident: string;
  readonly named: readonly string[];
  readonly reason: string;
}

function readIn({ incident, named, reason }: Spoken) {
  return {
    incident: incident.toUpperCase().slice(0, 40),
    addresses: named.filter((word) => word.includes('@')).map((word) => addressKey(plain(word))),
    named: named.filter((word) => !word.includes('@')).map((word) => word.toLowerCase()),
    reason,
  };
}

const isReason = (reason: string) => reason !== '' && reason.length <= LONGEST_REASON;

/** Mail that one account sent to people inside: `CB-7F3K2M sent-inside ann@contoso.example 3d because her account was used`. */
export interface SentInside {
  readonly incident: string;
  readonly address: string;
  /** So far back; null: since the mail of the incident came. */
  readonly days: number | null;
  readonly reason: string;
}

const DAYS = /^([1-9]|[12]\d|30)d$/;

/** Null where something else is asked for. It stands alone: what it finds is asked about as mail, and not as measures. */
export function sentInsideIn(words: string): SentInside | { readonly problem: WantedProblem } | null {
  const { incident, addresses, named, reason } = readIn(spokenIn(words));
  if (!named.includes(SENT_INSIDE)) return null;
  const spans = named.flatMap((word) => DAYS.exec(word)?.[1] ?? []);
  const other = named.find((word) => word !== SENT_INSIDE && !DAYS.test(word));
  if (other !== undefined) return { problem: { is: 'word', word: other } };
  const [address, ...more] = new Set(addresses);
  if (address === undefined) return { problem: { is: 'nobody' } };
  if (more.length > 0 || spans.length > 1) return { problem: { is: 'too-many' } };
  if (!isReason(reason)) return { problem: { is: 'reason' } };
  return { incident, address, days: spans[0] === undefined ? null : Number(spans[0]), reason };
}

export function wantedIn(words: string, policy: TenantPolicy): Wanted | { readonly problem: WantedProblem } {
  return wantedFrom(spokenIn(words), policy);
}

/** The same, wherever it was said. */
export function wantedFrom(spoken: Spoken, policy: TenantPolicy): Wanted | { readonly problem: WantedProblem } {
  const { incident, addresses, named, reason } = readIn(spoken);
  if (incident === '') return { problem: { is: 'incident' } };
  const playbook = named.map((word) => playbookNamed(policy, word)).find((one) => one !== null) ?? null;
  const others = named.filter((word) => word !== playbook?.name && word !== FOUND);
  const kinds = others.flatMap((word) => MEASURE_KINDS.find((kind) => kind === word) ?? []);
  const byHand = others.flatMap((word) => handNamed(word) ?? []);
  const unknown = others.find((word) => !(MEASURE_KINDS as readonly string[]).includes(word) && !handNamed(word));
  if (unknown !== undefined) return { problem: { is: 'word', word: unknown } };
  const all = [...(playbook?.measures ?? []), ...kinds, ...byHand];
  const isForAll = all.length > 0 ? all.every((kind) => FOR_ALL.has(kind)) : named.includes(FOUND);
  if (addresses.length === 0 && !isForAll) return { problem: { is: 'nobody' } };
  if (all.length === 0 && !named.includes(FOUND)) return { problem: { is: 'nobody' } };
  if (addresses.length > MOST_ADDRESSES) return { problem: { is: 'too-many' } };
  if (!isReason(reason)) return { problem: { is: 'reason' } };
  return {
    incident,
    kinds: [...new Set([...(playbook?.measures ?? []), ...kinds])],
    byHand: [...new Set(byHand)],
    playbook: playbook?.name ?? null,
    addresses: [...new Set(addresses)],
    reason,
  };
}

/** As Slack writes a mail address: `<mailto:ann@contoso.example|ann@contoso.example>`. */
function plain(word: string): string {
  return word.replace(/^<mailto:([^|>]+)(\|[^>]*)?>$/i, '$1');
}

/**
 * Whose address has to do with the mail: whoever received it, holds a copy, or is named as who sent it. An incident is no
 * pretext for what is done to anybody else.
 */
export function isOfIncident(
  address: string,
  { alert, plan }: { readonly alert: TakenAlert; readonly plan: Plan | null },
): boolean {
  const own = [
    ...alert.recipients,
    ...alert.received,
    ...(alert.message.sender ? [alert.message.sender] : []),
    ...(plan?.received ?? []),
    ...[...(plan?.copies ?? []), ...(plan?.shielded ?? [])].map((copy) => copy.address),
  ];
  const key = addressKey(address);
  return own.some((one) => addressKey(one) === key);
}
