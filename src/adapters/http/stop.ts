import { z } from 'zod';
import { deliveriesTo } from './intake.ts';
import { sendJson, sendProblem } from './problem.ts';
import type { Handler } from './server.ts';

export interface StopTenant {
  readonly name: string;
  /** The intake secrets: whoever may report mail may also say that something is wrong. Nobody can lift a stop with them. */
  readonly secrets: readonly string[];
  /** Answers whether it was this call that stopped it. */
  readonly stop: (reason: string) => Promise<boolean>;
}

const Body = z.strictObject({ reason: z.string().trim().min(1).max(300) });

/** `POST /intake/stop`, signed like an alert: `{ "reason": "…" }`. A repeated delivery finds it stopped already. */
export function stopRoute(tenants: readonly StopTenant[]): Handler {
  const verified = deliveriesTo(tenants);
  return async (req, res) => {
    const delivery = await verified(req);
    if ('status' in delivery) {
      sendProblem(res, delivery);
      return delivery.title;
    }
    const body = Body.safeParse(json(delivery.body));
    if (!body.success) {
      const issue = body.error.issues[0];
      const field = issue?.path.join('.') || 'the body';
      const title = 'The stop does not have the documented shape';
      sendProblem(res, {
        status: 422,
        type: 'invalid-stop',
        title,
        detail: `${field}: ${issue?.message ?? 'invalid'}`,
      });
      return title;
    }
    const stopped = await delivery.tenant.stop(body.data.reason);
    sendJson(res, 200, { tenant: delivery.tenant.name, stopped });
    return null;
  };
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return null;
  }
}
