import type { MailItem, Party } from '../tenant/types.ts';
import { readableOr404 } from './message-reading.ts';
import type { Reply } from './reply.ts';
import type { Task } from './types.ts';

/** The message as it was sent, as text and no JSON [learn.microsoft.com/graph/outlook-get-mime-message]. */
export function getMime(task: Task): Reply {
  const item = readableOr404(task);
  return { status: 200, text: item.mime ?? mimeOf(item) };
}

/** A header's own lines first, in their order; then what Exchange would have had from the envelope. */
function mimeOf(item: MailItem): string {
  const { headers, from, to, subject, receivedAt, body, bodyType } = item;
  const lines = [
    ...headers.map(({ name, value }) => `${name}: ${value}`),
    `From: ${party(from)}`,
    ...(to.length > 0 ? [`To: ${to.map(party).join(', ')}`] : []),
    `Subject: =?utf-8?B?${Buffer.from(subject).toString('base64')}?=`,
    `Date: ${new Date(receivedAt).toUTCString().replace('GMT', '+0000')}`,
    'MIME-Version: 1.0',
    `Content-Type: text/${bodyType === 'html' ? 'html' : 'plain'}; charset=utf-8`,
    'Content-Transfer-Encoding: base64',
  ];
  const folded = Buffer.from(body).toString('base64').replace(/.{76}/g, '$&\r\n');
  return `${lines.join('\r\n')}\r\n\r\n${folded}\r\n`;
}

const party = ({ address }: Party) => `<${address}>`;
