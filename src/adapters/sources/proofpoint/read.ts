import type { Known } from '../../../core/find/alert-reader.ts';
import type { ReadMail } from '../../../ports/source.ts';
import {
  addressesOf,
  at,
  firstText,
  listAt,
  namedAddress,
  numberAt,
  percentOf,
  textAt,
  textsAt,
  timeAt,
} from '../reading/payload.ts';
import { type Found, findings, refused, understoodOf } from '../reading/understood.ts';
import { verdictIn } from '../reading/verdict-words.ts';

/** Events of the TAP SIEM API: messages that carry threats, and clicks on them [help.proofpoint.com: SIEM API]. */

type Kind = 'delivered' | 'blocked' | 'clicked' | 'click blocked' | 'record';

const LISTS = {
  messagesDelivered: 'delivered',
  messagesBlocked: 'blocked',
  clicksPermitted: 'clicked',
  clicksBlocked: 'click blocked',
} as const satisfies Readonly<Record<string, Kind>>;

/** `wanted`: of an answer of the API, which events; of anything else, all. */
export function readProofpoint(
  payload: unknown,
  known: Known,
  wanted: readonly Kind[] = Object.values(LISTS),
): readonly ReadMail[] {
  if (Array.isArray(payload)) return payload.flatMap((one) => readProofpoint(one, known, wanted));
  const isAnswer = Object.keys(LISTS).some((name) => Array.isArray(at(payload, name)));
  if (!isAnswer) return [recordOf(payload, kindOf(payload), known)];
  return Object.entries(LISTS)
    .filter(([, kind]) => wanted.includes(kind))
    .flatMap(([name, kind]) => listAt(payload, name).map((row) => recordOf(row, kind, known)));
}

function kindOf(row: unknown): Kind {
  if (at(row, 'clickTime') !== undefined) return 'clicked';
  return textAt(row, 'quarantineFolder') === null ? 'record' : 'blocked';
}

const KEYS = ['GUID', 'messageID', 'messageId', 'id', 'QID'];

function recordOf(row: unknown, kind: Kind, known: Known): ReadMail {
  const key = firstText(row, ...KEYS);
  const isEvent =
    key !== null &&
    ['recipient', 'sender', 'threatsInfoMap', 'messageTime', 'clickTime'].some((name) => at(row, name) !== undefined);
  if (!isEvent) {
    const problem = 'is no event of TAP: it has no GUID or messageID with a recipient, a sender or a time';
    return { id: key ?? known.id, understood: refused('the event', problem) };
  }
  const threats = threatsOf(row);
  const words = threats.map((one) => `${threatId(one) ?? ''} ${statusOf(one)}`.trim()).toSorted();
  // It tells of the same mail anew when a threat is found, cleared, or was false.
  const id = [key, ...(kind === 'clicked' ? [textAt(row, 'id') ?? textAt(row, 'clickTime')] : []), ...words].join('/');
  return { id, understood: understoodOf(found(row, kind, threats, known), row, known, { delivered: envelopeOf(row) }) };
}

/** A click speaks of one threat itself. */
function threatsOf(row: unknown): readonly unknown[] {
  const listed = listAt(row, 'threatsInfoMap');
  return listed.length > 0 ? listed : textAt(row, 'threatStatus') === null ? [] : [row];
}

const threatId = (threat: unknown) => firstText(threat, 'threatId', 'threatID');
const statusOf = (threat: unknown) => textAt(threat, 'threatStatus')?.toLowerCase() ?? '';
const GONE: ReadonlySet<string> = new Set(['cleared', 'falsepositive']);

function found(row: unknown, kind: Kind, threats: readonly unknown[], known: Known): Found {
  const live = threats.filter((threat) => !GONE.has(statusOf(threat)));
  const named = namedAddress(textAt(row, 'headerFrom'));
  const campaign = firstOf([row, ...threats], (one) => firstText(one, 'campaignId', 'campaignID'));
  const verdict = verdictOf(row, live.length > 0 ? live : threats);
  const files = filesOf(row);
  return {
    id: firstText(row, ...KEYS) ?? known.id,
    source: 'Proofpoint TAP',
    verdict,
    severity: SEVERITIES[verdict] ?? 'medium',
    detectedAt: firstOf([row, ...threats], (one) => timeAt(one, 'threatTime')) ?? timeOf(row) ?? known.now,
    confidence: surest(row),
    message: {
      internetMessageId: inBrackets(firstText(row, 'messageID', 'messageId')),
      sender: firstOf([textsAt(row, 'fromAddress')[0] ?? null, named.address, textAt(row, 'sender')], (one) => one),
      senderName: named.name,
      subject: textAt(row, 'subject'),
      receivedAt: timeAt(row, 'messageTime'),
      urls: urlsOf(row, threats),
      attachments: files.flatMap(({ name }) => name ?? []),
    },
    recipients: addressesOf(recipientsOf(row)),
    link: firstOf([row, ...threats], (one) => firstText(one, 'threatUrl', 'threatURL')),
    campaign: campaign === null ? null : { source: 'Proofpoint', id: campaign },
    vendorAction: actionOf(row, kind, threats),
    evidence: { files, ...(kind === 'clicked' ? { clicks: 1 } : {}) },
    findings: findings(...threats.map(threatWords), clickWords(row, kind)),
  };
}

function firstOf<T>(of: readonly T[], value: (one: T) => string | null): string | null {
  for (const one of of) {
    const found = value(one);
    if (found !== null) return found;
  }
  return null;
}

/** As RFC 5322 has it; TAP leaves the brackets out. What is none at all is left to the reader to say. */
function inBrackets(id: string | null): string | null {
  return id !== null && /^[^<>\s]{6,}$/.test(id) ? `<${id}>` : id;
}

const timeOf = (row: unknown) => timeAt(row, 'messageTime') ?? timeAt(row, 'clickTime');

const envelopeOf = (row: unknown) => textsAt(row, 'recipient');

/** The envelope says who received it; headers only where there is nothing else. */
function recipientsOf(row: unknown): readonly string[] {
  const envelope = envelopeOf(row);
  return envelope.length > 0 ? envelope : textsAt(row, 'toAddresses');
}

const SCORES = { impostorScore: 'bec', malwareScore: 'malware', phishScore: 'phishing', spamScore: 'spam' } as const;
const SURE = 50;

/** What it is called; where it is called nothing, what it scores highest as. */
function verdictOf(row: unknown, threats: readonly unknown[]): string {
  const said = verdictIn([...threats.map((one) => textAt(one, 'classification')), textAt(row, 'classification')]);
  if (said !== 'suspicious') return said;
  const [best] = Object.entries(SCORES)
    .map(([name, verdict]) => ({ verdict, score: numberAt(row, name) ?? 0 }))
    .toSorted((a, b) => b.score - a.score);
  return best && best.score >= SURE ? best.verdict : 'suspicious';
}

const SEVERITIES: Readonly<Record<string, string>> = { malware: 'high', phishing: 'high', bec: 'high', spam: 'low' };

function surest(row: unknown): number | null {
  const scores = ['impostorScore', 'malwareScore', 'phishScore'].flatMap((name) => numberAt(row, name) ?? []);
  return scores.length === 0 ? null : percentOf(Math.max(...scores));
}

function urlsOf(row: unknown, threats: readonly unknown[]): readonly string[] {
  const urls = threats
    .filter((one) => /url/i.test(textAt(one, 'threatType') ?? ''))
    .map((one) => textAt(one, 'threat'));
  return [...new Set([...urls, textAt(row, 'url')].flatMap((url) => url ?? []))];
}

function filesOf(row: unknown) {
  const isFile = (part: unknown) => !/^text\.(?:html|txt)$|^(?:text|inline)$/i.test(textAt(part, 'filename') ?? '');
  return listAt(row, 'messageParts')
    .filter(isFile)
    .map((part) => ({
      name: textAt(part, 'filename'),
      type: textAt(part, 'contentType'),
      sha256: textAt(part, 'sha256'),
    }));
}

/** A threat that was cleared or false is its own word taken back. */
function actionOf(row: unknown, kind: Kind, threats: readonly unknown[]): Found | null {
  const statuses = threats.map(statusOf);
  if (statuses.length > 0 && statuses.every((status) => GONE.has(status)))
    return { state: 'withdrawn', says: [...new Set(threats.map((one) => textAt(one, 'threatStatus')))].join(', ') };
  if (kind !== 'blocked') return null;
  return { state: 'kept-out', says: firstText(row, 'quarantineRule', 'quarantineFolder') };
}

function threatWords(threat: unknown): string | null {
  const parts = ['classification', 'threatType', 'threatStatus'].flatMap((name) => textAt(threat, name) ?? []);
  const what = textAt(threat, 'threat');
  return parts.length === 0 ? null : `Threat: ${parts.join(', ')}${what === null ? '' : `: ${what.slice(0, 200)}`}`;
}

function clickWords(row: unknown, kind: Kind): string | null {
  if (kind !== 'clicked' && kind !== 'click blocked') return null;
  const how = kind === 'clicked' ? 'A recipient has followed its link' : 'A recipient has tried to follow its link';
  return `${how}${timeAt(row, 'clickTime') === null ? '' : ` at ${timeAt(row, 'clickTime')}`}.`;
}
