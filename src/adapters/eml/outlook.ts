import { createRequire } from 'node:module';
import type msgreader from '@kenjiuno/msgreader';
import type { FieldsData } from '@kenjiuno/msgreader';
import { sameAddress } from '../../core/address.ts';
import { Address } from '../../core/find/alert.ts';
import { isBounce, messageIdOf, networkIdOf, recipientsOf, replyToOf } from './fields.ts';
import { headersOf, valuesOf } from './headers.ts';
import { linksIn } from './links.ts';
import { clean, type Mail, unreadable } from './mail.ts';
import { endsEverywhere } from './outlook-file.ts';
import { different, type Sender, senderOf } from './sender.ts';

/** CommonJS that says it was a module: loaders disagree on what its default is. */
const { default: MsgReader } = createRequire(import.meta.url)('@kenjiuno/msgreader') as typeof msgreader;
type Reader = InstanceType<typeof MsgReader>;
/** Code pages of letters, with those of the Internet for the same languages. Unicode needs none. */
const PAGES = new Set([874, 932, 936, 949, 950, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258]);
const SAME_AS: ReadonlyMap<number, number> = new Map([
  [50_220, 932],
  [50_221, 932],
  [50_222, 932],
  [51_932, 932],
  [52_936, 936],
  [51_949, 949],
]);

/**
 * A `.msg` as Outlook saves it. The headers of the way it came are believed before Outlook's own fields, which are empty
 * or a directory name for mails that were never sent.
 */
export function readOutlook(bytes: Buffer): Mail {
  const { reader, fields } = opened(bytes);
  const headers = headersOf(Buffer.from(`${text(fields.headers) ?? ''}\r\n\r\n`, 'utf8'));
  const hasFrom = headers.some(({ name }) => name === 'from');
  const sender = hasFrom ? senderOf(headers) : senderIn(fields);
  const networkMessageId = networkIdOf(headers);
  const messageId = messageIdOf(idsIn(fields, valuesOf(headers, 'message-id')), networkMessageId);
  const html = text(fields.bodyHtml) ?? letters(fields.html);
  const links = linksIn(html, text(fields.body) ?? '');
  const attachments = fields.attachments ?? [];
  const inner = attachments.filter(isMailFile).map((file) => contentOf(reader, file));
  const damaged = inner.includes(null) ? ['An attached mail is damaged and was not read.'] : [];
  return {
    headers,
    sender: sender.address,
    senderName: !hasFrom && isDelegated(fields, sender.address) ? null : clean(text(fields.senderName)),
    internetMessageId: messageId.id,
    networkMessageId,
    subject: clean(text(fields.subject)?.replaceAll('\u0000', '')),
    urls: links.urls.map((url) => url.toWellFormed()),
    attachments: attachments.map((file) => clean(nameOf(file)) ?? '(no name)'),
    files: [],
    recipients: different([...recipientsOf(headers), ...(fields.recipients ?? []).flatMap(addressOf)]),
    replyTo: replyToOf(headers),
    inner: inner.flatMap((content) => content ?? []),
    bounce: isBounce(headers, sender.address, []) || /^report\./i.test(text(fields.messageClass) ?? ''),
    findings: [...sender.findings, ...messageId.findings, ...links.findings, ...damaged],
  };
}

/** In a damaged file any property may be of any type, whatever the library declares. */
function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function letters(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : '';
}

function contentOf(reader: Reader, file: FieldsData): Buffer | null {
  try {
    return Buffer.from(reader.getAttachment(file).content);
  } catch {
    return null;
  }
}

function opened(bytes: Buffer): { reader: Reader; fields: FieldsData } {
  if (!endsEverywhere(bytes)) throw unreadable('the Outlook file is damaged');
  try {
    const first = fieldsOf(bytes, '');
    const named = first.fields.messageCodepage ?? first.fields.internetCodepage ?? 0;
    const page = SAME_AS.get(named) ?? named;
    // Texts that are not Unicode are in the code page that the mail names.
    return PAGES.has(page) ? fieldsOf(bytes, `cp${page}`) : first;
  } catch (cause) {
    throw unreadable('the Outlook file cannot be read', cause);
  }
}

function fieldsOf(bytes: Buffer, ansiEncoding: string) {
  // A view on exactly these bytes: a buffer may be part of a larger one.
  const reader = new MsgReader(new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  reader.parserConfig = { ansiEncoding };
  const fields = reader.getFileData();
  if (fields.dataType !== 'msg') throw new Error(fields.error ?? 'no message');
  return { reader, fields };
}

/** `From` is in whose name the mail was sent, as it is for Graph; the sender may be a delegate. */
function senderIn(fields: FieldsData): Sender {
  const named = [fields.sentRepresentingSmtpAddress, fields.senderSmtpAddress, fields.senderEmail];
  const address = named.find((one) => Address.safeParse(one).success);
  if (address === undefined) return { address: null, findings: ['The Outlook file names no sender address.'] };
  return isDelegated(fields, address)
    ? { address, findings: ['Somebody else has sent the mail in the name of the sender that is shown.'] }
    : { address, findings: [] };
}

/** The name in the file is then that of whoever has sent it. */
function isDelegated({ senderSmtpAddress }: FieldsData, shown: string | null): boolean {
  return (
    shown !== null && Address.safeParse(senderSmtpAddress).success && !sameAddress(senderSmtpAddress ?? null, shown)
  );
}

function idsIn(fields: FieldsData, headers: readonly string[]): readonly string[] {
  const id = text(fields.messageId);
  return headers.length > 0 || !id ? headers : [id];
}

function addressOf({ smtpAddress, email }: FieldsData): string[] {
  const address = [smtpAddress, email].find((one) => Address.safeParse(one).success);
  return address === undefined ? [] : [address];
}

function nameOf({ fileName, fileNameShort, name }: FieldsData): string | undefined {
  return text(fileName) ?? text(fileNameShort) ?? text(name);
}

function isMailFile(file: FieldsData): boolean {
  return (
    file.innerMsgContent === true ||
    /\.(eml|msg|emlx)\s*$/i.test(nameOf(file) ?? '') ||
    file.attachMimeTag === 'message/rfc822'
  );
}
