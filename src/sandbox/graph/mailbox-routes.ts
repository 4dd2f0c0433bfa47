import type { Mailbox } from '../tenant/mailbox.ts';
import { createFolder, createMessage, deleteFolder, permanentDeleteFolder } from './making.ts';
import { folderOr404, getMessage, listMessages } from './message-reading.ts';
import { deleteMessage, moveMessage, patchMessage, permanentDelete } from './message-writing.ts';
import { getMime } from './mime.ts';
import { badRequest, fail, type Json, ok, type Reply } from './reply.ts';
import { folderJson, picked } from './shape.ts';
import type { Route, Task } from './types.ts';

const READ = ['Mail.ReadBasic.All'];
/** What a mail says is not for Mail.ReadBasic [learn.microsoft.com/graph/permissions-reference]. */
const CONTENT = ['Mail.Read'];
const WRITE = ['Mail.ReadWrite'];
const ROOTS = [
  ['users', ':user'],
  ['users', ':user', 'mailfolders', ':folder'],
];

type Short = readonly [operation: string, method: string, tail: string, roles: string[], handle: (task: Task) => Reply];

const MESSAGES: readonly Short[] = [
  ['listMessages', 'GET', 'messages', READ, listMessages],
  ['getMessage', 'GET', 'messages/:message', READ, getMessage],
  ['getMime', 'GET', 'messages/:message/$value', CONTENT, getMime],
  ['patchMessage', 'PATCH', 'messages/:message', WRITE, patchMessage],
  ['deleteMessage', 'DELETE', 'messages/:message', WRITE, deleteMessage],
  ['move', 'POST', 'messages/:message/move', WRITE, moveMessage],
  ['permanentDelete', 'POST', 'messages/:message/permanentdelete', WRITE, permanentDelete],
];
const SETTINGS = ['MailboxSettings.Read'];
const REST: readonly Short[] = [
  ['listFolders', 'GET', 'mailfolders', READ, listFolders],
  ['getFolder', 'GET', 'mailfolders/:folder', READ, getFolder],
  ['listChildFolders', 'GET', 'mailfolders/:folder/childfolders', READ, listFolders],
  ['createFolder', 'POST', 'mailfolders', WRITE, createFolder],
  ['createMessage', 'POST', 'mailfolders/:folder/messages', WRITE, createMessage],
  ['deleteFolder', 'DELETE', 'mailfolders/:folder', WRITE, deleteFolder],
  ['permanentDeleteFolder', 'POST', 'mailfolders/:folder/permanentdelete', WRITE, permanentDeleteFolder],
  ['listCategories', 'GET', 'outlook/mastercategories', SETTINGS, listCategories],
  ['createCategory', 'POST', 'outlook/mastercategories', ['MailboxSettings.ReadWrite'], createCategory],
  ['getMailboxSettings', 'GET', 'mailboxsettings', SETTINGS, getMailboxSettings],
];

const route = (root: readonly string[], [operation, method, tail, roles, handle]: Short): Route => ({
  operation,
  method,
  pattern: [...root, ...tail.split('/')],
  outlook: true,
  roles,
  handle,
});

export const MAILBOX_ROUTES: readonly Route[] = [
  ...ROOTS.flatMap((root) => MESSAGES.map((short) => route(root, short))),
  ...REST.map((short) => route(['users', ':user'], short)),
];

function listOf(task: Task, context: string, items: readonly Json[]): Reply {
  const { origin } = task.service;
  const { top, skip } = task.query;
  const value = items.slice(skip, top === null ? undefined : skip + top);
  return ok({ '@odata.context': `${origin()}/v1.0/$metadata#users('${task.user.id}')/${context}`, value });
}

/** Of the mailbox: all under its visible root, so Recoverable Items are not among them. */
function listFolders(task: Task): Reply {
  const parent = folderOr404(task.box, task.params['folder'] ?? 'msgfolderroot');
  const folders = task.box.folders.children(parent.id).map((folder) => shown(task, folderJson(folder, task.box)));
  return listOf(task, 'mailFolders', folders);
}

function getFolder(task: Task): Reply {
  const folder = folderOr404(task.box, task.params['folder'] ?? '');
  return ok(shown(task, folderJson(folder, task.box)));
}

function shown({ query }: Task, json: Json): Json {
  return query.select === null ? json : { id: json['id'], ...picked(json, query.select, 'microsoft.graph.mailFolder') };
}

function listCategories(task: Task): Reply {
  return listOf(task, 'outlook/masterCategories', categoriesJson(task.box));
}

function categoriesJson(box: Mailbox): Json[] {
  return box.categories.map((category) => ({ ...category }));
}

function createCategory(task: Task): Reply {
  const { displayName, color = 'none' } = task.json() as { displayName?: unknown; color?: unknown };
  if (typeof displayName !== 'string' || displayName === '') badRequest("The property 'displayName' is required.");
  if (!/^(?:none|preset(?:1?\d|2[0-4]))$/.test(String(color))) badRequest('There is no such category color.');
  const added = task.box.addCategory(String(displayName), String(color));
  if (!added) fail(409, 'ErrorItemAlreadyExists', 'A category with this name already exists.');
  task.wrote({ effect: 'category', message: null, from: null, to: String(displayName) });
  return ok({ ...added }, 201);
}

function getMailboxSettings(task: Task): Reply {
  return ok({
    archiveFolder: task.box.folders.find('archive')?.id ?? null,
    timeZone: 'UTC',
    dateFormat: 'yyyy-MM-dd',
    timeFormat: 'HH:mm',
    automaticRepliesSetting: {
      status: 'disabled',
      externalAudience: 'none',
      internalReplyMessage: '',
      externalReplyMessage: '',
    },
    language: { locale: 'en-GB', displayName: 'English (United Kingdom)' },
    userPurpose: 'user',
  });
}
