import { z } from 'zod';
import { addressKey } from '../address.ts';
import { Address, Alert, type Asker, type Frozen, InternetMessageId, LIMITS, type OfAutomation } from './alert.ts';
import { readEvidence } from './evidence.ts';
import { cleanMessageId } from './message-id.ts';
import { cut, isGiven, isRecord, type Note, type Notes, noteUnknown, own, readList, readText } from './reading.ts';
import type { VendorRow } from './vendor-row.ts';
import { readVendorSays } from './vendor-says.ts';

/**
 * Whatever a detector sends -> an alert. One odd field never costs the alert: it is left out or cut, a finding says which
 * and why, and the rest is taken. Findings of the reader stand before those of the detector.
 */

export interface ReadAlert {
  readonly alert: Alert;
  /** A reporter or requester is named whom nobody can read: nothing may act first. */
  readonly unreadablePeople: boolean;
  /** Recipients beyond the limit, who are in no list but have received the mail all the same. */
  readonly leftOut: number;
}

/** An alert as the receiver hands it on: with what reading it has shown, and what it was read from. */
export type ToldAlert = Alert &
  Partial<Pick<ReadAlert, 'unreadablePeople' | 'leftOut'>> & {
    readonly row?: VendorRow;
    /** Microsoft’s own word that this delivery is an exercise: for adapters to say, and never read from what somebody sent. */
    readonly exercise?: true;
    /**
     * Which of its recipients the vendor knows by delivery: a mailbox, an envelope. For adapters to say; left out where all are.
     * What a mail's own To and Cc say is the choice of whoever wrote it, and never among them.
     */
    readonly delivered?: readonly string[];
    /** What the service's own tracking was seen to say of the mail, where a person searched for it. */
    readonly seen?: { readonly networkIds: readonly string[]; readonly frozen: Frozen };
    /** Of what automation took out, where a person wants it put back. */
    readonly automation?: OfAutomation;
  };

/** Nothing is left to work with. */
export interface UnreadableAlert {
  readonly problems: readonly Note[];
}

export interface Known {
  /** ISO time. */
  readonly now: string;
  /** Of the delivery; stands in for an alert id that is missing. */
  readonly id: string;
}

const FIELDS = Object.keys(Alert.shape);
const MESSAGE_FIELDS = Object.keys(Alert.shape.message.shape);
const ASKER_FIELDS = ['entraId', 'address', 'unproven'];
const Guid = z.guid();
const Time = z.iso.datetime({ offset: true });

export function readAlert(value: unknown, known: Known): ReadAlert | UnreadableAlert {
  if (!isRecord(value)) return { problems: [{ field: 'the alert', problem: 'is no object' }] };
  const notes: Notes = [];
  noteUnknown(value, FIELDS, 'the alert', notes);
  const message = readMessage(own(value, 'message'), notes);
  const recipients = readAddresses(own(value, 'recipients'), notes);
  const reporter = readAsker(own(value, 'reporter'), 'reporter', notes);
  const requester = readAsker(own(value, 'requester'), 'requester', notes);
  const head = readHead(value, known, notes);
  const evidence = readEvidence(own(value, 'evidence'), notes);
  const says = readVendorSays(value, LIMITS.link, notes);
  if (isNothing(message) && recipients.values.length === 0) {
    const why = 'holds no usable message id, sender, subject, link or recipient';
    return { problems: [{ field: 'message', problem: why }, ...notes] };
  }
  const alert: Alert = {
    ...head,
    message,
    recipients: recipients.values,
    reporter: reporter.asker,
    requester: requester.asker,
    findings: readFindings(own(value, 'findings'), notes),
    ...says,
    ...(evidence ? { evidence } : {}),
  };
  return { alert, unreadablePeople: reporter.unreadable || requester.unreadable, leftOut: recipients.leftOut };
}

function readHead(value: object, known: Known, notes: Notes) {
  return {
    id: nameOr(own(value, 'id'), 'id', Alert.shape.id, known.id, 'the id of the delivery stands in for it', notes),
    source: nameOr(own(value, 'source'), 'source', Alert.shape.source, 'unnamed', 'it is called unnamed', notes),
    verdict: oneOf(own(value, 'verdict'), 'verdict', Alert.shape.verdict, 'suspicious', notes),
    severity: isGiven(own(value, 'severity'))
      ? oneOf(own(value, 'severity'), 'severity', Alert.shape.severity.unwrap(), 'medium', notes)
      : 'medium',
    detectedAt: readTime(own(value, 'detectedAt')) ?? untimely(known.now, notes),
    confidence: readConfidence(own(value, 'confidence'), notes),
  } satisfies Partial<Alert>;
}

function nameOr(
  given: unknown,
  field: string,
  shape: z.ZodType<string>,
  stand: string,
  told: string,
  notes: Notes,
): string {
  const text = Number.isSafeInteger(given) ? String(given) : given;
  const read = shape.safeParse(text);
  if (read.success) return read.data;
  notes.push({ field, problem: `${isGiven(given) ? 'cannot be used' : 'is missing'}: ${told}` });
  return stand;
}

function oneOf<T extends string>(given: unknown, field: string, shape: z.ZodType<T>, fallback: T, notes: Notes): T {
  const read = shape.safeParse(typeof given === 'string' ? given.trim().toLowerCase() : given);
  if (read.success) return read.data;
  notes.push({ field, problem: `${isGiven(given) ? 'is not known' : 'is missing'}: taken as ${fallback}` });
  return fallback;
}

function readTime(given: unknown): string | null {
  return Time.safeParse(given).data ?? null;
}

function untimely(now: string, notes: Notes): string {
  notes.push({ field: 'detectedAt', problem: 'is no time with its offset: the time of receipt stands in for it' });
  return now;
}

function readConfidence(given: unknown, notes: Notes): number | null {
  if (!isGiven(given)) return null;
  const read = Alert.shape.confidence.unwrap().safeParse(given).data ?? null;
  if (read === null) notes.push({ field: 'confidence', problem: 'is no whole number from 0 to 100 and was left out' });
  // JSON knows no -0: what is stored has to be what is read back.
  return read === null ? null : read + 0;
}

function readMessage(given: unknown, notes: Notes): Alert['message'] {
  const value = isRecord(given) ? given : {};
  if (!isRecord(given)) notes.push({ field: 'message', problem: 'is missing or no object' });
  noteUnknown(value, MESSAGE_FIELDS, 'message', notes);
  const receivedAt = own(value, 'receivedAt');
  const time = readTime(receivedAt);
  if (isGiven(receivedAt) && time === null)
    notes.push({ field: 'message.receivedAt', problem: 'is no time with its offset and was left out' });
  return {
    internetMessageId: readMessageId(own(value, 'internetMessageId'), notes),
    networkMessageId: readGuid(own(value, 'networkMessageId'), 'message.networkMessageId', notes),
    sender: readAddress(own(value, 'sender'), 'message.sender', notes),
    senderName: readText(own(value, 'senderName'), 'message.senderName', LIMITS.senderName, notes),
    subject: readText(own(value, 'subject'), 'message.subject', LIMITS.subject, notes),
    receivedAt: time,
    urls: readTexts(own(value, 'urls'), 'message.urls', 'links', LIMITS.urls, LIMITS.url, notes),
    attachments: readTexts(
      own(value, 'attachments'),
      'message.attachments',
      'names of files',
      LIMITS.attachments,
      LIMITS.attachment,
      notes,
    ),
  };
}

function isNothing({ internetMessageId, networkMessageId, sender, subject, urls }: Alert['message']): boolean {
  const ids = internetMessageId ?? networkMessageId;
  return ids === null && sender === null && (subject ?? '').trim() === '' && urls.length === 0;
}

function readMessageId(given: unknown, notes: Notes): string | null {
  const field = 'message.internetMessageId';
  if (!isGiven(given)) return null;
  if (typeof given !== 'string') {
    notes.push({ field, problem: 'is no text and was left out' });
    return null;
  }
  const { id, note } = cleanMessageId(given);
  if (note !== null) notes.push({ field, problem: note });
  // The schema and the cleaning must never differ: what is stored is read with the schema.
  return InternetMessageId.safeParse(id).data ?? null;
}

function readGuid(given: unknown, field: string, notes: Notes): string | null {
  const read = Guid.safeParse(typeof given === 'string' ? given.trim() : given).data ?? null;
  if (read === null && isGiven(given)) notes.push({ field, problem: 'is no GUID and was left out' });
  return read;
}

function plainAddress(given: unknown): string | null {
  if (typeof given !== 'string' || given.length > 1_000) return null;
  const bare = given.trim().replace(/^<([^<>]*)>$/, '$1');
  return Address.safeParse(bare).data ?? null;
}

function readAddress(given: unknown, field: string, notes: Notes): string | null {
  const read = plainAddress(given);
  if (read === null && isGiven(given)) notes.push({ field, problem: 'is no mail address and was left out' });
  return read;
}

function readAddresses(given: unknown, notes: Notes) {
  const read = (entry: unknown) => {
    const value = plainAddress(entry);
    return value === null ? null : { value };
  };
  const rules = { field: 'recipients', what: 'mail addresses', most: LIMITS.recipients, read, key: addressKey };
  return readList(given, rules, notes);
}

function readTexts(given: unknown, field: string, what: string, most: number, longest: number, notes: Notes): string[] {
  const read = (entry: unknown) =>
    typeof entry === 'string' ? { value: cut(entry, longest), wasCut: entry.length > longest } : null;
  return readList(given, { field, what, most, read }, notes).values;
}

/** An object that names nobody is nobody; one that tries to and fails is somebody whom we do not know. */
function readAsker(given: unknown, field: string, notes: Notes): { asker: Asker | null; unreadable: boolean } {
  if (!isGiven(given)) return { asker: null, unreadable: false };
  const value = typeof given === 'string' ? { address: given } : given;
  if (!isRecord(value)) return nobodyKnown(field, notes);
  noteUnknown(value, ASKER_FIELDS, field, notes);
  const entraId = readGuid(own(value, 'entraId'), `${field}.entraId`, notes);
  const address = readAddress(own(value, 'address'), `${field}.address`, notes);
  if (entraId === null && address === null) {
    const tells = Object.keys(value).some((name) => name !== 'unproven' && isGiven(own(value, name)));
    return tells ? nobodyKnown(field, notes) : { asker: null, unreadable: false };
  }
  const unproven = own(value, 'unproven');
  // Whatever else stands there is no proof.
  const doubted = isGiven(unproven) && unproven !== false;
  return { asker: doubted ? { entraId, address, unproven: true } : { entraId, address }, unreadable: false };
}

function nobodyKnown(field: string, notes: Notes) {
  notes.push({ field, problem: 'cannot be read, so nobody knows who it is: nothing acts first' });
  return { asker: null, unreadable: true };
}

/** Ours come first and are never lost: there are fewer of them than places. */
function readFindings(given: unknown, notes: Notes): string[] {
  const read = (entry: unknown) =>
    typeof entry === 'string' ? { value: cut(entry, LIMITS.finding), wasCut: entry.length > LIMITS.finding } : null;
  const { values } = readList(given, { field: 'findings', what: 'texts', most: LIMITS.findings, read }, notes);
  const room = LIMITS.findings - notes.length;
  if (values.length > room)
    notes.push({ field: 'findings', problem: `only the first ${room - 1} of ${values.length} were kept` });
  // A dot within a name would be shown as part of a link.
  const ours = notes.map(({ field, problem }) => cut(`${field.replaceAll('.', ' ')}: ${problem}`, LIMITS.finding));
  return [...ours, ...values].slice(0, LIMITS.findings);
}
