import type { Mailbox } from '../tenant/mailbox.ts';
import type { Folder, MailItem } from '../tenant/types.ts';
import { bodyForm } from './body.ts';
import type { Fields, Value } from './filter.ts';
import { CLEAN_GLOBAL_OBJECT_ID, globalObjectId } from './global-object-id.ts';
import { type Collection, chosen, pageOf } from './page.ts';
import { badRequest, fail, type Json, ok, type Reply } from './reply.ts';
import { conversationOf, etag, idForm, messageJson } from './shape.ts';
import type { Task } from './types.ts';

const DEFAULT_PAGE = 10;
const MAX_PAGE = 1_000;
const time = (iso: string) => Math.floor(Date.parse(iso) / 1_000) * 1_000;

const FIELDS: Fields<MailItem> = {
  readers: new Map<string, (item: MailItem) => Value>([
    ['internetMessageId', (item) => item.internetMessageId],
    ['subject', (item) => item.subject],
    ['conversationId', (item) => conversationOf(item)],
    ['from/emailAddress/address', (item) => item.from.address],
    ['from/emailAddress/name', (item) => item.from.name],
    ['sender/emailAddress/address', (item) => item.sender.address],
    ['receivedDateTime', (item) => time(item.receivedAt)],
    ['sentDateTime', (item) => time(item.receivedAt)],
    ['createdDateTime', (item) => time(item.receivedAt)],
    ['lastModifiedDateTime', (item) => time(item.modifiedAt)],
    ['isRead', (item) => item.isRead],
    ['isDraft', (item) => item.isDraft],
    ['hasAttachments', (item) => item.mime !== undefined],
    ['importance', (item) => item.importance],
    ['parentFolderId', (item) => item.parentFolderId],
    ['flag/flagStatus', (item) => item.flagStatus],
    ['categories', (item) => item.categories],
  ]),
  caseless: new Set(['subject', 'from/emailAddress/address', 'from/emailAddress/name', 'sender/emailAddress/address']),
};
const INDEXED = new Set(['internetMessageId']);

/** A well-known name is not in every mailbox; what is neither that nor an id is no name of a folder, whatever it is called. */
export function folderOr404(box: Mailbox, key: string): Folder {
  const folder = box.folders.find(key);
  if (folder) return folder;
  if (!WELL_KNOWN.has(key.toLowerCase()) && !FOLDER_ID.test(key))
    fail(400, 'ErrorInvalidIdMalformed', 'Id is malformed.');
  return fail(404, 'ErrorFolderNotFound', 'The specified folder could not be found in the store.');
}

/** As opaque as they come: base64url, and never short. */
const FOLDER_ID = /^[A-Za-z0-9_\-+/]{16,}={0,2}$/;
/** learn.microsoft.com/graph/api/resources/mailfolder. */
const WELL_KNOWN: ReadonlySet<string> = new Set([
  ...['archive', 'clutter', 'conflicts', 'conversationhistory', 'deleteditems', 'drafts', 'inbox', 'junkemail'],
  ...['localfailures', 'msgfolderroot', 'outbox', 'scheduled', 'searchfolders', 'sentitems', 'serverfailures'],
  ...['recoverableitemsdeletions', 'recoverableitemspurges', 'recoverableitemsroot', 'syncissues'],
]);

/** Finds by the id form the request asked for, in Recoverable Items too. */
export function messageOr404({ box, call, params }: Task): MailItem {
  const item = box.find(idForm(call.headers), params['message'] ?? '');
  const folder = params['folder'] === undefined ? null : folderOr404(box, params['folder']);
  if (item && (folder === null || item.parentFolderId === folder.id)) return item;
  return fail(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
}

/** Messages of the whole mailbox without Recoverable Items, or of one folder. */
export function listMessages(task: Task): Reply {
  const { box, call, query, params, service, user } = task;
  const folder = params['folder'] === undefined ? null : folderOr404(box, params['folder']);
  const inside = (item: MailItem) =>
    folder === null ? !box.inRecoverableItems(item) : item.parentFolderId === folder.id;
  const size = pageSize(query.top);
  const found = chosen(query, collectionOf(box)).filter(inside);
  const items = query.orderBy.length > 0 ? found : found.sort(newestFirst);
  return ok(
    pageOf(items, query, {
      origin: service.origin(),
      path: call.path,
      rawQuery: call.rawQuery,
      context: `users('${user.id}')/messages`,
      start: query.skip,
      size,
      next: (position) => ({ $skip: String(position) }),
      json: (item) => ({
        ...typeOf(box, item),
        ...messageJson(item, idForm(call.headers), query.select, call.roles, bodyForm(call.headers)),
      }),
    }),
  );
}

/** What is more than a message says so, whatever was selected; a message does not. */
function typeOf(box: Mailbox, item: MailItem): Json {
  const isRequest = box.calendar.all().some(({ invitation }) => invitation?.message === item.immutableId);
  return isRequest ? { '@odata.type': '#microsoft.graph.eventMessageRequest' } : {};
}

function pageSize(top: number | null): number {
  if (top === null) return DEFAULT_PAGE;
  if (top >= 1 && top <= MAX_PAGE) return top;
  return fail(400, 'ErrorInvalidArgument', `The value of $top must be between 1 and ${MAX_PAGE}.`);
}

function collectionOf(box: Mailbox): Collection<MailItem> {
  return {
    fields: FIELDS,
    indexed: INDEXED,
    lookUp: (ids) => ids.flatMap((id) => box.withInternetMessageId(id)),
    all: () => box.items(),
  };
}

function newestFirst(a: MailItem, b: MailItem): number {
  if (a.receivedAt === b.receivedAt) return a.immutableId < b.immutableId ? -1 : 1;
  return a.receivedAt < b.receivedAt ? 1 : -1;
}

/** As somebody reads it by its id: `messageOr404`, and nothing that is purged. */
export function readableOr404(task: Task): MailItem {
  const item = messageOr404(task);
  if (task.box.inPurges(item) && !task.service.beliefs().purgesReadable) {
    fail(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
  }
  return item;
}

export function getMessage(task: Task): Reply {
  const item = readableOr404(task);
  const reply = messageReply(task, item, 200);
  const { expand } = task.query;
  if (expand === null) return reply;
  const asked = /^singleValueExtendedProperties\(\$filter=id eq '([^']+)'\)$/.exec(expand)?.[1];
  if (asked !== CLEAN_GLOBAL_OBJECT_ID) badRequest(`The query option '$expand' is not supported with '${expand}'.`);
  if (!task.call.roles.has('Mail.Read'))
    fail(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
  const event = task.box.calendar.all().find(({ invitation }) => invitation?.message === item.immutableId);
  // What a message does not have is left out.
  const properties = event
    ? { singleValueExtendedProperties: [{ id: asked, value: globalObjectId(event.iCalUId) }] }
    : {};
  return { ...reply, body: { ...(reply.body as Json), ...properties } };
}

export function messageReply({ call, query, service, user, box }: Task, item: MailItem, status: number): Reply {
  const form = idForm(call.headers);
  const text = bodyForm(call.headers);
  const context = `${service.origin()}/v1.0/$metadata#users('${user.id}')/messages/$entity`;
  const body: Json = {
    '@odata.context': context,
    ...typeOf(box, item),
    ...messageJson(item, form, query.select, call.roles, text),
  };
  const applied = [
    ...(form === 'immutable' ? ['IdType="ImmutableId"'] : []),
    ...(text === 'text' ? ['outlook.body-content-type="text"'] : []),
  ];
  const headers = applied.length > 0 ? { 'Preference-Applied': applied.join(', ') } : {};
  return { status, body, headers: { ETag: etag(item), ...headers } };
}
