import { readAlert, type ToldAlert } from '../../core/find/alert-reader.ts';
import type { Delivery } from '../../core/find/source.ts';
import { deliveriesTo, REUSED, type SigningSource } from './delivery.ts';
import { type Limits, sendTooManyRefused } from './limits.ts';
import { type Problem, sendJson, sendProblem } from './problem.ts';
import type { SignedHandler } from './server.ts';

/** Far above any alert we accept; checked before anything is parsed. */
export const MAX_ALERT_BYTES = 4 * 1024 * 1024;

export type TakeAlert = (
  alert: ToldAlert,
  delivery: Delivery,
) => Promise<
  | { readonly kind: 'accepted' | 'replayed'; readonly incident: string | null; readonly created: boolean }
  | { readonly kind: 'reused'; readonly incident: string | null }
>;

export interface IntakeTenant {
  readonly name: string;
  readonly sources: readonly SigningSource[];
  readonly take: TakeAlert;
}

/**
 * `POST /intake/alerts`, signed after Standard Webhooks over the raw bytes. Answers 202 only when the alert is durable,
 * and the same delivery again with what it was told first. Returns the code of a refusal for the security log, or null.
 */
export function createIntake(tenants: readonly IntakeTenant[], limits: Limits | null = null): SignedHandler {
  const verified = deliveriesTo(tenants, MAX_ALERT_BYTES);
  return async (req, res, wait = null) => {
    const refuse = (problem: Problem): string => {
      sendProblem(res, problem);
      return problem.type;
    };
    const delivered = await verified(req);
    if ('status' in delivered) return wait === null ? refuse(delivered) : sendTooManyRefused(res, wait);
    const { tenant, bytes, delivery } = delivered;
    const rest = (await limits?.alert(tenant.name, delivery.source.name, delivery.id)) ?? null;
    if (rest !== null) {
      res.setHeader('retry-after', String(rest));
      return refuse({ ...TOO_MANY, detail: `Send the same delivery again in ${rest} s.` });
    }
    const alert = parseAlert(bytes, delivery.id);
    if ('status' in alert) return refuse(alert);
    const receipt = await tenant.take(alert.alert, delivery);
    if (receipt.kind === 'reused') return refuse({ ...REUSED, incident: receipt.incident });
    sendJson(res, 202, { incident: receipt.incident, created: receipt.created });
    return receipt.kind === 'replayed' ? 'replayed' : null;
  };
}

const TOO_MANY: Problem = { status: 429, type: 'too-many', title: 'Too many alerts', detail: '' };

/** One odd field never costs the alert: only where nothing is left to work with is it refused. */
function parseAlert(body: Buffer, id: string): { readonly alert: ToldAlert } | Problem {
  let data: unknown;
  try {
    data = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return { status: 400, type: 'not-json', title: 'The body is not JSON', detail: 'Send one alert as a JSON object.' };
  }
  const read = readAlert(data, { now: new Date().toISOString(), id });
  if ('alert' in read)
    return { alert: { ...read.alert, unreadablePeople: read.unreadablePeople, leftOut: read.leftOut } };
  return {
    status: 422,
    type: 'invalid-alert',
    title: 'Nothing in the alert can be used',
    detail: read.problems
      .map(({ field, problem }) => `${field}: ${problem}`)
      .join('; ')
      .slice(0, 1_000),
    errors: read.problems,
  };
}
