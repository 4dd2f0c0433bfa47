import type { Target } from '../../core/find/plan.ts';
import type { Term } from '../../core/lease.ts';
import type { Effect, Effects } from '../../ports/effects.ts';
import type { MailEvidence } from '../../ports/evidence.ts';
import type { Excerpts } from '../../ports/excerpts.ts';
import type { Lookup, Reader, Wanted } from '../../ports/reader.ts';
import type { RequestLog } from '../../ports/requests.ts';
import type { Observed } from '../microsoft/client.ts';
import { createGraphClient } from '../microsoft/client.ts';
import { cloudOf } from '../microsoft/clouds.ts';
import { effectOf, type InnerReply, targetProblem } from './answer.ts';
import { createBatcher, type InnerRequest } from './batch.ts';
import { createEvidence } from './evidence.ts';
import { createExcerpts } from './excerpts.ts';
import { createTurns, inTurns } from './in-turns.ts';
import { lookIntoAll, MAILBOXES_AT_ONCE, nameOf } from './locate.ts';
import { offeredIn } from './offered.ts';
import { patientReads } from './patient.ts';
import { createPlaces } from './places.ts';
import { putBackOne } from './put-back.ts';
import { readOne } from './read.ts';
import { readExpected } from './read-expected.ts';
import { move, permanentDelete, setMarks } from './requests.ts';

export interface MailboxOptions {
  /** Origin of Microsoft Graph, such as https://graph.microsoft.com. http only on this machine. */
  readonly baseUrl: string;
  readonly token: (claims?: string) => Promise<string>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Fresh GUIDs: each request, also inside a batch, carries one as `client-request-id`. */
  readonly ids: () => string;
  readonly sleep: (ms: number) => Promise<void>;
  readonly observe?: (event: Observed) => void;
  /** How often `locate` waits for one throttled request. Default 8. */
  readonly locateRounds?: number;
  /** How long one mailbox may keep the others waiting while copies are looked for. Default 20 s. */
  readonly patienceMs?: number;
  /** How long one mailbox may keep the others of a run waiting with one read. Default 8 s. */
  readonly readPatienceMs?: number;
  /** Per HTTP request. Default 30 s. */
  readonly timeoutMs?: number;
  /** Aborted when this process gives its work away. */
  readonly givenAway?: AbortSignal;
  /** Headers of exercises, lower case. Left out: where mail came from is not told. */
  readonly exerciseMarks?: readonly string[] | undefined;
  /** Where each request is written down before it leaves. */
  readonly requests?: RequestLog;
}

const LOCATE_ROUNDS = 8;
const PATIENCE_MS = 20_000;
const READ_PATIENCE_MS = 8_000;
const NAMES_AT_ONCE = 100;

/** Both keep to the same few requests at a time in one mailbox. */
export interface Mailboxes {
  readonly reader: Reader;
  readonly effects: Effects;
  readonly excerpts: Excerpts;
  readonly evidence: MailEvidence;
}

/**
 * Mailboxes of one tenant through Microsoft Graph. Writes are sent once. Throws ClawbackError 'config' for a base URL
 * that is no https origin; after that nothing that Graph says makes it throw.
 */
export function createMailboxes(options: MailboxOptions): Mailboxes {
  const { clock, ids, sleep, observe = () => {} } = options;
  const client = createGraphClient(options);
  const batcher = createBatcher({ client, clock, ids, observe });
  const reads = patientReads(batcher, clock, options.readPatienceMs ?? READ_PATIENCE_MS);
  const places = createPlaces(reads);
  const locating = {
    batcher,
    sleep,
    clock,
    rounds: options.locateRounds ?? LOCATE_ROUNDS,
    patienceMs: options.patienceMs ?? PATIENCE_MS,
    origin: client.origin,
    exerciseMarks: options.exerciseMarks ?? null,
    turns: createTurns(MAILBOXES_AT_ONCE),
  };

  const sendWithin =
    (term?: Term) =>
    ({ mailbox }: Target, request: InnerRequest): Promise<InnerReply> =>
      batcher.send(mailbox.toLowerCase(), request, { term });

  async function locate(addresses: readonly string[], wanted: Wanted): Promise<readonly Lookup[]> {
    const lookups = await lookIntoAll(locating, addresses, wanted);
    if (wanted.where === 'bin') return lookups;
    // Any other search never finds anything below Recoverable Items: these folders need not be asked about again.
    for (const { mailbox, messages } of lookups)
      for (const { folderId } of messages) places.isOutside(mailbox?.id ?? '', folderId);
    return lookups;
  }

  async function once(target: Target, request: (target: Target) => InnerRequest, term?: Term): Promise<Effect> {
    const problem = targetProblem(target);
    if (problem !== null) return { target, requestId: '', status: 'refused', why: 'failed', detail: problem };
    const reply = await sendWithin(term)(target, request(target));
    return { target, requestId: reply.requestId, ...effectOf(reply) };
  }

  const cloud = cloudOf(options.baseUrl);
  const can = (operation: Parameters<typeof offeredIn>[1]) => offeredIn(cloud, operation);
  const reader: Reader = {
    can: { locate: can('locate'), read: can('read') },
    locate,
    folderNames: (folders) => inTurns(NAMES_AT_ONCE, folders, (folder) => nameOf(locating, folder)),
    read: (targets, { expected, ...how } = {}) =>
      expected
        ? readExpected(reads, places, targets, { ...how, expected })
        : Promise.all(targets.map((target) => readOne(reads, places, target, how))),
  };
  const effects: Effects = {
    can: {
      softDelete: can('softDelete'),
      hardDelete: can('hardDelete'),
      toJunk: can('toJunk'),
      mark: can('mark'),
      putBack: can('putBack'),
    },
    softDelete: (targets, term) =>
      Promise.all(targets.map((target) => once(targetOf(target), (it) => move(it, 'recoverableitemsdeletions'), term))),
    hardDelete: (targets, term) => Promise.all(targets.map((target) => once(targetOf(target), permanentDelete, term))),
    toJunk: (targets, term) =>
      Promise.all(targets.map((target) => once(targetOf(target), (it) => move(it, 'junkemail'), term))),
    mark: (orders, term) => Promise.all(orders.map((order) => once(targetOf(order), () => setMarks(order), term))),
    putBack: (orders, term) => Promise.all(orders.map((order) => putBackOne(sendWithin(term), order))),
  };
  const evidence = createEvidence(batcher, { ...options, observe, origin: client.origin });
  return { reader, effects, excerpts: createExcerpts(batcher, clock), evidence };
}

function targetOf({ mailbox, message }: Target): Target {
  return { mailbox, message };
}
