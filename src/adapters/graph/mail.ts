import type { Term } from '../../core/lease.ts';
import type { Target } from '../../core/plan.ts';
import type { Effect, Lookup, Mail, Wanted } from '../../ports/mail.ts';
import { answerOf, type InnerReply, targetProblem } from './answer.ts';
import { createBatcher, type InnerRequest, type Observed } from './batch.ts';
import { createGraphClient } from './client.ts';
import { hunt, nothingFrom } from './hunt.ts';
import { lookInto } from './locate.ts';
import { createPlaces } from './places.ts';
import { putBackOne } from './put-back.ts';
import { readOne } from './read.ts';
import { move, permanentDelete, setMarks } from './requests.ts';

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

  const sendWithin =
    (term?: Term) =>
    async ({ mailbox }: Target, request: InnerRequest): Promise<InnerReply> => {
      const [reply] = await batcher.send(mailbox.toLowerCase(), [request], { term });
      return reply ?? { kind: 'lost', detail: 'no answer', requestId: '' };
    };

  async function locateOne(address: string, wanted: Wanted): Promise<Lookup> {
    const lookup = await lookInto(locating, address, wanted);
    // A search never finds anything below Recoverable Items: these folders need not be asked about again.
    for (const { folderId } of lookup.messages) places.isOutside(lookup.mailbox?.id ?? '', folderId);
    return lookup;
  }

  async function once(target: Target, request: (target: Target) => InnerRequest, term?: Term): Promise<Effect> {
    const problem = targetProblem(target);
    if (problem !== null) return { target, requestId: '', status: 'failed', detail: problem };
    const reply = await sendWithin(term)(target, request(target));
    return { target, requestId: reply.requestId, ...answerOf(reply, 'write') };
  }

  return {
    hunt: async (key, patience = 'short') =>
      options.hunting ? hunt(patience === 'short' ? huntingNow : huntingInTime, key) : nothingFrom('off'),
    locate: (addresses, wanted) => Promise.all(addresses.map((address) => locateOne(address, wanted))),
    read: (targets, how) => Promise.all(targets.map((target) => readOne(batcher, places, target, how?.deletedFolders))),
    softDelete: (targets, term) =>
      Promise.all(targets.map((target) => once(targetOf(target), (it) => move(it, 'recoverableitemsdeletions'), term))),
    hardDelete: (targets, term) => Promise.all(targets.map((target) => once(targetOf(target), permanentDelete, term))),
    mark: (orders, term) => Promise.all(orders.map((order) => once(targetOf(order), () => setMarks(order), term))),
    putBack: (orders, term) => Promise.all(orders.map((order) => putBackOne(sendWithin(term), order))),
  };
}

function targetOf({ mailbox, message }: Target): Target {
  return { mailbox, message };
}
