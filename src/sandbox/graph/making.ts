import { itemOf } from '../tenant/delivery.ts';
import { guid } from '../tenant/ids.ts';
import type { Folder } from '../tenant/types.ts';
import { folderOr404, messageReply } from './message-reading.ts';
import { badRequest, fail, type Json, ok, type Reply, record } from './reply.ts';
import { folderJson } from './shape.ts';
import type { Task } from './types.ts';

/** What Graph lets an app make in a mailbox, and how folders go. */

const UNSENT = 8;
const READ = 1;
const WRITABLE = new Set(['subject', 'body', 'internetMessageId', 'singleValueExtendedProperties']);

/**
 * learn.microsoft.com, mailfolder-post-messages: a draft, unless PR_MESSAGE_FLAGS without the bit for unsent comes with it
 * (singlevaluelegacyextendedproperty-post-singlevalueextendedproperties; MS-OXCMSG 2.2.1.6).
 */
export function createMessage(task: Task): Reply {
  const { box, service, params, user } = task;
  const body = task.json();
  const stray = Object.keys(body).find((name) => !WRITABLE.has(name));
  if (stray !== undefined) fail(400, 'RequestBodyRead', `The property '${stray}' is not known on type 'message' here.`);
  const folder = folderOr404(box, params['folder'] ?? '');
  const flags = flagsIn(body['singleValueExtendedProperties']);
  const given = textIn(body, 'internetMessageId');
  const networkId = guid(service.random);
  const order = {
    to: [],
    internetMessageId: given && !service.beliefs().newMessageId ? given : `<${networkId}@${service.tenant.domain}>`,
    sender: user.mail ?? user.userPrincipalName,
    subject: textIn(body, 'subject') ?? '',
    body: textIn(record(body['body']) ?? {}, 'content') ?? '',
    draft: flags === null || (flags & UNSENT) !== 0,
    read: flags === null || (flags & READ) !== 0,
  };
  const item = box.add(itemOf(order, [], networkId, service.clock()), folder);
  task.wrote({ effect: 'create', message: item.immutableId, from: null, to: nameOf(folder) });
  const { immutableId: messageId } = item;
  service.tenant.changed({ kind: 'delivered', userId: user.id, messageId, from: null, to: folder.displayName });
  return messageReply(task, item, 201);
}

function textIn(body: Json, name: string): string | null {
  const value = body[name];
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : fail(400, 'RequestBodyRead', `Cannot read the value of '${name}'.`);
}

/** null: none were given. */
function flagsIn(properties: unknown): number | null {
  if (properties === undefined) return null;
  const known = (Array.isArray(properties) ? properties : []).map((one: unknown) => record(one) ?? {});
  const flags = known.find(({ id }) => /^integer 0x0?e07$/i.test(String(id)));
  if (known.length !== 1 || !flags || !/^\d+$/.test(String(flags['value'])))
    return badRequest('Only the property Integer 0x0E07 is known here.');
  return Number(flags['value']);
}

/** learn.microsoft.com, user-post-mailfolders: in the root of the mailbox; a name is there once. */
export function createFolder(task: Task): Reply {
  const { box, user } = task;
  const name = textIn(task.json(), 'displayName')?.trim() ?? '';
  if (name === '') badRequest("The property 'displayName' is required.");
  const root = folderOr404(box, 'msgfolderroot');
  if (box.folders.children(root.id).some(({ displayName }) => displayName.toLowerCase() === name.toLowerCase()))
    fail(409, 'ErrorFolderExists', 'A folder with the specified name already exists.');
  const folder = box.folders.add(name, 'msgfolderroot');
  task.wrote({ effect: 'createFolder', message: null, from: null, to: name });
  report(task, null, name);
  return ok({ '@odata.context': `users('${user.id}')/mailFolders/$entity`, ...folderJson(folder, box) }, 201);
}

/** learn.microsoft.com, mailfolder-delete. Where it goes is nowhere said. */
export function deleteFolder(task: Task): Reply {
  const { box, service } = task;
  const folder = ownFolder(task);
  const below = box.folders.find(folder.parentFolderId ?? '')?.wellKnownName;
  if (below === 'deleteditems' || !service.beliefs().deletedFolderKept)
    removeWithContent(task, folder, below === 'deleteditems' ? 'recoverableitemsdeletions' : 'deleteditems');
  else box.folders.moveBelow(folder.id, 'deleteditems');
  return folderGone(task, folder, 'deleteFolder');
}

/** learn.microsoft.com, mailfolder-permanentdelete: the folder is removed from the mailbox, and goes to no Purges. */
export function permanentDeleteFolder(task: Task): Reply {
  const folder = ownFolder(task);
  removeWithContent(task, folder, 'recoverableitemspurges');
  return folderGone(task, folder, 'permanentDeleteFolder');
}

function ownFolder({ box, params }: Task): Folder {
  const folder = folderOr404(box, params['folder'] ?? '');
  if (folder.wellKnownName !== null) fail(400, 'ErrorDeleteDistinguishedFolder', 'Distinguished folders stay.');
  return folder;
}

function removeWithContent({ box }: Task, folder: Folder, to: string): void {
  const target = folderOr404(box, to);
  for (const item of [...box.items()].filter(({ parentFolderId }) => parentFolderId === folder.id))
    box.move(item.immutableId, target);
  box.folders.remove(folder.id);
}

function folderGone(task: Task, folder: Folder, effect: 'deleteFolder' | 'permanentDeleteFolder'): Reply {
  task.wrote({ effect, message: null, from: folder.displayName, to: null });
  report(task, folder.displayName, null);
  return { status: 204 };
}

function report({ service, user }: Task, from: string | null, to: string | null): void {
  service.tenant.changed({ kind: 'folders', userId: user.id, messageId: null, from, to });
}

function nameOf({ wellKnownName, displayName }: Folder): string {
  return wellKnownName ?? displayName;
}
