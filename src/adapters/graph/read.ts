import type { Target } from '../../core/find/plan.ts';
import type { HowToRead, MessageState, Reading } from '../../ports/reader.ts';
import { query, seg } from '../microsoft/client.ts';
import { type InnerReply, readingOf, targetProblem } from './answer.ts';
import type { Batcher } from './batch.ts';
import type { Bin, Place, Places } from './places.ts';
import { marksOf, STATE_FIELDS, senderOf, WireMessage } from './wire.ts';

/** One message where it is now; 'absent' where nobody but a legal hold can reach it. */
export async function readOne(
  batcher: Batcher,
  places: Places,
  { mailbox, message }: Target,
  how: Told = {},
): Promise<Reading> {
  const target = { mailbox, message };
  const problem = targetProblem(target);
  if (problem !== null) return { target, requestId: '', status: 'failed', detail: problem };
  const lane = mailbox.toLowerCase();
  const path = `/users/${seg(lane)}/messages/${seg(message)}${query({ $select: STATE_FIELDS })}`;
  const [bin, reply] = await Promise.all([
    places.bin(lane),
    batcher.send(lane, { operation: 'read', method: 'GET', path }),
  ]);
  const found = reading(target, bin, reply);
  if (found.status !== 'ok' || found.state.inRecoverableItems || !bin.known) return found;
  const here =
    bin.root === null ? found : unlessPurged(found, await places.place(lane, found.state.folderId, bin.root));
  return here.status === 'ok' ? withPlaces(places, lane, here, how) : here;
}

export type Told = Pick<HowToRead, 'deletedFolders' | 'junk'>;
type Seen = Extract<Reading, { readonly status: 'ok' }>;

/** With what was asked about the folder of a message outside Recoverable Items. */
export async function withPlaces(places: Places, lane: string, seen: Seen, how: Told): Promise<Reading> {
  const here = how.junk ? await withJunk(places, lane, seen) : seen;
  return how.deletedFolders && here.status === 'ok' ? withDeletedFolder(places, lane, here) : here;
}

async function withJunk(places: Places, lane: string, here: Seen): Promise<Reading> {
  const { target, requestId, state } = here;
  const known = await places.junk(lane);
  if (!known.known) return { target, requestId, ...unknowable('Junk Email', known.why) };
  const junk = known.id === null ? 'none' : known.id === state.folderId ? 'inside' : 'outside';
  return { ...here, state: { ...state, junk } };
}

async function withDeletedFolder(places: Places, lane: string, here: Seen): Promise<Reading> {
  const folderDeleted = await places.isDeleted(lane, here.state.folderId);
  const { target, requestId } = here;
  return typeof folderDeleted === 'boolean'
    ? { ...here, state: { ...here.state, folderDeleted } }
    : { target, requestId, ...unknowable('the folder of the message', folderDeleted.why) };
}

function reading(target: Target, bin: Bin, reply: InnerReply): Reading {
  const { requestId } = reply;
  const answer = readingOf(reply);
  if (answer.status !== 'ok') return { target, requestId, ...answer };
  const message = WireMessage.safeParse(reply.kind === 'answer' ? reply.body : null).data;
  if (!message) return { target, requestId, status: 'failed', detail: 'the answer has an unknown shape' };
  if (!bin.known) return { target, requestId, ...unknowable('Recoverable Items', bin.why) };
  return { target, requestId, status: 'ok', state: stateOf(message, message.parentFolderId === bin.id) };
}

export function stateOf(message: WireMessage, inRecoverableItems: boolean): MessageState {
  const { internetMessageId, parentFolderId: folderId } = message;
  return {
    internetMessageId: internetMessageId ?? null,
    sender: senderOf(message),
    folderId,
    inRecoverableItems,
    ...marksOf(message),
  };
}

/** To say "the user sees it" of a message that was destroyed would be as false as the opposite. */
function unlessPurged(found: Reading, place: Place): Reading {
  const { target, requestId } = found;
  if (place === 'outside') return found;
  if (place !== 'beyond') return { target, requestId, ...unknowable('the folder of the message', place.why) };
  const detail = 'in a part of Recoverable Items that only a hold can reach';
  return { target, requestId, status: 'absent', detail, beyond: true };
}

/** Without it nobody can say whether the user still sees the message, and a guess would be a false proof. */
function unknowable(what: string, why: InnerReply) {
  const answer = readingOf(why);
  if (answer.status === 'throttled' || answer.status === 'denied') return answer;
  const detail = 'detail' in answer ? answer.detail : 'the answer has an unknown shape';
  return { status: 'failed' as const, detail: `${what}: ${detail}` };
}
