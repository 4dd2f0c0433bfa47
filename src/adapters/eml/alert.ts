import { createHash } from 'node:crypto';
import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';
import { Address, Alert, InternetMessageId } from '../../core/alert.ts';
import { ClawbackError } from '../../core/error.ts';

/** Exchange Online takes messages up to 150 MB, but a phishing mail of this size is something else. */
const MAX_BYTES = 30 * 1024 * 1024;
const MAX_URLS = 200;

/** A mail has at least one of these; an Outlook .msg, an archive or a text file has none. */
const KNOWN_HEADERS = new Set([
  'received',
  'from',
  'to',
  'subject',
  'date',
  'message-id',
  'return-path',
  'mime-version',
  'content-type',
  'sender',
  'cc',
  'bcc',
  'reply-to',
  'delivered-to',
]);

export interface EmlOptions {
  readonly verdict: string;
  /** Further recipients, beside those in the headers. */
  readonly to: readonly string[];
  /** ISO time. */
  readonly now: string;
}

/**
 * A mail as it lies on disk -> an alert. Tolerant of broken headers: what cannot be read is said as a finding, and no
 * key is ever guessed. Throws ClawbackError 'invalid' for what is no mail at all.
 */
export async function alertFromEml(bytes: Buffer, options: EmlOptions): Promise<Alert> {
  if (bytes.length === 0) throw new ClawbackError('invalid', 'the file is empty', { field: 'file' });
  if (bytes.length > MAX_BYTES)
    throw new ClawbackError('invalid', `the file is larger than ${MAX_BYTES} bytes`, { field: 'file' });
  const mail = await parse(bytes);
  if (!mail.headerLines.some((line) => KNOWN_HEADERS.has(line.key))) {
    throw new ClawbackError('invalid', 'the file is not a mail (.eml): it has none of the usual headers', {
      field: 'file',
    });
  }
  const findings: string[] = [];
  const sender = senderOf(mail, bytes, findings);
  const candidate = {
    id: createHash('sha256').update(bytes).digest('hex'),
    source: 'clawback submit',
    verdict: options.verdict,
    severity: 'high',
    detectedAt: options.now,
    message: {
      internetMessageId: messageIdOf(mail, findings),
      networkMessageId: networkIdOf(mail),
      sender: sender.address,
      senderName: sender.name,
      subject: clean(mail.subject, 10_000),
      receivedAt: dateOf(mail, findings),
      urls: urlsOf(mail),
      attachments: mail.attachments.slice(0, 500).map((file) => clean(file.filename, 1_000) ?? '(no name)'),
    },
    recipients: recipientsOf(mail, options.to, findings),
    findings: [...findings, ...replyToFinding(mail, sender.address)].slice(0, 50),
  };
  const alert = Alert.safeParse(candidate);
  if (alert.success) return alert.data;
  const issue = alert.error.issues[0];
  throw new ClawbackError('invalid', `${issue?.path.join('.') ?? 'alert'}: ${issue?.message ?? 'not usable'}`, {
    field: issue?.path.join('.') ?? 'alert',
  });
}

async function parse(bytes: Buffer): Promise<ParsedMail> {
  try {
    return await simpleParser(bytes, { skipHtmlToText: true, skipTextToHtml: true, skipImageLinks: true });
  } catch (cause) {
    throw new ClawbackError('invalid', 'the file is not readable as a mail', { cause, field: 'file' });
  }
}

function entries(value: AddressObject | AddressObject[] | undefined): { address: string; name: string }[] {
  const objects = Array.isArray(value) ? value : value ? [value] : [];
  return objects
    .flatMap((object) => object.value.flatMap((entry) => [entry, ...(entry.group ?? [])]))
    .map((entry) => ({ address: (entry.address ?? '').trim(), name: entry.name ?? '' }));
}

/** In real phishing one From in five cannot be parsed by the book: every entry is tried, then the raw header. */
function senderOf(
  mail: ParsedMail,
  bytes: Buffer,
  findings: string[],
): { address: string | null; name: string | null } {
  const listed = entries(mail.from);
  const usable = listed.filter((entry) => Address.safeParse(entry.address).success);
  if (new Set(usable.map((entry) => entry.address.toLowerCase())).size > 1) {
    findings.push('The From header names several senders; the first usable one is shown.');
  }
  const name = clean(listed.map((entry) => entry.name || entry.address).find((text) => text !== '') ?? '', 1_000);
  const first = usable[0];
  if (first) return { address: first.address, name: clean(first.name, 1_000) };
  const raw = rawHeader(bytes, 'from');
  const last = [...raw.matchAll(/<([^<>\s]+@[^<>\s]+)>/g)].at(-1)?.[1];
  if (last && Address.safeParse(last).success) {
    findings.push('The From header is malformed; the sender was taken from its last address in angle brackets.');
    return { address: last, name };
  }
  findings.push(raw === '' ? 'The mail has no From header.' : 'No sender address can be read from the From header.');
  return { address: null, name };
}

function rawHeader(bytes: Buffer, name: string): string {
  const head =
    bytes
      .subarray(0, 262_144)
      .toString('latin1')
      .split(/\r?\n\r?\n/, 1)[0] ?? '';
  const unfolded = head.replace(/\r?\n[ \t]+/g, ' ');
  const line = unfolded.split(/\r?\n/).find((candidate) => candidate.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim() ?? '';
}

function messageIdOf(mail: ParsedMail, findings: string[]): string | null {
  const raw = mail.headerLines
    .filter((line) => line.key === 'message-id')
    .map((line) => line.line.replace(/^[^:]*:/, '').trim());
  if (raw.length === 0) findings.push('The mail has no Message-ID: mailboxes cannot be searched for it.');
  else if (raw.length > 1) findings.push('The mail has several Message-ID headers: none was taken as the key.');
  // Outside ASCII the parser guesses the charset, and a guessed key is no key.
  else if (!InternetMessageId.safeParse(raw[0]).success || /[^\x21-\x7e]/.test(raw[0] ?? ''))
    findings.push('The Message-ID is malformed: it was not taken as the key.');
  else return raw[0] ?? null;
  return null;
}

function networkIdOf(mail: ParsedMail): string | null {
  const value = mail.headers.get('x-ms-exchange-organization-network-message-id');
  return typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value.trim())
    ? value.trim()
    : null;
}

function dateOf(mail: ParsedMail, findings: string[]): string | null {
  const date = mail.date;
  if (date instanceof Date && !Number.isNaN(date.getTime()) && date.getUTCFullYear() < 10_000)
    return date.toISOString();
  findings.push('The mail has no readable date.');
  return null;
}

const RECIPIENT_HEADERS = ['delivered-to', 'x-original-to', 'x-envelope-to'] as const;

function recipientsOf(mail: ParsedMail, more: readonly string[], findings: string[]): string[] {
  const listed = [mail.to, mail.cc, mail.bcc].flatMap((field) => entries(field)).map((entry) => entry.address);
  const delivered = RECIPIENT_HEADERS.flatMap((key) =>
    mail.headerLines
      .filter((line) => line.key === key)
      .map((line) =>
        line.line
          .replace(/^[^:]*:/, '')
          .trim()
          .replace(/^<|>$/g, ''),
      ),
  );
  const all = [...more, ...delivered, ...listed].filter((address) => address !== '');
  const usable = new Map(
    all.filter((address) => Address.safeParse(address).success).map((address) => [address.toLowerCase(), address]),
  );
  if (usable.size === 0) findings.push('No recipient address can be read from the headers.');
  return [...usable.values()].slice(0, 1_000);
}

function urlsOf(mail: ParsedMail): string[] {
  const text = `${typeof mail.html === 'string' ? mail.html : ''}\n${mail.text ?? ''}`.slice(0, 2_000_000);
  const found = new Set<string>();
  for (const [url] of text.matchAll(/https?:\/\/[^\s"'<>\\]{1,3000}/gi)) {
    found.add(url);
    if (found.size >= MAX_URLS) break;
  }
  return [...found];
}

function replyToFinding(mail: ParsedMail, sender: string | null): string[] {
  const reply = entries(mail.replyTo)[0]?.address;
  return reply && sender && reply.toLowerCase() !== sender.toLowerCase()
    ? ['Answers would go to another address than the sender’s.']
    : [];
}

/** Headers may hold lone surrogates after decoding; JSON must not. */
function clean(text: string | undefined, max: number): string | null {
  const value = text?.slice(0, max).toWellFormed().trim();
  return value ? value : null;
}
