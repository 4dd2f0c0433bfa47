import type { Answer } from '../../core/tell/answer.ts';
import { chatName } from '../../core/tell/chats.ts';
import type { ChatUser, Reply } from '../../ports/desk.ts';
import type { Deciding } from '../flow.ts';
import { record } from '../record/record.ts';
import { type Accounts, canBeLinked, configuredAccount, configuredPeople, linkingChats } from './accounts.ts';
import { said } from './decision.ts';
import { isProven } from './proven-ticket.ts';

/** Which person is behind an account of a chat that does not know it: proven by a sign-in in the browser and a code typed in the chat. */

/** The last step of a link. A link that exists is never overwritten. */
export async function linkByCode(flow: Deciding, by: ChatUser, typed: string): Promise<Reply> {
  const code = typed.toUpperCase().replace(/[^0-9A-Z]/g, '');
  if (!canBeLinked(flow, by)) return said(onlyLinked(flow));
  if (configuredPeople(flow, by.platform, by.id).length > 0) return said({ code: 'link-configured' });
  return flow.store.transact(async (tx) => {
    const ticket = await tx.tickets.byCode(by.platform, by.id, flow.hash.of(code));
    if (!ticket?.signedIn || flow.clock.now() >= ticket.expiresAt || !(await isProven(flow, tx, ticket)))
      return said({ code: 'link-code-unknown' });
    await tx.tickets.save(ticket.id, { state: 'used' });
    const { person, name } = ticket.signedIn;
    const otherAccount = configuredAccount(flow, by.platform, person);
    const link = { platform: by.platform, account: by.id, person, how: 'sign-in', at: flow.clock.now() } as const;
    if (otherAccount || !(await tx.people.add(link))) return said({ code: 'link-taken' });
    await record(flow, tx, [
      {
        type: 'account.linked',
        actor: { kind: 'person', id: person, name: name.slice(0, 200).toWellFormed() },
        platform: by.platform,
        detail: { account: by.id, how: 'sign-in' },
      },
    ]);
    return said({ code: 'linked', chat: chatName(flow.chatNames, by.platform), name });
  });
}

function onlyLinked(flow: Accounts): Answer {
  const chats = linkingChats(flow);
  return chats.length === 0 ? { code: 'link-not-needed' } : { code: 'link-not-here', chats };
}

/** By the operator: somebody left, or got another account. False when there is no such link. */
export function unlink(flow: Deciding, account: string): Promise<boolean> {
  return flow.store.transact(async (tx) => {
    const links = (await tx.people.list()).filter((link) => link.account === account);
    for (const { platform, person } of links) {
      await tx.people.remove(platform, account);
      const linked = await tx.ledger.find({ incident: null, types: ['account.linked'], detail: ['account', account] });
      const own = linked.filter(({ entry }) => entry?.platform === platform && entry.detail.account === account);
      await record(flow, tx, [
        {
          type: 'account.unlinked',
          actor: { kind: 'service', id: 'operator', name: 'The operator' },
          platform,
          detail: { account, person, linked: own.map(({ seq }) => seq) },
        },
      ]);
    }
    return links.length > 0;
  });
}

/** Without asking the directory: good for stopping, never for approving. */
export async function personBehindLink(flow: Deciding, by: ChatUser): Promise<string | null> {
  if (flow.chats.get(by.platform)?.knownBy === 'entra-id') return by.id === '' ? null : by.id.toLowerCase();
  const [configured] = configuredPeople(flow, by.platform, by.id);
  return configured ?? (await flow.store.transact((tx) => tx.people.of(by.platform, by.id)))?.person ?? null;
}
