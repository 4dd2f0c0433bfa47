import type { FoundMessage, Lookup, Wanted } from '../../ports/mail.ts';
import { nextPath, odata, query, seg } from './client.ts';
import { type Asked, ask, type Patience } from './patient.ts';
import {
  MessagePage,
  marksOf,
  networkMessageIdOf,
  STATE_FIELDS,
  senderOf,
  UserPage,
  WireFolder,
  type WireMessage,
  type WireUser,
} from './wire.ts';

interface LocateTools extends Patience {
  readonly origin: string;
}

type Mailbox = { readonly id: string; readonly address: string };

const PAGE_SIZE = '50';
/** One Message-ID a thousand times in one mailbox is no ordinary mail: people have to look at it. */
const MAX_PAGES = 20;
const UNNAMED_FOLDER = '(unnamed folder)';

/** Looks into one address's mailbox. Never throws for what Graph says. */
export async function lookInto(tools: LocateTools, address: string, { internetMessageIds }: Wanted): Promise<Lookup> {
  const none = { address, mailbox: null, messages: [], requestId: '' };
  if (!/^[^\p{Cc}\s]{1,320}$/u.test(address)) return { ...none, result: 'failed', detail: 'not a mail address' };
  const [internetMessageId] = internetMessageIds;
  if (internetMessageId === undefined) return { ...none, result: 'failed', detail: 'no Message-ID to search by' };

  const users = await usersBehind(tools, address);
  if (!users.ok) return { ...none, ...pointless(users) };
  const [user, ...others] = users.value;
  const { requestId } = users;
  if (!user) return { ...none, result: 'missing', detail: 'nobody has this address', requestId };
  if (others.length > 0) return { ...none, result: 'failed', detail: 'several users have this address', requestId };

  const mailbox = { id: user.id, address: user.mail ?? user.userPrincipalName ?? address };
  const hits = await search(tools, mailbox.id, internetMessageId);
  if (!hits.ok) return { ...none, mailbox, ...pointless(hits) };
  if (hits.value.length === 0) {
    return { ...none, mailbox, result: 'nothing', detail: '', requestId: hits.requestId };
  }
  const messages = await describe(tools, mailbox, hits.value, ownAddresses(user, address));
  if (!messages.ok) return { ...none, mailbox, ...pointless(messages) };
  return { address, mailbox, result: 'found', messages: messages.value, requestId: messages.requestId, detail: '' };
}

function pointless({ result, detail, requestId }: Extract<Asked<unknown>, { ok: false }>) {
  return { result, detail, requestId };
}

/** By main address or user principal name, else by alias: "nobody" must not be said of somebody's second address. */
async function usersBehind(tools: LocateTools, address: string): Promise<Asked<readonly WireUser[]>> {
  const wanted = odata(address);
  const byName = await askUsers(tools, address, `userPrincipalName eq ${wanted} or mail eq ${wanted}`);
  if (!byName.ok || byName.value.length > 0) return byName;
  const byAlias = await askUsers(tools, address, `proxyAddresses/any(p:p eq ${odata(`smtp:${address}`)})`);
  // Aliases need User.Read.All; without it the first answer is all that can be said.
  return !byAlias.ok && byAlias.result === 'denied' ? byName : byAlias;
}

async function askUsers(tools: LocateTools, address: string, filter: string): Promise<Asked<readonly WireUser[]>> {
  const path = `/users${query({ $filter: filter, $select: 'id,userPrincipalName,mail' })}`;
  const page = await ask(tools, `user ${address.toLowerCase()}`, 'resolve', path, UserPage);
  return page.ok ? { ...page, value: page.value.value } : page;
}

async function search(
  tools: LocateTools,
  mailbox: string,
  internetMessageId: string,
): Promise<Asked<readonly WireMessage[]>> {
  const found: WireMessage[] = [];
  let path = `/users/${seg(mailbox)}/messages${query({
    $filter: `internetMessageId eq ${odata(internetMessageId)}`,
    $select: `${STATE_FIELDS},internetMessageHeaders`,
    $top: PAGE_SIZE,
  })}`;
  for (let page = 1; ; page += 1) {
    const asked = await ask(tools, mailbox, 'search', path, MessagePage);
    if (!asked.ok) return asked;
    found.push(...asked.value.value);
    const { requestId } = asked;
    const link = asked.value['@odata.nextLink'];
    if (link === undefined) return { ok: true, value: found, requestId };
    if (page >= MAX_PAGES) return failed('too many messages with this Message-ID', requestId);
    try {
      path = nextPath(tools.origin, link, path);
    } catch (error) {
      return failed(error instanceof Error ? error.message : 'the link to the next page is no link', requestId);
    }
  }
}

function failed(detail: string, requestId: string): Asked<never> {
  return { ok: false, result: 'failed', detail, requestId, absent: false };
}

/** Folder names are for people and may be missing. Whether it is the sender's own copy decides, so it must be known. */
async function describe(
  tools: LocateTools,
  { id: mailbox }: Mailbox,
  hits: readonly WireMessage[],
  own: ReadonlySet<string>,
): Promise<Asked<readonly FoundMessage[]>> {
  const folders = [...new Set(hits.map((hit) => hit.parentFolderId))];
  const sentByOwner = hits.some((hit) => own.has(senderOf(hit)?.toLowerCase() ?? ''));
  const [sent, ...named] = await Promise.all([
    sentByOwner ? askFolder(tools, mailbox, 'sentitems') : null,
    ...folders.map((folder) => askFolder(tools, mailbox, folder)),
  ]);
  if (sent && !sent.ok && !sent.absent) return sent;
  const sentId = sent?.ok ? sent.value.id : null;
  const names = new Map(folders.map((folder, n) => [folder, nameOf(named[n])]));
  const value = hits.map((hit) => foundMessage(hit, names.get(hit.parentFolderId) ?? UNNAMED_FOLDER, sentId));
  return { ok: true, value, requestId: named.at(-1)?.requestId ?? '' };
}

function askFolder(tools: LocateTools, mailbox: string, folder: string) {
  const path = `/users/${seg(mailbox)}/mailFolders/${seg(folder)}${query({ $select: 'id,displayName' })}`;
  return ask(tools, mailbox, 'folder', path, WireFolder);
}

function nameOf(asked: Awaited<ReturnType<typeof askFolder>> | null | undefined): string {
  return (asked?.ok && asked.value.displayName) || UNNAMED_FOLDER;
}

function foundMessage(hit: WireMessage, folder: string, sentId: string | null): FoundMessage {
  return {
    message: hit.id,
    internetMessageId: hit.internetMessageId ?? null,
    sender: senderOf(hit),
    subject: hit.subject ?? null,
    networkMessageId: networkMessageIdOf(hit),
    isDraft: hit.isDraft ?? false,
    inSentItems: hit.parentFolderId === sentId,
    folderId: hit.parentFolderId,
    folder,
    receivedAt: hit.receivedDateTime ?? null,
    ...marksOf(hit),
  };
}

function ownAddresses(user: WireUser, address: string): ReadonlySet<string> {
  return new Set([user.mail, user.userPrincipalName, address].flatMap((own) => (own ? [own.toLowerCase()] : [])));
}
