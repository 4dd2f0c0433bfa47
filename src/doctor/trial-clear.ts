import { z } from 'zod';
import { odata, query, seg } from '../adapters/microsoft/client.ts';
import { needed, succeeded } from './trial-end.ts';
import {
  type Desk,
  hardDeleteFolder,
  hardDeleteMail,
  holdsOthers,
  lookAtFolder,
  lookAtMail,
  mailbox,
  mailPath,
  moveMail,
  type OwnThing,
  placeWords,
  restsIn,
  TRIAL_NAME,
} from './trial-own.ts';

/** Something of the trial that may still be in the mailbox. */
export interface Leftover {
  readonly what: 'mail' | 'folder';
  /** In words that name nothing of the owner's. */
  readonly where: string;
  /** Of a trial that was killed, or goes on at the same time: told, and never touched. */
  readonly another?: true;
}

type Sleep = (ms: number, stop: AbortSignal) => Promise<void>;

const TRIES = 3;
const LOOKS = 4;
const LOOK_WAIT_MS = 3_000;

/** Removes what the trial made, whatever happened before, and answers what it could not remove. Never throws. */
export async function clearAway(desk: Desk, sleep: Sleep, stop: AbortSignal): Promise<readonly Leftover[]> {
  const { mail, folder } = desk.own;
  const mailAt = await attempt(() => clearMail(desk, sleep, stop), mail);
  // The mail may lie inside the folder: as long as it is there, so is the folder.
  const folderAt = await attempt(() => clearFolder(desk, sleep, stop), folder);
  return [
    ...(mailAt === null ? [] : [{ what: 'mail' as const, where: mailAt }]),
    ...(folderAt === null ? [] : [{ what: 'folder' as const, where: folderAt }]),
  ];
}

/** Null: gone. Else where it is. */
async function attempt(clear: () => Promise<string | null>, thing: OwnThing): Promise<string | null> {
  if (thing.state === 'none' || thing.state === 'gone') return null;
  let where = 'unknown: it could not be looked for';
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      const left = await clear();
      if (left === null) return null;
      where = left;
    } catch {
      // No clear answer: once more, and then it is said that it may still be there.
    }
  }
  return where;
}

async function clearMail(desk: Desk, sleep: Sleep, stop: AbortSignal): Promise<string | null> {
  const { mail } = desk.own;
  if (mail.state === 'maybe') {
    const id = await found(desk, 'mail', sleep, stop);
    if (id === null) return 'unknown: Graph did not say whether it was made, and a search does not find it';
    Object.assign(mail, { state: 'there', id });
  }
  let before = await lookAtMail(desk, stop);
  if (!before.mail) {
    // Nobody has seen it go, so once more: a mail that is new may not answer by its id yet.
    const id = await found(desk, 'mail', sleep, stop);
    if (id === null) return gone(mail);
    mail.id = id;
    before = await lookAtMail(desk, stop);
  }
  if (await isGone(desk, before.mail, stop)) return gone(mail);
  if (!succeeded(await hardDeleteMail(desk, stop))) await otherwise(desk, before.mail?.parentFolderId, stop);
  const after = await lookAtMail(desk, stop);
  return (await isGone(desk, after.mail, stop)) ? gone(mail) : placeWords(desk, after.mail?.parentFolderId ?? '');
}

/** Where it was refused in Recoverable Items, it is tried from the Inbox; where it is refused at all, an ordinary delete. */
async function otherwise(desk: Desk, folder: string | undefined, stop: AbortSignal): Promise<void> {
  if (folder === desk.places.deletions) {
    await moveMail(desk, desk.places.inbox, 'back', stop);
    if (succeeded(await hardDeleteMail(desk, stop))) return;
  }
  const path = mailPath(desk);
  await desk.line.ask({ step: 'delete the mail', method: 'DELETE', path }, stop);
  await desk.line.ask({ step: 'delete the mail', method: 'DELETE', path }, stop);
}

async function isGone(
  desk: Desk,
  mail: { readonly parentFolderId: string } | null,
  stop: AbortSignal,
): Promise<boolean> {
  return mail === null || (await restsIn(desk, mail.parentFolderId, stop)) !== 'sight';
}

function gone(thing: OwnThing): null {
  thing.state = 'gone';
  return null;
}

async function clearFolder(desk: Desk, sleep: Sleep, stop: AbortSignal): Promise<string | null> {
  const { folder, mail } = desk.own;
  if (folder.state === 'maybe') {
    const id = await found(desk, 'folder', sleep, stop);
    if (id === null) return 'unknown: Graph did not say whether it was made, and it is not in the list of folders';
    Object.assign(folder, { state: 'there', id });
  }
  const now = (await lookAtFolder(desk, stop)) ?? (await later(desk, sleep, stop));
  if (now === null) return gone(folder);
  const where = folderWords(now.parentFolderId ?? '', desk);
  if (mail.state === 'there' || (await holdsOthers(desk, stop)))
    return `${where}: something is inside, so it was not deleted`;
  return (await hardDeleteFolder(desk, stop)) ? gone(folder) : where;
}

async function later(desk: Desk, sleep: Sleep, stop: AbortSignal) {
  await sleep(LOOK_WAIT_MS, stop);
  return await lookAtFolder(desk, stop);
}

/** What other trials have left in the mailbox. Throws StepFailed where it cannot be looked for. */
export async function leftByOthers(desk: Desk, stop: AbortSignal): Promise<readonly Leftover[]> {
  const { user, own, places, line } = desk;
  const look = async (path: string, field: string) => {
    const $filter = `startswith(${field},${odata(TRIAL_NAME)})`;
    const asked = `${mailbox(user)}/${path}${query({ $filter, $select: `id,${field},parentFolderId`, $top: '50' })}`;
    const said = await line.ask({ step: 'look for other trials', method: 'GET', path: asked }, stop);
    const { value } = Placed.parse(needed('look for other trials', said).body);
    return value.filter(({ subject, displayName }) => {
      const name = subject ?? displayName ?? '';
      return name.startsWith(TRIAL_NAME) && name !== own.name;
    });
  };
  const mails = [
    ...(await look('messages', 'subject')),
    // Recoverable Items are in no list of all messages.
    ...(await look(`mailFolders/${seg(places.deletions)}/messages`, 'subject')),
  ];
  const folders = [
    ...(await look('mailFolders', 'displayName')),
    ...(await look(`mailFolders/${seg(places.deletedItems)}/childFolders`, 'displayName')),
  ];
  const left: Leftover[] = [];
  for (const { parentFolderId } of new Map(mails.map((mail) => [mail.id, mail])).values())
    if ((await restsIn(desk, parentFolderId, stop)) === 'sight')
      left.push({ what: 'mail', where: placeWords(desk, parentFolderId), another: true });
  for (const { parentFolderId } of folders)
    left.push({ what: 'folder', where: folderWords(parentFolderId, desk), another: true });
  return left;
}

function folderWords(parent: string, { places }: Desk): string {
  return parent === places.deletedItems ? 'below Deleted Items' : 'in the mailbox';
}

const Placed = z.object({
  value: z.array(
    z.object({
      id: z.string(),
      subject: z.string().nullish(),
      displayName: z.string().nullish(),
      parentFolderId: z.string(),
    }),
  ),
});

const Named = z.object({ id: z.string(), subject: z.string().nullish(), displayName: z.string().nullish() });
const Page = z.object({ value: z.array(Named) });

/** By the name that only this trial's things have. */
async function found(desk: Desk, what: 'mail' | 'folder', sleep: Sleep, stop: AbortSignal): Promise<string | null> {
  const { own, user, line } = desk;
  const filter = (field: string, value: string, names: string) =>
    query({ $filter: `${field} eq ${odata(value)}`, $select: names, $top: '50' });
  const mails = `${mailbox(user)}/messages`;
  const paths =
    what === 'mail'
      ? [
          `${mails}${filter('internetMessageId', own.messageId, 'id,subject')}`,
          `${mails}${filter('subject', own.name, 'id,subject')}`,
        ]
      : [`${mailbox(user)}/mailFolders${filter('displayName', own.name, 'id,displayName')}`];
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) await sleep(LOOK_WAIT_MS, stop);
    for (const path of paths) {
      const said = await line.ask({ step: `look for the ${what}`, method: 'GET', path }, stop);
      const page = succeeded(said) ? Page.safeParse(said.body).data?.value : undefined;
      const ours = page?.find(({ subject, displayName }) => (subject ?? displayName) === own.name);
      if (ours) return ours.id;
    }
  }
  return null;
}
