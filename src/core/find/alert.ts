import { z } from 'zod';
import { Evidence, joinedEvidence } from './evidence.ts';
import { NO_CLAIMS } from './source.ts';
import { Campaign, joinedSays, VendorAction } from './vendor-says.ts';

/** What a detector told us about one message. This is the public shape of `POST /intake/alerts`. */

/** What one alert may hold. What is over a limit is left out, counted and told: see `alert-reader.ts`. */
export const LIMITS = {
  id: 200,
  source: 80,
  subject: 100_000,
  senderName: 1_000,
  urls: 5_000,
  url: 4_000,
  attachments: 500,
  attachment: 1_000,
  /** More than the bytes of one delivery can hold: who received a mail must not be forgotten. */
  recipients: 400_000,
  findings: 50,
  finding: 500,
  link: 2_000,
} as const;
/** Sources times judgements: a flood of alerts must not grow a row without end. */
const MOST_SAID = 50;
const text = (max: number) => z.string().max(max);
/** Goes into keys and the record: PostgreSQL refuses U+0000, canonical JSON lone surrogates. */
const name = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'must not hold control characters or half characters');
const wellFormedAddress =
  /^(?:[^\s@<>"\\\p{Cc}\p{Cs}]+|"(?:[^"\\\p{Cc}\p{Cs}]|\\[^\p{Cc}\p{Cs}])*")@[^\s@<>"\\\p{Cc}\p{Cs}]+$/u;

/**
 * An SMTP address with every character that RFC 5321, 5322 and 6531 allow, such as `'`, `/`, `%`, `#` and quoted local
 * parts. It is never a path: whoever builds one encodes it there.
 */
export const Address = z.string().max(320).regex(wellFormedAddress, 'must be one plain mail address');

/** The header value with its angle brackets. It locates candidates; it never identifies a message by itself. */
export const InternetMessageId = z
  .string()
  .max(998)
  .regex(/^<[^<>\s\p{Cc}\p{Cs}]+>$/u, 'must be the whole header value, in angle brackets, without blanks');

/** Somebody by Entra object id, by address, or both. */
export const Asker = z.strictObject({
  entraId: z.guid().nullable().default(null),
  address: Address.nullable().default(null),
  unproven: z
    .boolean()
    .optional()
    .describe('True where nothing proves that it was this person: told on the card, but it takes no vote away.'),
});
export type Asker = z.infer<typeof Asker>;

export const Alert = z
  .strictObject({
    id: name(LIMITS.id).describe('The detector’s own id of this alert.'),
    source: name(LIMITS.source).describe('Which detector says so.'),
    verdict: z.enum(['phishing', 'bec', 'malware', 'spam', 'suspicious']),
    severity: z.enum(['low', 'medium', 'high', 'critical']).default('medium'),
    detectedAt: z.iso.datetime({ offset: true }),
    message: z.strictObject({
      internetMessageId: InternetMessageId.nullable().default(null),
      networkMessageId: z.guid().nullable().default(null).describe('Exchange’s id of the message, where known.'),
      sender: Address.nullable().default(null),
      senderName: text(LIMITS.senderName).nullable().default(null),
      subject: text(LIMITS.subject).nullable().default(null),
      receivedAt: z.iso.datetime({ offset: true }).nullable().default(null),
      urls: z.array(text(LIMITS.url)).max(LIMITS.urls).default([]),
      attachments: z.array(text(LIMITS.attachment)).max(LIMITS.attachments).default([]),
    }),
    recipients: z.array(Address).max(LIMITS.recipients).default([]).describe('Mailboxes known to have received it.'),
    reporter: Asker.nullable().default(null).describe('Who reported the mail; that person cannot approve.'),
    requester: Asker.nullable().default(null).describe('Who asked for its removal; that person cannot approve.'),
    confidence: z.int().min(0).max(100).nullable().default(null).describe('How sure the detector is, in percent.'),
    findings: z
      .array(text(LIMITS.finding))
      .max(LIMITS.findings)
      .default([])
      .describe('What the analyst should know, in plain words.'),
    link: text(LIMITS.link).nullable().optional().describe('The detector’s own page of this alert; https only.'),
    campaign: Campaign.nullable().optional().describe('The attack that the detector counts it to.'),
    vendorAction: VendorAction.nullable().optional().describe('What the detector has done with the mail by itself.'),
    simulation: z
      .boolean()
      .optional()
      .describe('True where the detector calls it an exercise: shown, and no rule reads it.'),
    evidence: Evidence.optional().describe('What people can weigh; no rule reads it.'),
  })
  .meta({ id: 'ClawbackAlert', title: 'Clawback alert', description: 'Body of POST /intake/alerts, version 1.' });
export type Alert = z.infer<typeof Alert>;

/** What one alert said of the mail, and who said it: enough to tell whether a later one is worse. */
const Said = z.strictObject({ source: z.string(), verdict: z.string(), severity: z.string() });
export type Said = z.infer<typeof Said>;

/** A source takes its own word back. */
const Retracted = z.strictObject({
  source: z.string(),
  /** In its own words. */
  says: z.string().nullable(),
  /** ISO time: when it said so, or else when it was heard. */
  at: z.string(),
});
export type Retracted = z.infer<typeof Retracted>;
/** The list that somebody saw when they made an incident of what they had searched for. */
const Frozen = z.strictObject({
  /** Id of the search. */
  search: z.string(),
  /** Over the list. */
  digest: z.string(),
  /** When it was seen, ISO time. */
  at: z.string(),
  /** So many of the recipients, the first ones, are the list: what came later was not seen. */
  copies: z.int().min(0),
});
export type Frozen = z.infer<typeof Frozen>;

const Claims = z.strictObject({
  confidence: z.number(),
  actFirst: z.boolean(),
  recipients: z.boolean(),
  ids: z.boolean(),
  reporters: z.boolean(),
});

/** An alert as the incident keeps it: with what the receiver knows of its source. Never taken from outside. */
export const TakenAlert = Alert.extend({
  /** Source by its secret; what the alert calls itself is only text. Alerts from before sources had names claim nothing. */
  from: z
    .strictObject({ name: z.string(), kind: z.enum(['detector', 'report', 'operator']), claims: Claims })
    .default({ name: '', kind: 'detector', claims: NO_CLAIMS }),
  /** Network message ids that sources whose ids are facts have given it, lower case. */
  networkIds: z.array(z.string()).default([]),
  /** Of the recipients, those that a source whose recipients are facts has named. */
  received: z.array(z.string()).default([]),
  /** How many recipients and people were over a limit and are not in the lists. */
  leftOut: z.int().min(0).default(0),
  /** A reporter or requester could not be read: nothing acts first. */
  unreadablePeople: z.boolean().default(false),
  /** Network message ids, lower case, of deliveries that Microsoft itself calls its exercise; left out for none. */
  exercises: z.array(z.string()).optional(),
  /** Sources that have taken back what they said of the mail; left out for none. */
  retracted: z.array(Retracted).optional(),
  /** What the alerts of this incident said, each source and judgement once. */
  said: z.array(Said).default([]),
  frozen: Frozen.optional(),
});
export type TakenAlert = z.infer<typeof TakenAlert>;

/**
 * Everybody who is proven to have reported the mail or asked for its removal, over all its alerts; each named once. Whom an
 * alert merely names proves nothing: anybody could be kept from deciding by being named.
 */
export function askersOf(known: readonly Asker[], alert: TakenAlert): readonly Asker[] {
  const named = alert.from.claims.reporters ? [alert.reporter, alert.requester] : [];
  const all = [...known, ...named.filter((asker) => asker !== null)].filter(({ unproven }) => !unproven);
  const key = ({ entraId, address }: Asker) => `${entraId?.toLowerCase() ?? ''} ${address?.toLowerCase() ?? ''}`;
  return [...new Map(all.map((asker) => [key(asker), asker])).values()];
}

/** The first alert with what a repeated one adds to it; null when it adds nothing. */
export function joined(first: TakenAlert, repeated: TakenAlert): TakenAlert | null {
  const recipients = together(first.recipients, repeated.recipients);
  const received = together(first.received, repeated.received);
  const networkIds = [...new Set([...first.networkIds, ...repeated.networkIds])];
  // Whoever takes a word back calls the mail nothing.
  const isWord = !isWithdrawal(repeated);
  const more = isWord ? repeated.said.filter((said) => !first.said.some((known) => sameSaid(known, said))) : [];
  const retracted = retractedBy(first, repeated);
  const evidence = joinedEvidence(first.evidence, repeated.evidence);
  const exercises = [...new Set([...(first.exercises ?? []), ...(repeated.exercises ?? [])])];
  const whole: TakenAlert = {
    ...first,
    ...(evidence ? { evidence } : {}),
    ...joinedSays(first, isWord ? repeated : { ...repeated, vendorAction: first.vendorAction }),
    ...(exercises.length > 0 ? { exercises } : {}),
    ...(retracted.length > 0 ? { retracted } : {}),
    ...(isWord ? worstOf(first, repeated) : {}),
    message: { ...first.message, ...missingIn(first.message, repeated.message) },
    recipients: recipients.slice(0, LIMITS.recipients),
    received,
    networkIds,
    said: [...first.said, ...more].slice(0, MOST_SAID),
    leftOut: first.leftOut + repeated.leftOut + recipients.slice(LIMITS.recipients).length,
    unreadablePeople: first.unreadablePeople || repeated.unreadablePeople,
  };
  return JSON.stringify(whole) === JSON.stringify(first) ? null : whole;
}

/** Whether an alert says that there is no threat after all. */
function isWithdrawal({ vendorAction }: Pick<Alert, 'vendorAction'>): boolean {
  return vendorAction?.state === 'withdrawn';
}

/** Each source once, and only its own word: of a source that had said nothing of the mail nothing is taken back. */
function retractedBy(first: TakenAlert, { retracted = [] }: TakenAlert): Retracted[] {
  const known = first.retracted ?? [];
  const isOwn = ({ source }: Retracted) => first.said.some((said) => said.source === source);
  const isNews = ({ source }: Retracted) => !known.some((one) => one.source === source);
  return [...known, ...retracted.filter((one) => isOwn(one) && isNews(one))];
}

/** Whether the source on whose word something might be done unasked has taken it back. */
export function isTakenBack({ from, retracted = [] }: TakenAlert): boolean {
  return retracted.some(({ source }) => source === from.name);
}

/** Called the worst that anybody has called it, with the most that anybody may claim. */
function worstOf(a: TakenAlert, b: TakenAlert): Pick<TakenAlert, 'verdict' | 'severity' | 'confidence'> {
  const higher = <T extends string>(list: readonly T[], x: T, y: T) => (list.indexOf(y) > list.indexOf(x) ? y : x);
  return {
    verdict: higher(VERDICT_RANK, a.verdict, b.verdict),
    severity: higher(SEVERITY_RANK, a.severity, b.severity),
    confidence: (b.confidence ?? -1) > (a.confidence ?? -1) ? b.confidence : a.confidence,
  };
}

/** What the first did not know of the mail. What it did say stays: it is what people were shown. */
function missingIn(first: TakenAlert['message'], later: TakenAlert['message']): Partial<TakenAlert['message']> {
  return {
    internetMessageId: first.internetMessageId ?? later.internetMessageId,
    networkMessageId: first.networkMessageId ?? later.networkMessageId,
    sender: first.sender ?? later.sender,
    senderName: first.senderName ?? later.senderName,
    subject: first.subject ?? later.subject,
  };
}

/** Whether a repeated alert names ids or headers of the mail that nobody had named: it may be recognised by them. */
export function tellsMoreIds(first: TakenAlert, repeated: TakenAlert): boolean {
  const { internetMessageId, sender, subject } = first.message;
  const later = repeated.message;
  return (
    repeated.networkIds.some((id) => !first.networkIds.includes(id)) ||
    (internetMessageId === null && later.internetMessageId !== null) ||
    (sender === null && later.sender !== null) ||
    (subject === null && later.subject !== null)
  );
}

function together(known: readonly string[], named: readonly string[]): string[] {
  const seen = new Set(known.map((address) => address.toLowerCase()));
  const fresh = named.filter((address) => !seen.has(address.toLowerCase()));
  return [...known, ...new Map(fresh.map((address) => [address.toLowerCase(), address])).values()];
}

function sameSaid(a: Said, b: Said): boolean {
  return a.source === b.source && a.verdict === b.verdict && a.severity === b.severity;
}

/** Worse ones later. */
export const VERDICT_RANK = ['spam', 'suspicious', 'phishing', 'bec', 'malware'] as const;
const SEVERITY_RANK = ['low', 'medium', 'high', 'critical'] as const;

/** Whether `alert` calls the mail worse than anybody has before, its own source as well. */
export function saysWorse(before: readonly Said[], { said: [now] }: TakenAlert): boolean {
  if (!now) return false;
  const rank = (list: readonly string[], word: string) => list.indexOf(word);
  const above = (list: readonly string[], of: (said: Said) => string) =>
    before.every((said) => rank(list, of(now)) > rank(list, of(said)));
  return above(VERDICT_RANK, ({ verdict }) => verdict) || above(SEVERITY_RANK, ({ severity }) => severity);
}
