import type { FoundMessage, Lookup, Wanted } from '../../ports/reader.ts';
import { nextPath, odata, query, seg } from '../microsoft/client.ts';
import { isMailAddress, isMessageId } from '../microsoft/ids.ts';
import { filtersFor } from './message-filter.ts';
import { type Asked, ask, budgetOf, type Patience } from './patient.ts';
import {
  addressesOf,
  isDirectoryName,
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
  readonly clock: () => number;
  /** How long one mailbox may keep everybody waiting. */
  readonly patienceMs: number;
}

type Mailbox = { readonly id: string; readonly address: string };

const PAGE_SIZE = '50';
/** One Message-ID a thousand times in one mailbox is no ordinary mail: people have to look at it. */
const MAX_PAGES = 20;
/** Exchange keeps one Message-ID for a mail; two or three are known where it or a gateway mended one. */
const MOST_IDS = 50;
const USER_FIELDS = 'id,userPrincipalName,mail,proxyAddresses';
/** The network message id is asked for in any case: it tells a mail from another that was given the same Message-ID. */
const FOUND_FIELDS = `${STATE_FIELDS},internetMessageHeaders`;
const UNNAMED_FOLDER = '(unnamed folder)';

/** Looks into one address's mailbox. Never throws for what Graph says. */
export async function lookInto(shared: LocateTools, address: string, wanted: Wanted): Promise<Lookup> {
  const tools = { ...shared, budget: budgetOf(shared.patienceMs, shared.clock) };
  const none = { address, mailbox: null, messages: [], requestId: '' };
  if (!isMailAddress(address)) return { ...none, result: 'failed', detail: 'not a mail address' };
  const ids = [...new Set(wanted.internetMessageIds)];
  const usable = ids.filter(isMessageId);
  if (usable.length === 0) return { ...none, result: 'failed', detail: whyNot(ids.length) };
  if (usable.length > MOST_IDS) return { ...none, result: 'failed', detail: 'too many Message-IDs to search by' };
  const unsearched = ids.length - usable.length;
  const told = unsearched === 0 ? '' : `${unsearched} of ${ids.length} Message-IDs cannot be searched by`;

  const users = await usersBehind(tools, address);
  if (!users.ok) return { ...none, ...pointless(users) };
  const [user, ...others] = users.value;
  const { requestId } = users;
  if (!user) return { ...none, result: 'missing', detail: 'nobody has this address', requestId };
  if (others.length > 0) return { ...none, result: 'failed', detail: 'several users have this address', requestId };

  const mailbox = { id: user.id, address: user.mail ?? user.userPrincipalName ?? address };
  const hits = await searchAll(tools, mailbox.id, usable);
  if (!hits.ok) return { ...none, mailbox, ...pointless(hits) };
  if (hits.value.length === 0) {
    return { ...none, mailbox, result: 'nothing', detail: told, requestId: hits.requestId };
  }
  const messages = await describe(tools, mailbox, hits.value, new Set([...addressesOf(user), address.toLowerCase()]));
  if (!messages.ok) return { ...none, mailbox, ...pointless(messages) };
  return { address, mailbox, result: 'found', messages: messages.value, requestId: messages.requestId, detail: told };
}

function whyNot(given: number): string {
  return given === 0 ? 'cannot be searched: no Message-ID is known' : 'cannot be searched: the Message-ID is no text';
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
  const path = `/users${query({ $filter: filter, $select: USER_FIELDS })}`;
  const page = await ask(tools, `user ${address.toLowerCase()}`, 'resolve', path, UserPage);
  return page.ok ? { ...page, value: page.value.value } : page;
}

/** One question after the other: a mailbox takes four requests at a time, and one question is all there is but rarely. */
async function searchAll(
  tools: LocateTools,
  mailbox: string,
  internetMessageIds: readonly string[],
): Promise<Asked<readonly WireMessage[]>> {
  const found = new Map<string, WireMessage>();
  let requestId = '';
  for (const filter of filtersFor(internetMessageIds)) {
    const hits = await search(tools, mailbox, filter);
    if (!hits.ok) return hits;
    for (const hit of hits.value) found.set(hit.id, hit);
    requestId = hits.requestId;
  }
  return { ok: true, value: [...found.values()], requestId };
}

async function search(tools: LocateTools, mailbox: string, filter: string): Promise<Asked<readonly WireMessage[]>> {
  const found: WireMessage[] = [];
  let path = `/users/${seg(mailbox)}/messages${query({ $filter: filter, $select: FOUND_FIELDS, $top: PAGE_SIZE })}`;
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
  return { ok: false, result: 'failed', detail, requestId, absent: false, later: false };
}

/**
 * Folder names are for people and may be missing. Whether it is the owner's own copy decides, so it must be known: only
 * what may come from the owner is one, not what an owner or a rule moved to Sent Items.
 */
async function describe(
  tools: LocateTools,
  { id: mailbox }: Mailbox,
  hits: readonly WireMessage[],
  own: ReadonlySet<string>,
): Promise<Asked<readonly FoundMessage[]>> {
  const folders = [...new Set(hits.map((hit) => hit.parentFolderId))];
  const byOwner = new Set(hits.filter((hit) => mayBeOwn(hit, own)));
  const [sent, ...named] = await Promise.all([
    byOwner.size > 0 ? askFolder(tools, mailbox, 'sentitems') : null,
    ...folders.map((folder) => askFolder(tools, mailbox, folder)),
  ]);
  if (sent && !sent.ok && !sent.absent) return sent;
  const sentId = sent?.ok ? sent.value.id : null;
  const names = new Map(folders.map((folder, n) => [folder, nameOf(named[n])]));
  const value = hits.map((hit) => ({
    ...foundMessage(hit, names.get(hit.parentFolderId) ?? UNNAMED_FOLDER),
    inSentItems: byOwner.has(hit) && hit.parentFolderId === sentId,
  }));
  return { ok: true, value, requestId: named.at(-1)?.requestId ?? '' };
}

/** Also where Graph gives no address: a directory name may be the owner's, and so may nothing. */
function mayBeOwn(hit: WireMessage, own: ReadonlySet<string>): boolean {
  const sender = senderOf(hit);
  return sender === null || isDirectoryName(sender) || own.has(sender.toLowerCase());
}

function askFolder(tools: LocateTools, mailbox: string, folder: string) {
  const path = `/users/${seg(mailbox)}/mailFolders/${seg(folder)}${query({ $select: 'id,displayName' })}`;
  return ask(tools, mailbox, 'folder', path, WireFolder);
}

function nameOf(asked: Awaited<ReturnType<typeof askFolder>> | null | undefined): string {
  return (asked?.ok && asked.value.displayName) || UNNAMED_FOLDER;
}

function foundMessage(hit: WireMessage, folder: string): Omit<FoundMessage, 'inSentItems'> {
  return {
    message: hit.id,
    internetMessageId: hit.internetMessageId ?? null,
    sender: senderOf(hit),
    subject: hit.subject ?? null,
    networkMessageId: networkMessageIdOf(hit),
    isDraft: hit.isDraft ?? false,
    folderId: hit.parentFolderId,
    folder,
    receivedAt: hit.receivedDateTime ?? null,
    ...marksOf(hit),
  };
}
