import { z } from 'zod';
import type { Delivery } from '../../core/find/source.ts';
import type { Push, Refused } from '../../ports/source.ts';
import { deliveriesTo, type SigningSource } from './delivery.ts';
import { sendTooManyRefused } from './limits.ts';
import { sendAnswer, sendJson, sendProblem } from './problem.ts';
import type { SignedHandler } from './server.ts';

export interface StopTenant {
  readonly name: string;
  /** Whoever may report mail may also say that something is wrong. Nobody can lift a stop with their secrets. */
  readonly sources: readonly SigningSource[];
  /** `stopped`: whether it was this call that stopped it. */
  readonly stop: (
    reason: string,
    delivery: Delivery,
  ) => Promise<{ readonly kind: 'accepted' | 'replayed'; readonly stopped: boolean } | { readonly kind: 'reused' }>;
}

const MAX_STOP_BYTES = 8_192;
const INVALID = 'invalid-stop';
const Body = z.strictObject({ reason: z.string().trim().min(1).max(300) });

/** `POST /intake/stop`, signed like an alert: `{ "reason": "…" }`. A repeated delivery does nothing again. */
export function stopRoute(push: Push, tenants: readonly StopTenant[]): SignedHandler {
  const verified = deliveriesTo(push, tenants, MAX_STOP_BYTES);
  return async (req, res, wait = null) => {
    const refuse = (refused: Refused): string => {
      sendAnswer(res, push.answerBack.refused(refused));
      return refused.why;
    };
    const delivered = await verified(req);
    if ('why' in delivered) return wait === null ? refuse(delivered) : sendTooManyRefused(res, wait);
    const { tenant, bytes, delivery } = delivered;
    const body = Body.safeParse(json(bytes));
    if (!body.success) {
      const issue = body.error.issues[0];
      const field = issue?.path.join('.') || 'the body';
      const detail = `${field}: ${issue?.message ?? 'invalid'}`;
      sendProblem(res, { status: 422, type: INVALID, title: 'The stop does not have the documented shape', detail });
      return INVALID;
    }
    const receipt = await tenant.stop(body.data.reason, delivery);
    if (receipt.kind === 'reused') return refuse({ why: 'reused' });
    sendJson(res, 200, { tenant: tenant.name, stopped: receipt.stopped });
    return receipt.kind === 'replayed' ? 'replayed' : null;
  };
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return null;
  }
}
