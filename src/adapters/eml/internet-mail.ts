import { createHash } from 'node:crypto';
import { type AddressObject, type Attachment, type ParsedMail, simpleParser } from 'mailparser';
import { addressKey } from '../../core/address.ts';
import { isBounce, messageIdOf, networkIdOf, recipientsOf, replyToOf } from './fields.ts';
import { type Header, headersOf, valuesOf, withReadableHead } from './headers.ts';
import { linksIn } from './links.ts';
import { clean, type Mail, unreadable } from './mail.ts';
import { isOutlook } from './outlook-file.ts';
import { senderOf } from './sender.ts';
import { unwrapped } from './wrappers.ts';

/** A mail has at least one of these; an archive or a text file has none. */
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

/** A mail in the form of the Internet, in whatever wrapper. Throws ClawbackError 'invalid' for what is no mail. */
export async function readInternetMail(file: Buffer): Promise<Mail> {
  const { bytes, findings } = unwrapped(file);
  const headers = headersOf(bytes);
  if (!looksLikeMail(headers)) throw unreadable('the file is not a mail: it has none of the usual headers');
  const { parsed, findings: damage } = await parsedOr(withNamedDigests(withReadableHead(bytes)), headers);
  const sender = senderOf(headers);
  const networkMessageId = networkIdOf(headers);
  const messageId = messageIdOf(valuesOf(headers, 'message-id'), networkMessageId);
  const links = linksIn(typeof parsed.html === 'string' ? parsed.html : '', parsed.text ?? '');
  const files = parsed.attachments.filter(({ contentType }) => contentType !== 'message/delivery-status');
  const types = parsed.attachments.map(({ contentType }) => contentType);
  return {
    headers,
    sender: sender.address,
    senderName: nameOf(parsed, sender.address),
    internetMessageId: messageId.id,
    networkMessageId,
    subject: clean(parsed.subject),
    urls: links.urls.map((url) => url.toWellFormed()),
    attachments: files.map(({ filename }) => clean(filename) ?? '(no name)'),
    files: files.map(({ filename, contentType, content }) => ({
      name: clean(filename) ?? '(no name)',
      type: clean(contentType),
      sha256: createHash('sha256').update(content).digest('hex'),
    })),
    recipients: recipientsOf(headers),
    replyTo: replyToOf(headers),
    inner: files.filter(isMailFile).map(({ content }) => content),
    bounce: isBounce(headers, sender.address, types),
    findings: [
      ...findings,
      ...damage,
      ...sender.findings,
      ...messageId.findings,
      ...guessedIn(headers),
      ...twice(headers, 'subject'),
      ...links.findings,
    ],
  };
}

type Parsed = Pick<ParsedMail, 'attachments' | 'html' | 'text' | 'subject' | 'from'>;

/** Where the parser gives up (too many parts or recipients), what decides is still in the headers. */
async function parsedOr(bytes: Buffer, headers: readonly Header[]): Promise<{ parsed: Parsed; findings: string[] }> {
  const whole = await parse(bytes);
  if (whole) return { parsed: whole, findings: [] };
  const findings = ['The mail is too large or too broken for its parser: links and attachments in it were not read.'];
  const [subject = ''] = valuesOf(headers, 'subject');
  const [from = ''] = valuesOf(headers, 'from');
  const head = [`Subject: ${subject}`, `From: ${from}`].map((line) => line.replace(/[\r\n]/g, ' '));
  const parsed =
    (await parse(Buffer.from(`${head.join('\r\n')}\r\n\r\n`))) ?? (await parse(Buffer.from(`${head[0]}\r\n\r\n`)));
  return { parsed: parsed ?? { attachments: [], html: false, text: '', subject }, findings };
}

/** Null where the parser gives up. */
async function parse(bytes: Buffer): Promise<ParsedMail | null> {
  // Embedded mails are wanted whole: their text is not the text of this one.
  const options = {
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
    keepDeliveryStatus: true,
    ignoreEmbedded: true,
  };
  return simpleParser(bytes, options).catch(() => null);
}

function guessedIn(headers: readonly Header[]): readonly string[] {
  return headers.some(({ name, guessed }) => guessed && (name === 'subject' || name === 'from'))
    ? ['The subject or sender holds letters of no named encoding: they were read as Windows-1252.']
    : [];
}

function looksLikeMail(headers: readonly Header[]): boolean {
  return headers.some(({ name }) => KNOWN_HEADERS.has(name));
}

/** By its type or by its name, and then it has to be one. */
function isMailFile({ contentType, filename, content }: Attachment): boolean {
  const called =
    /^(message\/(rfc822|global|news)|application\/vnd\.ms-outlook)$/i.test(contentType) ||
    /\.(eml|msg|emlx)\s*$/i.test(filename ?? '');
  return called && (isOutlook(content) || looksLikeMail(headersOf(unwrapped(content).bytes)));
}

/** The parts of a digest are mails without saying so; the parser takes them for text. One pass for all of its borders. */
function withNamedDigests(bytes: Buffer): Buffer {
  if (!bytes.includes('multipart/digest')) return bytes;
  const text = bytes.toString('latin1');
  const borders = new Set<string>();
  for (const [, quoted, bare] of text.matchAll(
    /multipart\/digest;\s*boundary\s*=\s*(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))/gi,
  )) {
    borders.add(`--${quoted ?? bare ?? ''}`);
  }
  const lines = text.split(/\r?\n/);
  const named = lines.map((line, at) =>
    lines[at + 1] === '' && borders.has(line) ? `${line}\r\nContent-Type: message/rfc822` : line,
  );
  return Buffer.from(named.join('\r\n'), 'latin1');
}

interface Entry {
  readonly name: string;
  readonly address?: string | undefined;
  readonly group?: readonly Entry[] | undefined;
}

/** The display name that belongs to the sender; else whatever stands in its place. */
function nameOf(parsed: Parsed, sender: string | null): string | null {
  const from: AddressObject | AddressObject[] | undefined = parsed.from;
  const objects = Array.isArray(from) ? from : from ? [from] : [];
  const entries: Entry[] = objects
    .flatMap(({ value }) => value)
    .flatMap((entry: Entry) => [entry, ...(entry.group ?? [])]);
  const own = entries.find(({ address }) => sender !== null && addressKey(address ?? '') === addressKey(sender));
  if (own) return clean(own.name);
  return clean(entries.map(({ name, address }) => name || address).find((text) => text));
}

function twice(headers: readonly Header[], name: string): readonly string[] {
  const different = new Set(valuesOf(headers, name));
  return different.size > 1 ? [`The mail has several different ${name} headers: the first one is shown.`] : [];
}
