import type { Folder, Importance, MailItem, Marks } from '../tenant/types.ts';
import { flagOf } from './flag-writing.ts';
import { folderOr404, messageOr404, messageReply } from './message-reading.ts';
import { badRequest, fail, type Json, type Reply, record } from './reply.ts';
import { etag } from './shape.ts';
import type { Task, WriteEffect } from './types.ts';

/** Of delivered mail these are closed without Mail-Advanced.ReadWrite.All, and were never open to a mere flag. */
const DRAFT_ONLY = new Set([
  'subject',
  'body',
  'from',
  'sender',
  'toRecipients',
  'ccRecipients',
  'bccRecipients',
  'replyTo',
  'internetMessageId',
  'isDeliveryReceiptRequested',
  'isReadReceiptRequested',
  'hasAttachments',
]);
const IMPORTANCES: readonly string[] = ['low', 'normal', 'high'];

/** Nothing is done to what lies in Purges, whether it can be read or not. */
function writableOr404(task: Task): MailItem {
  const item = messageOr404(task);
  if (!task.box.inPurges(item)) return item;
  return fail(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
}

export function patchMessage(task: Task): Reply {
  const item = writableOr404(task);
  const marks = marksOf(task, item, task.json());
  guarded(task, item);
  const changed = task.box.mark(item.immutableId, marks);
  task.wrote(effectOf(task, 'patch', item, changed.parentFolderId));
  report(task, 'marked', item, null);
  return messageReply(task, changed, 200);
}

function marksOf(task: Task, item: MailItem, body: Json): Marks {
  return Object.assign({}, ...Object.entries(body).map(([name, value]) => markOf(task, item, name, value)));
}

function markOf(task: Task, item: MailItem, name: string, value: unknown): Marks {
  if (name === 'isRead' && typeof value === 'boolean') return { isRead: value };
  if (name === 'importance' && IMPORTANCES.includes(String(value))) return { importance: value as Importance };
  if (name === 'categories' && isStrings(value)) return { categories: [...new Set(value)] };
  if (name === 'flag') return flagOf(record(value) ?? {}, item, task.service);
  if (name.startsWith('@odata.')) return {};
  if (DRAFT_ONLY.has(name)) fail(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
  return fail(400, 'RequestBodyRead', `The property '${name}' cannot be set to this value on type 'message'.`);
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function guarded({ call }: Task, item: MailItem): void {
  const wanted = call.headers['if-match'];
  if (wanted === undefined || wanted === '*' || wanted === etag(item)) return;
  fail(412, 'ErrorIrresolvableConflict', 'The send or update operation could not be performed: the change key is old.');
}

export function moveMessage(task: Task): Reply {
  const destination = task.json()['destinationId'];
  if (typeof destination !== 'string' || destination === '') {
    return badRequest("The parameter 'DestinationId' is missing or not a string.");
  }
  const item = writableOr404(task);
  const moved = relocate(task, item, folderOr404(task.box, destination), 'move');
  return messageReply(task, moved, 201);
}

/** Deleted Items first, Recoverable Items from there; what is in Recoverable Items stays. */
export function deleteMessage(task: Task): Reply {
  const item = writableOr404(task);
  guarded(task, item);
  if (task.box.inRecoverableItems(item)) {
    return fail(400, 'ErrorCannotDeleteObject', 'The object cannot be deleted.');
  }
  const inDeletedItems = task.box.folders.find(item.parentFolderId)?.wellKnownName === 'deleteditems';
  const target = inDeletedItems ? 'recoverableitemsdeletions' : 'deleteditems';
  relocate(task, item, folderOr404(task.box, target), 'delete');
  return { status: 204 };
}

/** learn.microsoft.com, message-permanentdelete: to Purges of Recoverable Items. */
export function permanentDelete(task: Task): Reply {
  const item = writableOr404(task);
  if (task.box.inRecoverableItems(item) && task.service.beliefs().deletionsLocked) {
    return fail(403, 'ErrorCannotDeleteObject', 'The object cannot be deleted.');
  }
  roomIn(task, folderOr404(task.box, 'recoverableitemspurges'), item);
  task.box.move(item.immutableId, folderOr404(task.box, 'recoverableitemspurges'));
  task.wrote(effectOf(task, 'permanentDelete', item, null));
  report(task, 'gone', item, null);
  return { status: 204 };
}

function roomIn({ box, service, user }: Task, folder: Folder, item: MailItem): void {
  const isBin = folder.parentFolderId === box.folders.find('recoverableitemsroot')?.id;
  if (!isBin || box.inRecoverableItems(item) || !service.binFull(user.id)) return;
  fail(507, 'ErrorQuotaExceeded', 'The mailbox quota has been exceeded.');
}

function relocate(task: Task, item: MailItem, folder: Folder, effect: WriteEffect['effect']): MailItem {
  roomIn(task, folder, item);
  const moved = task.box.move(item.immutableId, folder);
  task.wrote(effectOf(task, effect, item, folder.id));
  report(task, 'moved', item, folder.displayName);
  return moved;
}

function effectOf({ box }: Task, effect: WriteEffect['effect'], item: MailItem, to: string | null): WriteEffect {
  const name = (id: string | null) => {
    const folder = id === null ? null : box.folders.find(id);
    return folder?.wellKnownName ?? folder?.displayName ?? null;
  };
  return { effect, message: item.immutableId, from: name(item.parentFolderId), to: name(to) };
}

function report(task: Task, kind: 'moved' | 'marked' | 'gone', item: MailItem, to: string | null): void {
  const from = task.box.folders.find(item.parentFolderId)?.displayName ?? null;
  task.service.tenant.changed({ kind, userId: task.user.id, messageId: item.immutableId, from, to });
}
