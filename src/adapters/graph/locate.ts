import type { FoundMessage, Lookup, Place, Wanted } from '../../ports/reader.ts';
import { nextPath, query, seg } from '../microsoft/client.ts';
import { isGraphId, isGuid, isMailAddress, isMessageId } from '../microsoft/ids.ts';
import type { Turns } from './in-turns.ts';
import { filtersFor } from './message-filter.ts';
import { originOf } from './origin.ts';
import { type Asked, ask, budgetOf, type Patience } from './patient.ts';
import { ownersOf, usersBehind } from './users.ts';
import {
  addressesOf,
  isDirectoryName,
  isInvitation,
  MessagePage,
  marksOf,
  networkMessageIdOf,
  STATE_FIELDS,
  senderOf,
  WireFolder,
  type WireMessage,
  type WireUser,
} from './wire.ts';

interface LocateTools extends Patience {
  readonly origin: string;
  readonly clock: () => number;
  /** Shared by all who look into mailboxes. */
  readonly turns: Turns;
  /** How long one mailbox may keep everybody waiting. */
  readonly patienceMs: number;
  /** Headers of exercises, lower case; null: where mail came from is not told. */
  readonly exerciseMarks: readonly string[] | null;
}

type Mailbox = { readonly id: string; readonly address: string };

const PAGE_SIZE = '50';
/** One Message-ID a thousand times in one mailbox is no ordinary mail: people have to look at it. */
const MAX_PAGES = 20;
/** Exchange keeps one Message-ID for a mail; two or three are known where it or a gateway mended one. */
const MOST_IDS = 50;
/** The network message id is asked for in any case: it tells a mail from another that was given the same Message-ID. */
const FOUND_FIELDS = `${STATE_FIELDS},internetMessageHeaders`;

/** As many mailboxes as keep every batch full; more would only wait. */
export const MAILBOXES_AT_ONCE = 480;

/**
 * Looks into the mailbox behind each address, in the order asked. Never throws for what Graph says. Owners first, and then
 * their mailboxes: asked for in turns, those who wait for the one would leave batches of the other half empty.
 */
export async function lookIntoAll(
  shared: LocateTools,
  addresses: readonly string[],
  wanted: Wanted,
): Promise<readonly Lookup[]> {
  const patience = () => ({ ...shared, budget: budgetOf(shared.patienceMs, shared.clock) });
  const owners = await ownersOf(patience, addresses, wanted.owners ?? new Map());
  return shared.turns(addresses, (address) => lookInto(patience(), address, wanted, owners.get(address)));
}

/** Looks into one address's mailbox. `owner`: where somebody knows already whose it is. */
async function lookInto(
  tools: LocateTools,
  address: string,
  wanted: Wanted,
  owner: WireUser | undefined,
): Promise<Lookup> {
  const none = { address, mailbox: null, messages: [], requestId: '' };
  if (!isMailAddress(address)) return { ...none, result: 'failed', detail: 'not a mail address' };
  const ids = [...new Set(wanted.internetMessageIds)];
  const usable = ids.filter(isMessageId);
  if (usable.length === 0) return { ...none, result: 'failed', detail: whyNot(ids.length) };
  if (usable.length > MOST_IDS) return { ...none, result: 'failed', detail: 'too many Message-IDs to search by' };
  const unsearched = ids.length - usable.length;
  const told = unsearched === 0 ? '' : `${unsearched} of ${ids.length} Message-IDs cannot be searched by`;

  const users = owner ? ({ ok: true, value: [owner], requestId: '' } as const) : await usersBehind(tools, address);
  if (!users.ok) return { ...none, ...pointless(users) };
  const [user, ...others] = users.value;
  const { requestId } = users;
  if (!user) return { ...none, result: 'missing', detail: 'nobody has this address', requestId };
  if (others.length > 0) return { ...none, result: 'failed', detail: 'several users have this address', requestId };

  const mailbox = { id: user.id, address: user.mail ?? user.userPrincipalName ?? address };
  const hits = await searchAll(tools, mailbox.id, usable, wanted.where);
  if (!hits.ok) return { ...none, mailbox, ...pointless(hits) };
  if (hits.value.length === 0) {
    return { ...none, mailbox, result: 'nothing', detail: told, requestId: hits.requestId };
  }
  const own = new Set([...addressesOf(user), address.toLowerCase()]);
  const messages = await describe(tools, mailbox, hits, own);
  if (!messages.ok) return { ...none, mailbox, ...pointless(messages) };
  const found = { address, mailbox, result: 'found', messages: messages.value, detail: told } as const;
  return withPlaces(tools, { ...found, requestId: messages.requestId }, wanted);
}

/** Where mail is put back to whose folder nobody knows. A mailbox without Junk Email says so, and has an Inbox all the same. */
async function withPlaces(
  tools: LocateTools,
  found: Lookup & { readonly mailbox: Mailbox },
  { where }: Wanted,
): Promise<Lookup> {
  if (where !== 'bin') return found;
  const inbox = await askFolder(tools, found.mailbox.id, 'inbox');
  if (!inbox.ok) return { ...found, messages: [], ...pointless(inbox) };
  const junk = await askFolder(tools, found.mailbox.id, 'junkemail');
  if (!junk.ok && !junk.absent) return { ...found, messages: [], ...pointless(junk) };
  return { ...found, places: { inbox: inbox.value.id, junk: junk.ok ? junk.value.id : null } };
}

function whyNot(given: number): string {
  return given === 0 ? 'cannot be searched: no Message-ID is known' : 'cannot be searched: the Message-ID is no text';
}

function pointless({ result, detail, requestId }: Extract<Asked<unknown>, { ok: false }>) {
  return { result, detail, requestId };
}

/** One question after the other: a mailbox takes four requests at a time, and one question is all there is but rarely. */
async function searchAll(
  tools: LocateTools,
  mailbox: string,
  internetMessageIds: readonly string[],
  where: Wanted['where'],
): Promise<Asked<readonly WireMessage[]>> {
  const found = new Map<string, WireMessage>();
  let requestId = '';
  for (const filter of filtersFor(internetMessageIds)) {
    const hits = await search(tools, mailbox, filter, where);
    if (!hits.ok) return hits;
    for (const hit of hits.value) found.set(hit.id, hit);
    requestId = hits.requestId;
  }
  return { ok: true, value: [...found.values()], requestId };
}

async function search(
  tools: LocateTools,
  mailbox: string,
  filter: string,
  where: Wanted['where'],
): Promise<Asked<readonly WireMessage[]>> {
  const found: WireMessage[] = [];
  const within = where === 'bin' ? '/mailFolders/recoverableitemsdeletions' : '';
  let path = `/users/${seg(mailbox)}${within}/messages${query({ $filter: filter, $select: FOUND_FIELDS, $top: PAGE_SIZE })}`;
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
 * Whether it is the owner's own copy decides, so it must be known: only what may come from the owner is one, not what an owner
 * or a rule moved to Sent Items.
 */
async function describe(
  tools: LocateTools,
  { id: mailbox }: Mailbox,
  { value: hits, requestId }: { readonly value: readonly WireMessage[]; readonly requestId: string },
  own: ReadonlySet<string>,
): Promise<Asked<readonly FoundMessage[]>> {
  const byOwner = new Set(hits.filter((hit) => mayBeOwn(hit, own)));
  const sent = byOwner.size > 0 ? await askFolder(tools, mailbox, 'sentitems') : null;
  if (sent && !sent.ok && !sent.absent) return sent;
  const sentId = sent?.ok ? sent.value.id : null;
  const value = hits.map((hit) => ({
    ...foundMessage(hit),
    ...(tools.exerciseMarks ? { origin: originOf(hit, tools.exerciseMarks) } : {}),
    inSentItems: byOwner.has(hit) && hit.parentFolderId === sentId,
  }));
  return { ok: true, value, requestId };
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

/** What people call a folder; null where the mailbox does not say. */
export async function nameOf(shared: LocateTools, { mailbox, folderId }: Place): Promise<string | null> {
  if (!isGuid(mailbox) || !isGraphId(folderId)) return null;
  const tools = { ...shared, budget: budgetOf(shared.patienceMs, shared.clock) };
  const asked = await askFolder(tools, mailbox.toLowerCase(), folderId);
  return (asked.ok && asked.value.displayName) || null;
}

function foundMessage(hit: WireMessage): Omit<FoundMessage, 'inSentItems'> {
  return {
    message: hit.id,
    internetMessageId: hit.internetMessageId ?? null,
    sender: senderOf(hit),
    subject: hit.subject ?? null,
    networkMessageId: networkMessageIdOf(hit),
    isDraft: hit.isDraft ?? false,
    ...(isInvitation(hit) ? { isInvitation: true } : {}),
    folderId: hit.parentFolderId,
    receivedAt: hit.receivedDateTime ?? null,
    ...marksOf(hit),
  };
}
