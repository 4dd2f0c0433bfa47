import { z } from 'zod';
import { odata, query, seg } from '../adapters/microsoft/client.ts';
import type { Judged } from './trial-beliefs.ts';
import { answerWords, StepFailed, succeeded } from './trial-end.ts';
import { type Desk, hardDeleteMail, lookAtMail, mailbox, moveMail, placeWords, restsIn } from './trial-own.ts';
import { type Clocks, home } from './trial-story.ts';

const Found = z.object({ value: z.array(z.object({ id: z.string() })) });

/** First of what is in Recoverable Items already; if that is refused, from the Inbox [learn: message-permanentdelete]. */
export async function hardDelete(desk: Desk, { sleep }: Clocks, stop: AbortSignal): Promise<Judged[]> {
  const { internetMessageId } = await home(desk, stop);
  await moveMail(desk, desk.places.deletions, 'to Recoverable Items', stop);
  const there = await hardDeleteMail(desk, stop);
  if (there.status === 0 || there.status === 429 || there.status >= 500)
    throw new StepFailed('hard-delete the mail', there);
  const refused = !succeeded(there);
  const first: Judged = {
    belief: 'delete-refused',
    verdict: refused ? 'confirmed' : 'not so',
    seen: answerWords(there),
  };
  if (refused) {
    await home(desk, stop);
    const again = await hardDeleteMail(desk, stop);
    if (!succeeded(again)) throw new StepFailed('hard-delete the mail', again);
  }
  return [first, ...(await whereItWent(desk, internetMessageId ?? desk.own.messageId, sleep, stop))];
}

const LOOKS = 3;
const LOOK_WAIT_MS = 5_000;

async function whereItWent(
  desk: Desk,
  messageId: string,
  sleep: Clocks['sleep'],
  stop: AbortSignal,
): Promise<Judged[]> {
  for (let look = 1; ; look += 1) {
    const { mail } = await lookAtMail(desk, stop);
    const rest = mail ? await restsIn(desk, mail.parentFolderId, stop) : null;
    // It may take a moment: only what stays in sight was not deleted.
    if (rest === 'sight' && look < LOOKS) {
      await sleep(LOOK_WAIT_MS, stop);
      continue;
    }
    if (rest !== 'sight') desk.own.mail.state = 'gone';
    return [await purges(desk, { rest, messageId, folder: mail?.parentFolderId ?? '' }, stop), byId(desk, mail, rest)];
  }
}

function byId(desk: Desk, mail: { readonly parentFolderId: string } | null, rest: string | null): Judged {
  const belief = 'id-answers';
  if (!mail) return { belief, verdict: 'not so', seen: '404 ErrorItemNotFound' };
  const where = rest === 'purges' ? 'Purges' : rest === 'hidden' ? 'a folder that Graph does not show' : '';
  return { belief, verdict: 'confirmed', seen: `200, in ${where || placeWords(desk, mail.parentFolderId)}` };
}

interface Gone {
  readonly rest: 'purges' | 'hidden' | 'sight' | null;
  readonly messageId: string;
  readonly folder: string;
}

async function purges(desk: Desk, { rest, messageId, folder }: Gone, stop: AbortSignal): Promise<Judged> {
  const belief = 'purges';
  if (rest === 'purges') return { belief, verdict: 'confirmed', seen: 'the mail itself says so' };
  if (rest === 'sight') return { belief, verdict: 'not so', seen: `it lies in ${placeWords(desk, folder)}` };
  if (desk.places.purges === null) return { belief, verdict: 'not tried', seen: 'Graph does not show Purges here' };
  const filter = query({ $filter: `internetMessageId eq ${odata(messageId)}`, $select: 'id' });
  const path = `${mailbox(desk.user)}/mailFolders/${seg(desk.places.purges)}/messages${filter}`;
  const said = await desk.line.ask({ step: 'find the mail', method: 'GET', path }, stop);
  const found = Found.safeParse(said.body).data?.value.length;
  if (!succeeded(said) || found === undefined)
    return { belief, verdict: 'not tried', seen: `Purges cannot be searched: ${answerWords(said)}` };
  return found > 0
    ? { belief, verdict: 'confirmed', seen: 'a search finds it there' }
    : { belief, verdict: 'not so', seen: 'a search does not find it there' };
}
