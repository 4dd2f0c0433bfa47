import type { Target } from '../../core/plan.ts';
import type { Reading } from '../../ports/mail.ts';
import { answerOf, type InnerReply, targetProblem } from './answer.ts';
import type { Batcher } from './batch.ts';
import { query, seg } from './client.ts';
import { marksOf, STATE_FIELDS, senderOf, WireFolder, WireMessage } from './wire.ts';

/** Where a mailbox keeps what was soft-deleted. `id` null: it has no such folder (yet). */
type Bin = { readonly known: true; readonly id: string | null } | { readonly known: false; readonly why: InnerReply };

/** Folder ids never change, but one process may see many mailboxes: the least used are forgotten. */
const MAX_BINS = 20_000;

/** Recoverable Items of each mailbox, asked for once. Failures are not remembered. */
export function createBins(batcher: Batcher): (mailbox: string) => Promise<Bin> {
  const known = new Map<string, Promise<Bin>>();

  async function fetchBin(mailbox: string): Promise<Bin> {
    const path = `/users/${seg(mailbox)}/mailFolders/recoverableitemsdeletions${query({ $select: 'id' })}`;
    const [reply] = await batcher.send(mailbox, [{ operation: 'folder', method: 'GET', path }]);
    if (reply?.kind !== 'answer') {
      known.delete(mailbox);
      return { known: false, why: reply ?? { kind: 'lost', detail: 'no answer', requestId: '' } };
    }
    const folder = reply.status === 200 ? WireFolder.safeParse(reply.body) : null;
    if (folder?.success) return { known: true, id: folder.data.id };
    known.delete(mailbox);
    const none = reply.status === 404 && ['ErrorItemNotFound', 'ErrorFolderNotFound'].includes(reply.code);
    return none ? { known: true, id: null } : { known: false, why: reply };
  }

  return (mailbox) => {
    const bin = known.get(mailbox) ?? fetchBin(mailbox);
    known.delete(mailbox);
    known.set(mailbox, bin);
    const [oldest] = known.keys();
    if (known.size > MAX_BINS && oldest !== undefined) known.delete(oldest);
    return bin;
  };
}

export async function readOne(
  batcher: Batcher,
  bins: (mailbox: string) => Promise<Bin>,
  { mailbox, message }: Target,
): Promise<Reading> {
  const target = { mailbox, message };
  const problem = targetProblem(target);
  if (problem !== null) return { target, requestId: '', status: 'failed', detail: problem };
  const lane = mailbox.toLowerCase();
  const path = `/users/${seg(lane)}/messages/${seg(message)}${query({ $select: STATE_FIELDS })}`;
  const [bin, replies] = await Promise.all([
    bins(lane),
    batcher.send(lane, [{ operation: 'read', method: 'GET', path }]),
  ]);
  return reading(target, bin, replies[0]);
}

function reading(target: Target, bin: Bin, reply: InnerReply | undefined): Reading {
  if (!reply) return { target, requestId: '', status: 'failed', detail: 'no answer' };
  const { requestId } = reply;
  const answer = answerOf(reply, 'read');
  if (answer.status !== 'ok') return { target, requestId, ...answer };
  const message = WireMessage.safeParse(reply.kind === 'answer' ? reply.body : null).data;
  if (!message) return { target, requestId, status: 'failed', detail: 'the answer has an unknown shape' };
  if (!bin.known) return { target, requestId, ...withoutBin(bin.why) };
  const { internetMessageId, parentFolderId: folderId } = message;
  return {
    target,
    requestId,
    status: 'ok',
    state: {
      internetMessageId: internetMessageId ?? null,
      sender: senderOf(message),
      folderId,
      inRecoverableItems: folderId === bin.id,
      ...marksOf(message),
    },
  };
}

/** Without it nobody can say whether the user still sees the message, and a guess would be a false proof. */
function withoutBin(why: InnerReply) {
  const answer = answerOf(why, 'read');
  if (answer.status === 'throttled' || answer.status === 'denied') return answer;
  const detail = 'detail' in answer ? answer.detail : 'the answer has an unknown shape';
  return { status: 'failed' as const, detail: `Recoverable Items: ${detail}` };
}
