import { z } from 'zod';
import { odata, query } from '../adapters/microsoft/client.ts';
import { seconds } from './trial-batches.ts';
import type { Judged } from './trial-beliefs.ts';
import { answerWords, needed, StepFailed } from './trial-end.ts';
import { makeFolder, putIn } from './trial-make.ts';
import {
  type Desk,
  folderPath,
  holdsOthers,
  lookAtFolder,
  lookAtMail,
  type Mail,
  mailbox,
  markMail,
  moveMail,
  placeWords,
} from './trial-own.ts';

/** What happens to the one mail, step by step. Each step begins wherever the one before has left the mail. */

export interface Clocks {
  readonly clock: () => number;
  readonly sleep: (ms: number, stop: AbortSignal) => Promise<void>;
}

const FIND_EVERY_MS = 2_000;
const FIND_FOR_MS = 60_000;
const Found = z.object({ value: z.array(z.object({ id: z.string() })) });

export async function arrival(desk: Desk, { clock, sleep }: Clocks, stop: AbortSignal): Promise<Judged[]> {
  const made = await putIn(desk, stop);
  const madeAt = clock();
  const kept = made.internetMessageId === desk.own.messageId;
  const draft = made.isDraft !== false;
  const looked = await untilFound(desk, made.internetMessageId ?? desk.own.messageId, { clock, sleep }, stop);
  const after = clock() - madeAt;
  const times = `${looked.asked} ${looked.asked === 1 ? 'look' : 'looks'} in ${seconds(after)}`;
  return [
    { belief: 'no-draft', verdict: draft ? 'not so' : 'confirmed', seen: draft ? 'it is a draft' : 'it is not one' },
    {
      belief: 'message-id',
      verdict: kept ? 'confirmed' : 'not so',
      seen: kept ? 'the one that it was given' : 'it has another than it was given',
    },
    {
      belief: 'found-at-once',
      verdict: looked.found && looked.asked === 1 ? 'confirmed' : 'not so',
      seen: looked.found ? `found after ${times}` : `not found by ${times}`,
    },
  ];
}

async function untilFound({ line, user, own }: Desk, messageId: string, { clock, sleep }: Clocks, stop: AbortSignal) {
  const path = `${mailbox(user)}/messages${query({ $filter: `internetMessageId eq ${odata(messageId)}`, $select: 'id' })}`;
  const until = clock() + FIND_FOR_MS;
  for (let asked = 1; ; asked += 1) {
    const said = needed('find the mail', await line.ask({ step: 'find the mail', method: 'GET', path }, stop));
    const found = Found.parse(said.body).value.some(({ id }) => id === own.mail.id);
    if (found || clock() >= until) return { found, asked };
    await sleep(FIND_EVERY_MS, stop);
  }
}

/** The mail, in the Inbox: a step that failed may have left it elsewhere. */
export async function home(desk: Desk, stop: AbortSignal): Promise<Mail> {
  const now = await present(desk, stop);
  if (now.parentFolderId === desk.places.inbox) return now;
  await moveMail(desk, desk.places.inbox, 'to the Inbox', stop);
  return await present(desk, stop);
}

async function present(desk: Desk, stop: AbortSignal): Promise<Mail> {
  const { mail, said } = await lookAtMail(desk, stop);
  if (!mail) throw new StepFailed('read the mail', said);
  return mail;
}

const DAY_MS = 86_400_000;

/** Dates need a start as well [learn: followupFlag]. */
export async function flagDates(desk: Desk, { clock }: Clocks, stop: AbortSignal): Promise<Judged[]> {
  await home(desk, stop);
  const belief = 'flag-dates';
  const day = (n: number) => ({
    dateTime: `${new Date(clock() + n * DAY_MS).toISOString().slice(0, 10)}T00:00:00`,
    timeZone: 'UTC',
  });
  const flag = { flagStatus: 'flagged', startDateTime: day(1), dueDateTime: day(3) };
  const marked = await markMail(desk, { flag }, stop);
  if (marked.status === 400)
    return [{ belief, verdict: 'not tried', seen: `a flag with dates was refused: ${answerWords(marked)}` }];
  needed('flag the mail', marked);
  if (!dueIn(await present(desk, stop)))
    return [{ belief, verdict: 'not tried', seen: 'dates were written, and are not there afterwards' }];
  needed('flag the mail', await markMail(desk, { flag: { flagStatus: 'flagged' } }, stop));
  const kept = dueIn(await present(desk, stop));
  return [
    {
      belief,
      verdict: kept ? 'not so' : 'confirmed',
      seen: kept ? 'the due date is still there' : 'the due date is gone',
    },
  ];
}

function dueIn({ flag }: Mail): boolean {
  return Boolean(flag?.['dueDateTime']);
}

/** Marked, moved to Deleted Items, put back and marked as before: what a purge and its undo do. */
export async function moveAndUndo(desk: Desk, stop: AbortSignal): Promise<Judged[]> {
  const before = await home(desk, stop);
  const other = { isRead: !before.isRead, categories: ['Clawback trial'], flag: { flagStatus: 'notFlagged' } };
  needed('mark the mail', await markMail(desk, other, stop));
  const away = await moveMail(desk, desk.places.deletedItems, 'to Deleted Items', stop);
  const there = await present(desk, stop);
  await moveMail(desk, desk.places.inbox, 'back to the Inbox', stop);
  const { isRead, categories, flag } = before;
  needed('mark the mail', await markMail(desk, { isRead, categories: categories ?? [], flag }, stop));
  const after = await present(desk, stop);
  const kept = there.id === desk.own.mail.id && after.id === there.id && sameIdIn(away.body, there.id);
  const moved = there.parentFolderId === desk.places.deletedItems && after.parentFolderId === desk.places.inbox;
  const differs = FACTS.filter((name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null));
  const same = moved && differs.length === 0;
  return [
    {
      belief: 'id-kept',
      verdict: kept && moved ? 'confirmed' : 'not so',
      seen: moved
        ? `${kept ? 'the same' : 'another'} id in Deleted Items and back in the Inbox`
        : `it lay in ${placeWords(desk, there.parentFolderId)}, then in ${placeWords(desk, after.parentFolderId)}`,
    },
    {
      belief: 'undo',
      verdict: same ? 'confirmed' : 'not so',
      seen: same
        ? 'folder, read state, categories, flag and Message-ID are as before'
        : `not as before: ${[...differs, ...(moved ? [] : ['folder'])].join(', ')}`,
    },
  ];
}

const FACTS = ['isRead', 'categories', 'flag', 'internetMessageId', 'isDraft'] as const;
const Identified = z.object({ id: z.string() });

function sameIdIn(body: unknown, id: string): boolean {
  return Identified.safeParse(body).data?.id === id;
}

/** A soft delete, and back: what an owner can do as well. */
export async function outOfDeletions(desk: Desk, stop: AbortSignal): Promise<Judged[]> {
  await home(desk, stop);
  await moveMail(desk, desk.places.deletions, 'to Recoverable Items', stop);
  const there = await lookAtMail(desk, stop);
  const answers = there.mail
    ? `its id answers in ${placeWords(desk, there.mail.parentFolderId)}`
    : 'its id did not answer there';
  const belief = 'out-of-deletions';
  try {
    await moveMail(desk, desk.places.inbox, 'back to the Inbox', stop);
  } catch (error) {
    if (!(error instanceof StepFailed) || error.status === 0 || error.status >= 500) throw error;
    return [{ belief, verdict: 'not so', seen: `${answers}; the way back: ${error.answer}` }];
  }
  const back = await lookAtMail(desk, stop);
  const isBack = back.mail?.parentFolderId === desk.places.inbox;
  return [
    {
      belief,
      verdict: isBack ? 'confirmed' : 'not so',
      seen: `${answers}; ${isBack ? 'then it was back in the Inbox' : 'it did not come back'}`,
    },
  ];
}

/** With the mail inside. Both are left where they are: the next step fetches the mail, and the end removes the folder. */
export async function folderKept(desk: Desk, stop: AbortSignal): Promise<Judged[]> {
  const belief = 'folder-kept';
  await home(desk, stop);
  await makeFolder(desk, stop);
  await moveMail(desk, desk.own.folder.id, 'to the folder of the trial', stop);
  if (await holdsOthers(desk, stop))
    return [{ belief, verdict: 'not tried', seen: 'something else came into the folder: it was not deleted' }];
  const call = { step: 'delete the folder', method: 'DELETE', path: folderPath(desk) } as const;
  needed('delete the folder', await desk.line.ask(call, stop));
  const folder = await lookAtFolder(desk, stop);
  const { mail } = await lookAtMail(desk, stop);
  const below = folder?.parentFolderId === desk.places.deletedItems;
  const seen = [
    folder
      ? `its id answers, ${below ? 'below Deleted Items' : 'below another folder'}`
      : 'its id does not answer any more',
    mail
      ? `the mail in it says that it is in ${placeWords(desk, mail.parentFolderId)}`
      : 'the mail in it does not answer',
  ].join('; ');
  return [{ belief, verdict: below ? 'confirmed' : 'not so', seen }];
}
