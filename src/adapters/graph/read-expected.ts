import { type Target, targetKey } from '../../core/find/plan.ts';
import type { Expected, HowToRead, Reading } from '../../ports/reader.ts';
import { query, seg } from '../microsoft/client.ts';
import { isGuid, isMessageId } from '../microsoft/ids.ts';
import { type InnerReply, isFine, mailboxProblem, readingOf, transient } from './answer.ts';
import type { Batcher, InnerRequest } from './batch.ts';
import { filtersFor } from './message-filter.ts';
import type { Places } from './places.ts';
import { readOne, stateOf, withPlaces } from './read.ts';
import { MessagePage, STATE_FIELDS, type WireMessage } from './wire.ts';

/** A mailbox holds one or two messages with the same Message-ID; whatever is beyond this is read by its id. */
const PAGE_SIZE = '50';

/**
 * Reads messages where they should be by one question for each mailbox: what is listed there lies there, and nobody has to ask
 * what folder it is in. What is not listed is read by its id: it may be anywhere.
 */
export async function readExpected(
  batcher: Batcher,
  places: Places,
  targets: readonly Target[],
  how: HowToRead & { readonly expected: Expected },
): Promise<readonly Reading[]> {
  const byMailbox = Map.groupBy(targets, ({ mailbox }) => mailbox.toLowerCase());
  const readings = await Promise.all([...byMailbox].map(([lane, own]) => readMailbox(batcher, places, lane, own, how)));
  const found = new Map(readings.flat().map((reading) => [targetKey(reading.target), reading]));
  return targets.flatMap((target) => found.get(targetKey(target)) ?? []);
}

async function readMailbox(
  batcher: Batcher,
  places: Places,
  lane: string,
  targets: readonly Target[],
  { expected, ...how }: HowToRead & { readonly expected: Expected },
): Promise<readonly Reading[]> {
  const byItsId = (target: Target) => readOne(batcher, places, target, how);
  const question = questionFor(lane, expected);
  if (question === null) return Promise.all(targets.map(byItsId));
  const reply = await batcher.send(lane, question);
  const messages = listedIn(reply);
  if (messages === null)
    // What the mailbox says of itself it would say of each of its messages again.
    return isOfTheMailbox(reply) ? targets.map((one) => refused(one, reply)) : Promise.all(targets.map(byItsId));
  const inBin = expected.in === 'bin';
  if (!inBin) for (const { parentFolderId } of messages) places.isOutside(lane, parentFolderId);
  const isAsked = new Set(targets.map(({ message }) => message));
  const others = messages.filter(({ id, isDraft }) => !isAsked.has(id) && isDraft !== true).map(({ id }) => id);
  // Of a part of what users see is not told what lies beside it.
  const beside = expected.in === 'sight' ? { beside: others } : {};
  const byId = new Map(messages.map((message) => [message.id, message]));
  const read = async ({ mailbox, message }: Target): Promise<Reading> => {
    const here = byId.get(message);
    if (!here) return byItsId({ mailbox, message });
    const { requestId } = reply;
    const seen = { target: { mailbox, message }, requestId, status: 'ok', state: stateOf(here, inBin) } as const;
    if (inBin) return seen;
    if (expected.in === 'sight') return withPlaces(places, lane, seen, how);
    const inJunk = { ...seen, state: { ...seen.state, junk: 'inside' } } as const;
    return withPlaces(places, lane, inJunk, { ...how, junk: false });
  };
  return Promise.all(targets.map(async (target) => ({ ...(await read(target)), ...beside })));
}

/** Well-known names, whatever the folders are called there [learn.microsoft.com/graph/api/resources/mailfolder]. */
const WITHIN: Readonly<Record<Expected['in'], string>> = {
  sight: '',
  junk: '/mailFolders/junkemail',
  bin: '/mailFolders/recoverableitemsdeletions',
};

/** Null where one question does not tell it. */
function questionFor(lane: string, { internetMessageIds, in: where }: Expected): InnerRequest | null {
  const [filter, ...more] = filtersFor([...new Set(internetMessageIds)].filter(isMessageId));
  if (filter === undefined || more.length > 0 || !isGuid(lane)) return null;
  const asked = query({ $filter: filter, $select: STATE_FIELDS, $top: PAGE_SIZE });
  return { operation: 'search', method: 'GET', path: `/users/${seg(lane)}${WITHIN[where]}/messages${asked}` };
}

function listedIn(reply: InnerReply): readonly WireMessage[] | null {
  if (reply.kind !== 'answer' || !isFine(reply.status)) return null;
  return MessagePage.safeParse(reply.body).data?.value ?? null;
}

/** Not of the question: a folder that is not there yet, or a filter that is not taken, says nothing of a message. */
function isOfTheMailbox(reply: InnerReply): boolean {
  if (reply.kind !== 'answer') return true;
  return (
    reply.status === 403 || transient(reply.status) || (reply.status === 404 && mailboxProblem(reply.code) !== null)
  );
}

function refused({ mailbox, message }: Target, reply: InnerReply): Reading {
  const said = readingOf(reply);
  const { requestId } = reply;
  const target = { mailbox, message };
  return said.status === 'ok'
    ? { target, requestId, status: 'failed', detail: 'no answer' }
    : { target, requestId, ...said };
}
