import type { Term } from '../../core/lease.ts';
import type { Ability } from '../../ports/ability.ts';
import type { Effect, EffectAnswer, Effects, Ordered, PutBackOrder } from '../../ports/effects.ts';
import type { GraphClient, GraphReply, Observed } from '../microsoft/client.ts';
import { isGuid, isMailAddress } from '../microsoft/ids.ts';
import { errorCode, retryAfterMs } from '../microsoft/said.ts';
import { TimeIsUp, TransportError } from '../microsoft/transport-error.ts';
import { inOrders, type Named } from './orders.ts';
import type { UnderWay } from './under-way.ts';

/**
 * Takes mail out of mailboxes and puts it back through Defender: one order for many mails, taken on and not done
 * (learn.microsoft.com/graph/api/security-analyzedemail-remediate). Needs SecurityAnalyzedMessage.ReadWrite.All alone.
 */

export interface RemediateTools {
  readonly client: GraphClient;
  readonly clock: () => number;
  readonly observe: (event: Observed) => void;
  readonly underWay: UnderWay;
  readonly offered: Ability;
}

type RemediationAction = 'softDelete' | 'hardDelete' | 'moveToJunk' | 'moveToInbox';

/** Where Defender tells it to be when it is done. */
export const GOALS: Readonly<Record<RemediationAction, string>> = {
  softDelete: 'deletedFolder',
  hardDelete: 'deletedFolder',
  moveToJunk: 'junkFolder',
  moveToInbox: 'inbox_folder',
};
const REMEDIATE = '/security/collaboration/analyzedEmails/remediate';
const OPERATION = 'remediate';
const NO_MARKS = 'Defender sets no marks: that can only be done in the mailbox';
/** When no token or no connection could be had. */
const UNSENT_WAIT_MS = 30_000;
/** Fifty are under way: one of them has to end first. */
const FULL_WAIT_MS = 15_000;
/** Statuses after which it may have been taken on all the same. */
const UNKNOWN_EFFECT = new Set([408, 500, 502, 504]);
const BUSY = new Set([429, 503]);

export function remediations(tools: RemediateTools): Effects {
  const order = (action: RemediationAction) => (targets: readonly Ordered[], term?: Term) =>
    orderAll(tools, action, targets, term);
  return {
    can: {
      softDelete: tools.offered,
      hardDelete: tools.offered,
      toJunk: tools.offered,
      putBack: tools.offered,
      mark: { no: NO_MARKS },
    },
    softDelete: order('softDelete'),
    hardDelete: order('hardDelete'),
    toJunk: order('moveToJunk'),
    putBack: async (orders: readonly PutBackOrder[], term) => {
      // What is back already was put there by an earlier order, or by somebody else.
      const out = orders.filter(({ moved }) => !moved);
      const answers = new Map((await order('moveToInbox')(out, term)).map((one) => [one.target, one]));
      return orders.map((one) => answers.get(one) ?? { target: one, requestId: '', status: 'done' });
    },
    mark: async (orders) => orders.map((target) => refusal(target, NO_MARKS)),
  };
}

async function orderAll(
  tools: RemediateTools,
  action: RemediationAction,
  targets: readonly Ordered[],
  term: Term | undefined,
): Promise<readonly Effect[]> {
  const answers = new Map<Ordered, Effect>();
  const named = targets.filter((target): target is Named => problemWith(target) === null);
  let waits: EffectAnswer | null = null;
  for (const mails of inOrders(named)) {
    // What was told to wait is not asked for again with the next order.
    const sent: Sent = waits ? { answer: waits, requestId: '' } : await send(tools, action, mails, term);
    if (sent.answer.status === 'throttled') waits = sent.answer;
    for (const target of mails) answers.set(target, { target, requestId: sent.requestId, ...sent.answer });
  }
  return targets.map((target) => answers.get(target) ?? refusal(target, problemWith(target) ?? 'not asked'));
}

function refusal(target: Ordered, detail: string): Effect {
  return { target, requestId: '', status: 'refused', why: 'failed', detail };
}

/** Why Defender cannot be asked about it; null when it can. */
function problemWith({ via }: Ordered): string | null {
  if (!via) return 'Defender has no name for it';
  if (!isGuid(via.networkMessageId)) return 'not a network message id';
  return isMailAddress(via.recipient) ? null : 'not a mail address';
}

interface Sent {
  readonly answer: EffectAnswer;
  readonly requestId: string;
}

/** Once: whatever comes of it is for others to look at. */
async function send(
  { client, clock, observe, underWay }: RemediateTools,
  action: RemediationAction,
  mails: readonly Named[],
  term: Term | undefined,
): Promise<Sent> {
  if (underWay.isFull()) return { answer: { status: 'throttled', waitMs: FULL_WAIT_MS }, requestId: '' };
  const startedAt = clock();
  const seen = (status: number) => observe({ operation: OPERATION, status, ms: clock() - startedAt });
  try {
    const reply = await client.post(REMEDIATE, bodyOf(action, mails), term, { operation: OPERATION, changes: true });
    seen(reply.status);
    const answer = answerIn(reply, clock());
    if (answer.status === 'accepted' || answer.status === 'unknown') underWay.begun(mails, GOALS[action]);
    return { answer, requestId: reply.requestId };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    if (!(error instanceof TimeIsUp)) seen(0);
    if (error.sent) underWay.begun(mails, GOALS[action]);
    return { answer: unanswered(error), requestId: '' };
  }
}

function bodyOf(action: RemediationAction, mails: readonly Named[]) {
  return {
    displayName: mails[0]?.via.order ?? 'Clawback',
    description: 'Ordered by Clawback for people who approved it; its own record says who.',
    severity: 'medium',
    action,
    remediateSendersCopy: false,
    analyzedEmails: mails.map(({ via }) => ({
      networkMessageId: via.networkMessageId.toLowerCase(),
      recipientEmailAddress: via.recipient,
    })),
  };
}

function answerIn({ status, body, headers }: GraphReply, now: number): EffectAnswer {
  const detail = `${status} ${errorCode(body)}`.trim();
  // 409: an order for the same is known there already. What came of it is seen, or is not.
  if ((status >= 200 && status < 300) || status === 409) return { status: 'accepted' };
  if (BUSY.has(status)) return { status: 'throttled', waitMs: retryAfterMs(headers.get('retry-after'), now) };
  if (UNKNOWN_EFFECT.has(status)) return { status: 'unknown', detail };
  return { status: 'refused', why: status === 401 || status === 403 ? 'denied' : 'failed', detail };
}

function unanswered(error: TransportError): EffectAnswer {
  if (error instanceof TimeIsUp) return { status: 'unsent', detail: error.message };
  return error.sent ? { status: 'unknown', detail: error.message } : { status: 'throttled', waitMs: UNSENT_WAIT_MS };
}
