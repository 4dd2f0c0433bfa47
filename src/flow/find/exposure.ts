import { addressKey } from '../../core/address.ts';
import type { BareMail, Exposure, Told } from '../../core/find/found.ts';
import { subjectKey } from '../../core/find/key.ts';
import type { FoundMessage, Lookup } from '../../ports/reader.ts';
import type { Finding } from '../flow.ts';
import type { Note } from '../record/record.ts';
import { lookNote } from './survey.ts';

/** What became of mail inside. What cannot be looked at costs nobody the answer: it is told as that. */

/** Mailboxes that are asked whether the mail was read. */
const MOST_READ = 100;

const NOBODY: Told = { is: 'not asked', why: 'no service here can say it' };
const FAILED: Told = { is: 'not asked', why: 'it could not be looked at' };
export const NOT_ASKED: Exposure = { read: NOBODY, clicked: NOBODY, replied: NOBODY, forwarded: NOBODY, moved: NOBODY };
const NOT_LOOKED: Exposure = { read: FAILED, clicked: FAILED, replied: FAILED, forwarded: FAILED, moved: FAILED };

interface Exposures {
  readonly exposures: readonly Exposure[];
  /** Each mailbox that was looked into. */
  readonly notes: readonly Note[];
}

/** Never throws. */
export async function exposuresOf(flow: Finding, mails: readonly BareMail[]): Promise<Exposures> {
  if (mails.length === 0) return { exposures: [], notes: [] };
  const told = await becameOf(flow, mails);
  const notes: Note[] = [];
  const exposures: Exposure[] = [];
  let room = MOST_READ;
  for (const [n, mail] of mails.entries()) {
    const read = await readOf(flow, mail, room).catch(() => ({ told: FAILED, notes: [] }));
    room -= read.notes.length;
    notes.push(...read.notes);
    exposures.push({ ...NOT_ASKED, ...told(n), read: read.told });
  }
  return { exposures, notes };
}

async function becameOf(flow: Finding, mails: readonly BareMail[]): Promise<(n: number) => Partial<Exposure>> {
  const teller = flow.seekers.find(({ isOn, exposure }) => isOn && exposure);
  try {
    const told = (await teller?.exposure?.(mails)) ?? [];
    return (n) => told[n] ?? {};
  } catch {
    return () => NOT_LOOKED;
  }
}

/** As the mailboxes themselves say it now. */
async function readOf(
  flow: Finding,
  mail: BareMail,
  room: number,
): Promise<{ readonly told: Told; readonly notes: readonly Note[] }> {
  const no = (why: string) => ({ told: { is: 'not asked', why } as const, notes: [] });
  if (flow.engine) return no('Defender does not tell who has read a mail');
  if (mail.internetMessageId === null) return no('it has no Message-ID to be looked for by');
  const asked = mail.copies.slice(0, room).map(({ recipient }) => recipient);
  if (asked.length === 0) return no('too many mailboxes were looked into for this search already');
  const owners = new Map(mail.copies.flatMap((one) => (one.recipientId ? [[one.recipient, one.recipientId]] : [])));
  const lookups = await flow.reader.locate(asked, {
    internetMessageIds: [mail.internetMessageId],
    networkMessageIds: mail.networkMessageIds,
    owners,
  });
  return { told: toldBy(lookups, mail), notes: lookups.map((lookup) => lookNote(null, lookup)) };
}

function toldBy(lookups: readonly Lookup[], mail: BareMail): Told {
  const seen = lookups.filter(({ result }) => result === 'found' || result === 'nothing');
  if (seen.length === 0) {
    const isDenied = lookups.some(({ result }) => result === 'denied');
    return isDenied ? { is: 'not permitted' } : { is: 'not asked', why: 'no mailbox gave a clear answer' };
  }
  const people = seen.flatMap(({ address, messages }) =>
    messages.some((message) => message.isRead && isCopy(message, mail)) ? [addressKey(address)] : [],
  );
  const copies = mail.copies.length;
  const cut = copies > seen.length;
  if (people.length > 0) return { is: 'known', people, times: people.length, cut };
  return cut ? { is: 'nothing in part', part: `${seen.length} of ${copies} mailboxes` } : { is: 'nothing' };
}

/** Not what only bears its Message-ID. Its sender may be known by the envelope alone, which no mailbox shows. */
function isCopy({ isDraft, inSentItems, networkMessageId, subject }: FoundMessage, mail: BareMail): boolean {
  if (isDraft || inSentItems) return false;
  const isById = networkMessageId !== null && mail.networkMessageIds.length > 0;
  return isById
    ? mail.networkMessageIds.includes(networkMessageId.toLowerCase())
    : subjectKey(subject) === subjectKey(mail.subject);
}
