import { burn, type Entry } from '@kenjiuno/msgreader/lib/Burner.js';
import { TypeEnum } from '@kenjiuno/msgreader/lib/Reader.js';

/** Outlook files written by hand, after MS-OXMSG: every property is a stream of its own. */

export interface OutlookMail {
  readonly subject?: string;
  readonly body?: string;
  /** The headers of the way it came. */
  readonly headers?: string;
  readonly messageId?: string;
  readonly senderName?: string;
  readonly senderSmtp?: string;
  /** In whose name it was sent. */
  readonly representing?: string;
  /** What Exchange has in its place for people of the same organisation. */
  readonly senderEmail?: string;
  readonly messageClass?: string;
  readonly recipients?: readonly string[];
  readonly files?: readonly { readonly name: string; readonly content: Buffer }[];
  readonly inner?: readonly OutlookMail[];
}

const TEXTS = {
  subject: '0037',
  body: '1000',
  headers: '007D',
  messageId: '1035',
  senderName: '0C1A',
  senderSmtp: '5D01',
  representing: '5D02',
  senderEmail: '0C1F',
  messageClass: '001A',
} as const;

export function outlookFile(mail: OutlookMail): Buffer {
  const entries: Entry[] = [{ name: 'Root Entry', type: TypeEnum.ROOT, length: 0, children: [] }];
  fill(entries, 0, mail);
  return Buffer.from(burn(entries));
}

function fill(entries: Entry[], at: number, mail: OutlookMail): void {
  for (const [name, id] of Object.entries(TEXTS)) {
    const text = mail[name as keyof typeof TEXTS];
    if (text !== undefined) stream(entries, at, `__substg1.0_${id}001F`, Buffer.from(text, 'utf16le'));
  }
  for (const [n, address] of (mail.recipients ?? []).entries()) {
    const folder = storage(entries, at, `__recip_version1.0_#0000000${n}`);
    stream(entries, folder, '__substg1.0_39FE001F', Buffer.from(address, 'utf16le'));
  }
  for (const [n, { name, content }] of (mail.files ?? []).entries()) {
    const folder = storage(entries, at, `__attach_version1.0_#0000000${n}`);
    stream(entries, folder, '__substg1.0_3707001F', Buffer.from(name, 'utf16le'));
    stream(entries, folder, '__substg1.0_37010102', content);
  }
  for (const [n, inner] of (mail.inner ?? []).entries()) {
    const folder = storage(entries, at, `__attach_version1.0_#0000001${n}`);
    stream(entries, folder, '__substg1.0_3001001F', Buffer.from(inner.subject ?? '', 'utf16le'));
    fill(entries, storage(entries, folder, '__substg1.0_3701000D'), inner);
  }
}

function stream(entries: Entry[], at: number, name: string, content: Buffer): void {
  add(entries, at, {
    name,
    type: TypeEnum.DOCUMENT,
    length: content.length,
    binaryProvider: () => Uint8Array.from(content),
  });
}

function storage(entries: Entry[], at: number, name: string): number {
  return add(entries, at, { name, type: TypeEnum.DIRECTORY, length: 0, children: [] });
}

function add(entries: Entry[], at: number, entry: Entry): number {
  entries[at]?.children?.push(entries.length);
  entries.push(entry);
  return entries.length - 1;
}
