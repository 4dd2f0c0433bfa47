import { z } from 'zod';
import type { Measure } from '../../../core/measure/measure.ts';
import type { MeasureLook } from '../../../ports/measures.ts';
import { odata, query, seg } from '../../microsoft/client.ts';
import { isGraphId, isMessageId } from '../../microsoft/ids.ts';
import type { InnerReply } from '../answer.ts';
import { move } from '../requests.ts';
import { type Asking, bodyOf, effectOf, isAbsent, type Needs, notSeen, refused, unknown } from './asking.ts';
import type { Carrier } from './carrier.ts';

/**
 * The copy that a sender keeps of a mail, by its id in Graph or by its Message-ID, which begins with a bracket. It goes where
 * the purge puts mail, and comes back from there to the folder it was in.
 */

const NEEDS: Needs = { permission: 'Mail.ReadWrite', byExchange: true };
const BIN = 'recoverableitemsdeletions';
const PURGED = 'recoverableitemspurges';
const FIELDS = 'id,parentFolderId,isRead,categories,flag';

const Message = z.object({
  id: z.string().min(1),
  parentFolderId: z.string().min(1),
  isRead: z.boolean().nullish(),
  categories: z.array(z.string()).nullish(),
  flag: z.record(z.string(), z.unknown()).nullish(),
});
const Messages = z.object({ value: z.array(Message) });
const Folder = z.object({ id: z.string().min(1) });

export const takeSentCopy: Carrier = {
  look: (asking, measure, signal) =>
    measure.ref.startsWith('<') ? byMessageId(asking, measure, signal) : byId(asking, measure, signal),

  async apply(asking, measure, image, step) {
    const id = image['id'];
    if (typeof id !== 'string' || !isGraphId(id)) return refused('not the image of a message');
    const request = { ...move({ mailbox: measure.person, message: id }, BIN), clientRequestId: step.requestId };
    return effectOf(await asking.send(measure.person, request, step.signal), NEEDS, asking);
  },

  /** A move leaves its marks as they are. Where its folder is gone it stays where it is, which is said. */
  async putBack(asking, measure, before, step) {
    const { id, folderId } = before;
    if (typeof id !== 'string' || !isGraphId(id) || typeof folderId !== 'string' || !isGraphId(folderId))
      return refused('not the image of a message');
    const request = { ...move({ mailbox: measure.person, message: id }, folderId), clientRequestId: step.requestId };
    return effectOf(await asking.send(measure.person, request, step.signal), NEEDS, asking);
  },
};

async function byId(asking: Asking, measure: Measure, signal: AbortSignal): Promise<MeasureLook> {
  if (!isGraphId(measure.ref)) return unknown('not the id of a message');
  const path = `/users/${seg(measure.person)}/messages/${seg(measure.ref)}${query({ $select: FIELDS })}`;
  const [reply, bin, purged] = await Promise.all([
    asking.send(measure.person, { operation: 'look at sent copy', method: 'GET', path }, signal),
    lookAtFolder(asking, measure, BIN, signal),
    lookAtFolder(asking, measure, PURGED, signal),
  ]);
  if (isAbsent(reply, 'ErrorItemNotFound')) return { is: 'gone' };
  const message = Message.safeParse(bodyOf(reply)).data;
  if (!message) return notSeen(reply, NEEDS, asking);
  const [binId, purgedId] = [Folder.safeParse(bodyOf(bin)).data?.id, Folder.safeParse(bodyOf(purged)).data?.id];
  if (binId === undefined) return notSeen(bin, NEEDS, asking);
  // What lies in Purges only a hold can reach, whoever still reads it.
  if (message.parentFolderId === purgedId) return { is: 'gone' };
  return { is: 'there', image: imageOf(message, message.parentFolderId === binId) };
}

function lookAtFolder(asking: Asking, { person }: Measure, folder: string, signal: AbortSignal): Promise<InnerReply> {
  const path = `/users/${seg(person)}/mailFolders/${folder}${query({ $select: 'id' })}`;
  return asking.send(person, { operation: 'look at folder', method: 'GET', path }, signal);
}

/** Others may have the same Message-ID: of somebody who wrote to themselves, the one that was received. */
async function byMessageId(asking: Asking, measure: Measure, signal: AbortSignal): Promise<MeasureLook> {
  if (!isMessageId(measure.ref)) return unknown('not a Message-ID');
  const at = (folder: string) => lookFor(asking, measure, folder, signal);
  const replies = await Promise.all([at('mailFolders/sentitems/'), at(`mailFolders/${BIN}/`), at('')]);
  const lists: (readonly z.infer<typeof Message>[])[] = [];
  for (const reply of replies) {
    const list = Messages.safeParse(bodyOf(reply)).data?.value;
    if (!list) return notSeen(reply, NEEDS, asking);
    lists.push(list);
  }
  const [sent = [], binned = [], anywhere = []] = lists;
  if (sent.length + binned.length > 1 && sent.length !== 1) return unknown('several messages have this Message-ID');
  const [own] = sent;
  const [taken] = binned;
  if (own) return { is: 'there', image: imageOf(own, false) };
  if (taken) return { is: 'there', image: imageOf(taken, true) };
  return anywhere.length === 0 ? { is: 'gone' } : unknown('it is not in Sent Items, and one like it lies elsewhere');
}

function lookFor(asking: Asking, measure: Measure, folder: string, signal: AbortSignal): Promise<InnerReply> {
  const options = query({ $filter: `internetMessageId eq ${odata(measure.ref)}`, $select: FIELDS });
  const path = `/users/${seg(measure.person)}/${folder}messages${options}`;
  return asking.send(measure.person, { operation: 'look for sent copy', method: 'GET', path }, signal);
}

function imageOf(message: z.infer<typeof Message>, inRecoverableItems: boolean) {
  const { id, parentFolderId: folderId, isRead = false, categories = [], flag = null } = message;
  return { id, folderId, isRead, categories, flag, inRecoverableItems };
}
