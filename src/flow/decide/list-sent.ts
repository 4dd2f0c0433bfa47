import { chatName } from '../../core/tell/chats.ts';
import type { ListFile, ListFormat } from '../../core/tell/list-file.ts';
import type { PageAnswer } from '../../core/tell/page-words.ts';
import type { Ticket, TicketList } from '../../ports/accounts.ts';
import type { PrivateFiles } from '../../ports/files.ts';
import type { Deciding } from '../flow.ts';
import { type Note, record } from '../record/record.ts';

interface Leaving {
  readonly ticket: Ticket & { readonly list: TicketList };
  readonly actor: NonNullable<Note['actor']>;
  readonly format: ListFormat;
  readonly file: ListFile;
}

/**
 * A list that goes to the messages of whoever signed in for it, and is written down by then: whatever becomes of it, it may
 * have left. Certainly not sent, it can be taken on the page still. Of one of which nobody knows, the ticket stays used.
 */
export async function sendList(
  flow: Deciding,
  sender: PrivateFiles,
  { ticket, actor, format, file }: Leaving,
): Promise<PageAnswer> {
  const { platform, account, list } = ticket;
  const { incident, digest } = list;
  const sent = await sender.send(account, file);
  const note = sent.is === 'sent' ? '' : sent.detail.slice(0, 200).toWellFormed();
  await flow.store.transact(async (tx) => {
    if (sent.is === 'not sent') await tx.tickets.save(ticket.id, { state: 'signed-in' });
    await record(flow, tx, [
      {
        type: 'list.sent',
        incident,
        actor,
        platform,
        planDigest: digest,
        outcome: sent.is,
        detail: { format, why: sent.is === 'not sent' ? sent.why : null, note },
      },
    ]);
  });
  const chat = chatName(flow.chatNames, platform);
  if (sent.is === 'sent') return { code: 'list-sent', chat, file: file.name };
  if (sent.is === 'not known') return { code: 'list-lost', chat, file: file.name };
  return { code: 'list-not-sent', chat, why: sent.why, list: { is: 'list', incident, digest }, ticket: ticket.id };
}
