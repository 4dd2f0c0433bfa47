import { z } from 'zod';
import { query, seg } from '../adapters/microsoft/client.ts';
import { needed, type Said, succeeded } from './trial-end.ts';
import type { Line } from './trial-line.ts';

/** The one mail and the one folder that a trial makes. Nothing that it writes goes anywhere else. */

/** `maybe`: the creation was sent, and no answer said what became of it. */
export interface OwnThing {
  state: 'none' | 'maybe' | 'there' | 'gone';
  id: string;
}

export interface Own {
  /** Subject of the mail and name of the folder: with a random part, so that it can be found again. */
  readonly name: string;
  readonly messageId: string;
  readonly mail: OwnThing;
  readonly folder: OwnThing;
}

/** The subject of each trial's mail and the name of each trial's folder begin with it. */
export const TRIAL_NAME = 'Clawback trial ';

export function ownThings(random: string): Own {
  const mark = random.replaceAll('-', '').slice(0, 16);
  const nothing = (): OwnThing => ({ state: 'none', id: '' });
  return {
    name: `${TRIAL_NAME}${mark}`,
    messageId: `<${mark}@trial.clawback.example>`,
    mail: nothing(),
    folder: nothing(),
  };
}

/** Folder ids of the mailbox. Null: Graph does not show it. */
export interface Places {
  readonly inbox: string;
  readonly deletedItems: string;
  readonly deletions: string;
  readonly purges: string | null;
}

/** One mailbox, and how to ask about it. */
export interface Desk {
  readonly line: Line;
  /** Entra object id. */
  readonly user: string;
  readonly own: Own;
  readonly places: Places;
}

const Named = z.object({ id: z.string().min(1) });
const Flag = z.object({ flagStatus: z.string() }).loose();
const Mail = z.object({
  id: z.string().min(1),
  subject: z.string().nullish(),
  internetMessageId: z.string().nullish(),
  parentFolderId: z.string().min(1),
  isDraft: z.boolean().nullish(),
  isRead: z.boolean().nullish(),
  categories: z.array(z.string()).nullish(),
  flag: Flag.nullish(),
});
export type Mail = z.infer<typeof Mail>;
const FIELDS = 'id,subject,internetMessageId,parentFolderId,isDraft,isRead,categories,flag';

export const mailbox = (user: string) => `/users/${seg(user)}`;
export const mailPath = ({ user, own }: Pick<Desk, 'user' | 'own'>) => `${mailbox(user)}/messages/${seg(own.mail.id)}`;
export const folderPath = ({ user, own }: Pick<Desk, 'user' | 'own'>) =>
  `${mailbox(user)}/mailFolders/${seg(own.folder.id)}`;

export async function placesOf(line: Line, user: string, stop: AbortSignal): Promise<Places> {
  const look = (name: string) =>
    line.ask(
      { step: 'read a folder', method: 'GET', path: `${mailbox(user)}/mailFolders/${name}${query({ $select: 'id' })}` },
      stop,
    );
  const idOf = async (name: string, words: string) =>
    Named.parse(needed(`look for ${words}`, await look(name)).body).id;
  const inbox = await idOf('inbox', 'the Inbox');
  const deletedItems = await idOf('deleteditems', 'Deleted Items');
  const deletions = await idOf('recoverableitemsdeletions', 'Recoverable Items');
  // A name that Exchange knows and Graph's documentation does not list: where it is refused, the parent will tell.
  const purges = Named.safeParse((await look('recoverableitemspurges')).body).data?.id ?? null;
  return { inbox, deletedItems, deletions, purges };
}

/** The mail as it is now, null when Graph says that it is not there. */
export async function lookAtMail(
  desk: Desk,
  stop: AbortSignal,
): Promise<{ readonly mail: Mail | null; readonly said: Said }> {
  const path = `${mailPath(desk)}${query({ $select: FIELDS })}`;
  const said = await desk.line.ask({ step: 'read the mail', method: 'GET', path }, stop);
  if (said.status === 404 && said.code === 'ErrorItemNotFound') return { mail: null, said };
  return { mail: Mail.parse(needed('read the mail', said).body), said };
}

export async function moveMail(desk: Desk, to: string, words: string, stop: AbortSignal): Promise<Said> {
  const call = { step: 'move the mail', method: 'POST', path: `${mailPath(desk)}/move` } as const;
  return needed(`move the mail ${words}`, await desk.line.ask({ ...call, body: { destinationId: to } }, stop));
}

export function markMail(desk: Desk, body: object, stop: AbortSignal): Promise<Said> {
  return desk.line.ask({ step: 'mark the mail', method: 'PATCH', path: mailPath(desk), body }, stop);
}

export function hardDeleteMail(desk: Desk, stop: AbortSignal): Promise<Said> {
  const path = `${mailPath(desk)}/permanentDelete`;
  return desk.line.ask({ step: 'hard-delete the mail', method: 'POST', path, body: {} }, stop);
}

/** Where something lies, in words that name no folder of the owner's. */
export function placeWords({ places, own }: Pick<Desk, 'places' | 'own'>, folder: string): string {
  if (folder === places.inbox) return 'the Inbox';
  if (folder === places.deletedItems) return 'Deleted Items';
  if (folder === places.deletions) return 'Recoverable Items (Deletions)';
  if (folder === places.purges) return 'Recoverable Items (Purges)';
  return folder === own.folder.id ? 'the folder of the trial' : 'another folder';
}

/** Purges: what a hard delete leaves, out of everybody's reach. Hidden: a folder that Graph does not show. */
export async function restsIn(desk: Desk, folder: string, stop: AbortSignal): Promise<'purges' | 'hidden' | 'sight'> {
  const { purges, inbox, deletedItems, deletions } = desk.places;
  if (folder === purges) return 'purges';
  if ([inbox, deletedItems, deletions, desk.own.folder.id].includes(folder)) return 'sight';
  const path = `${mailbox(desk.user)}/mailFolders/${seg(folder)}${query({ $select: 'id,displayName' })}`;
  const said = await desk.line.ask({ step: 'read a folder', method: 'GET', path }, stop);
  if (isNoFolder(said)) return 'hidden';
  needed('read a folder', said);
  return Folder.safeParse(said.body).data?.displayName === 'Purges' ? 'purges' : 'sight';
}

const Folder = z.object({
  id: z.string().min(1),
  displayName: z.string().nullish(),
  parentFolderId: z.string().nullish(),
});
const Content = z.object({ value: z.array(Named) });

/** A mailbox that does not answer says 404 as well, and then nothing is known about its folders. */
function isNoFolder({ status, code }: Said): boolean {
  return status === 404 && (code === 'ErrorFolderNotFound' || code === 'ErrorItemNotFound');
}

/** The folder as it is now, null when it is not there. */
export async function lookAtFolder(desk: Desk, stop: AbortSignal): Promise<z.infer<typeof Folder> | null> {
  const path = `${folderPath(desk)}${query({ $select: 'id,displayName,parentFolderId' })}`;
  const said = await desk.line.ask({ step: 'read a folder', method: 'GET', path }, stop);
  if (isNoFolder(said)) return null;
  return Folder.parse(needed('read the folder of the trial', said).body);
}

/** Whether anything that the trial did not make is inside: then the folder is not touched. */
export async function holdsOthers(desk: Desk, stop: AbortSignal): Promise<boolean> {
  const list = async (of: 'messages' | 'childFolders') => {
    const path = `${folderPath(desk)}/${of}${query({ $select: 'id', $top: '5' })}`;
    const said = await desk.line.ask({ step: 'read a folder', method: 'GET', path }, stop);
    return Content.parse(needed('look into the folder of the trial', said).body).value;
  };
  const mails = await list('messages');
  return mails.some(({ id }) => id !== desk.own.mail.id) || (await list('childFolders')).length > 0;
}

export async function hardDeleteFolder(desk: Desk, stop: AbortSignal): Promise<boolean> {
  const path = folderPath(desk);
  const call = { step: 'delete the folder', method: 'POST', path: `${path}/permanentDelete`, body: {} } as const;
  const said = await desk.line.ask(call, stop);
  if (!succeeded(said)) await desk.line.ask({ step: 'delete the folder', method: 'DELETE', path }, stop);
  return (await lookAtFolder(desk, stop)) === null;
}
