import type { Target } from '../../core/plan.ts';
import type { Answer, Effect, Lookup, Mail, MarkOrder, PutBackOrder, Wanted } from '../../ports/mail.ts';
import { answerOf, type InnerReply, isGraphId, noMailbox, targetProblem } from './answer.ts';
import { createBatcher, type InnerRequest, type Observed } from './batch.ts';
import { createGraphClient, seg } from './client.ts';
import { hunt, nothingFrom } from './hunt.ts';
import { lookInto } from './locate.ts';
import { createPlaces } from './places.ts';
import { readOne } from './read.ts';

export interface GraphMailOptions {
  /** Origin of Microsoft Graph, such as https://graph.microsoft.com. http only on this machine. */
  readonly baseUrl: string;
  readonly token: (claims?: string) => Promise<string>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Fresh GUIDs: each request, also inside a batch, carries one as `client-request-id`. */
  readonly ids: () => string;
  readonly sleep: (ms: number) => Promise<void>;
  /** False: the tenant is known to have no advanced hunting, so it is not asked. */
  readonly hunting: boolean;
  readonly observe?: (event: Observed) => void;
  /** How often `locate` waits for one throttled request. Default 8. */
  readonly locateRounds?: number;
  /** How long one mailbox may keep the others waiting while copies are looked for. Default 20 s. */
  readonly patienceMs?: number;
  /** Per HTTP request. Default 30 s. */
  readonly timeoutMs?: number;
}

const LOCATE_ROUNDS = 8;
const PATIENCE_MS = 20_000;
/** Somebody waits for the plan: what hunting would add comes later. */
const HUNT_MS = 20_000;
const HUNT_WAIT_MS = 10_000;
/** Nobody waits. The service itself ends a query after three minutes [learn: advanced hunting quotas]. */
const LONG_HUNT_WAIT_MS = 120_000;
const LONG_HUNT_MS = 190_000;

/**
 * Mailboxes of one tenant through Microsoft Graph. Writes are sent once. Throws ClawbackError 'config' for a base URL
 * that is no https origin; after that nothing that Graph says makes it throw.
 */
export function createMail(options: GraphMailOptions): Mail {
  const { clock, ids, sleep, observe = () => {} } = options;
  const client = createGraphClient(options);
  const batcher = createBatcher({ client, clock, ids, observe });
  const places = createPlaces(batcher);
  const hunting = { clock, observe, sleep };
  const within = (timeoutMs: number) => createGraphClient({ ...options, timeoutMs });
  const huntingNow = { ...hunting, client: within(options.timeoutMs ?? HUNT_MS), longestWaitMs: HUNT_WAIT_MS };
  const huntingInTime = { ...hunting, client: within(LONG_HUNT_MS), longestWaitMs: LONG_HUNT_WAIT_MS };
  const locating = {
    batcher,
    sleep,
    clock,
    rounds: options.locateRounds ?? LOCATE_ROUNDS,
    patienceMs: options.patienceMs ?? PATIENCE_MS,
    origin: client.origin,
  };

  /** Requests that belong together, about one message; `judge` says what their answers mean. */
  async function act(
    target: Target,
    requests: readonly InnerRequest[],
    judge: (replies: readonly InnerReply[]) => Answer,
  ): Promise<Effect> {
    const replies = await batcher.send(target.mailbox.toLowerCase(), requests);
    return { target, requestId: replies[0]?.requestId ?? '', ...judge(replies) };
  }

  async function locateOne(address: string, wanted: Wanted): Promise<Lookup> {
    const lookup = await lookInto(locating, address, wanted);
    // A search never finds anything below Recoverable Items: these folders need not be asked about again.
    for (const { folderId } of lookup.messages) places.isOutside(lookup.mailbox?.id ?? '', folderId);
    return lookup;
  }

  async function putBackOne(order: PutBackOrder): Promise<Effect> {
    const target = targetOf(order);
    const problem = targetProblem(target) ?? (isGraphId(order.folderId) ? null : 'not a folder id');
    if (problem !== null) return refused(target, problem);
    let folderGone = false;
    const effect = await act(target, [move(target, order.folderId), restoreMarks(order)], (replies) => {
      folderGone = isFolderGone(replies[0]);
      return putBackAnswer(replies);
    });
    if (!folderGone) return effect;
    // A missing message and a missing folder answer alike; in the Inbox only a missing message still fails.
    return act(target, [move(target, 'inbox'), restoreMarks(order)], putBackAnswer);
  }

  async function once(target: Target, request: (target: Target) => InnerRequest): Promise<Effect> {
    const problem = targetProblem(target);
    return problem === null ? act(target, [request(target)], firstAnswer) : refused(target, problem);
  }

  return {
    hunt: async (key, patience = 'short') =>
      options.hunting ? hunt(patience === 'short' ? huntingNow : huntingInTime, key) : nothingFrom('off'),
    locate: (addresses, wanted) => Promise.all(addresses.map((address) => locateOne(address, wanted))),
    read: (targets) => Promise.all(targets.map((target) => readOne(batcher, places, target))),
    softDelete: (targets) =>
      Promise.all(targets.map((target) => once(targetOf(target), (it) => move(it, 'recoverableitemsdeletions')))),
    hardDelete: (targets) => Promise.all(targets.map((target) => once(targetOf(target), permanentDelete))),
    mark: (orders) => Promise.all(orders.map((order) => once(targetOf(order), () => setMarks(order)))),
    putBack: (orders) => Promise.all(orders.map(putBackOne)),
  };
}

function targetOf({ mailbox, message }: Target): Target {
  return { mailbox, message };
}

function refused(target: Target, detail: string): Effect {
  return { target, requestId: '', status: 'failed', detail };
}

function messagePath({ mailbox, message }: Target): string {
  return `/users/${seg(mailbox.toLowerCase())}/messages/${seg(message)}`;
}

function move(target: Target, destinationId: string): InnerRequest {
  return { operation: 'move', method: 'POST', path: `${messagePath(target)}/move`, body: { destinationId } };
}

function permanentDelete(target: Target): InnerRequest {
  return { operation: 'permanentDelete', method: 'POST', path: `${messagePath(target)}/permanentDelete`, body: {} };
}

/** Categories and flag only: from 2026-12-31 Graph refuses changes to subject, body or recipients of received mail. */
function setMarks(order: MarkOrder): InnerRequest {
  const { categories, flag } = order;
  const body = flag === null ? { categories } : { categories, flag: { flagStatus: flag } };
  return { operation: 'mark', method: 'PATCH', path: messagePath(order), body };
}

function restoreMarks(order: PutBackOrder): InnerRequest {
  const { isRead, flag, categories } = order;
  const body = { isRead, flag: { flagStatus: flag }, categories };
  return { operation: 'mark', method: 'PATCH', path: messagePath(order), body };
}

function firstAnswer([reply]: readonly InnerReply[]): Answer {
  return reply ? answerOf(reply, 'write') : { status: 'lost', detail: 'no answer' };
}

function isFolderGone(reply: InnerReply | undefined): boolean {
  return reply?.kind === 'answer' && reply.status === 404 && !noMailbox(reply.code);
}

/** Moved but not marked is never `throttled` or `absent`: something was done, and only a new reading tells what. */
function putBackAnswer([moved, marked]: readonly InnerReply[]): Answer {
  const first = firstAnswer(moved ? [moved] : []);
  if (first.status !== 'ok') return first;
  const second = firstAnswer(marked ? [marked] : []);
  if (second.status === 'ok') return second;
  const why = 'detail' in second ? second.detail : 'throttled';
  const detail = `moved back, but read state and marks are not confirmed: ${why}`;
  return { status: second.status === 'throttled' || second.status === 'lost' ? 'lost' : 'failed', detail };
}
