import type { IncomingMessage } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { readAlert, type ToldAlert } from '../../core/alert-reader.ts';
import type { Source } from '../../core/source.ts';
import { readBody } from './body.ts';
import type { Limits } from './limits.ts';
import { type Problem, sendJson, sendProblem } from './problem.ts';
import type { Handler } from './server.ts';

/** Far above any alert we accept; checked before anything is parsed. */
export const MAX_ALERT_BYTES = 2 * 1024 * 1024;
/** The specification allows several signatures for rotation; a thousand in one header are an attack. */
const MAX_SIGNATURES = 5;

export type TakeAlert = (
  alert: ToldAlert,
  delivery: { readonly source: Source; readonly id: string },
) => Promise<
  | { readonly kind: 'accepted'; readonly incident: string; readonly created: boolean }
  | { readonly kind: 'replayed'; readonly incident: string | null }
>;

export interface IntakeTenant {
  readonly name: string;
  /** Standard Webhooks secrets; the one that verifies a delivery also names its tenant. */
  readonly secrets: readonly string[];
  /** Whoever holds one of the secrets. */
  readonly source: Source;
  readonly take: TakeAlert;
}

/**
 * `POST /intake/alerts`, signed after Standard Webhooks over the raw bytes. Answers 202 only when the alert is durable.
 * Returns the reason of a refusal for the security log, or null.
 */
export function createIntake(tenants: readonly IntakeTenant[], limits: Limits | null = null): Handler {
  const verified = deliveriesTo(tenants);
  return async (req, res) => {
    const refuse = (problem: Problem): string => {
      sendProblem(res, problem);
      return problem.title;
    };
    const delivery = await verified(req);
    if ('status' in delivery) return refuse(delivery);
    const { tenant, body, id } = delivery;
    const wait = (await limits?.alert(tenant.name)) ?? null;
    if (wait !== null) {
      res.setHeader('retry-after', String(wait));
      return refuse({ ...PROBLEMS.tooMany, detail: `Send the same delivery again in ${wait} s.` });
    }
    const alert = parseAlert(body, id);
    if ('status' in alert) return refuse(alert);
    const receipt = await tenant.take(alert.alert, { source: tenant.source, id });
    if (receipt.kind === 'replayed') return refuse({ ...PROBLEMS.replayed, incident: receipt.incident });
    sendJson(res, 202, { incident: receipt.incident, created: receipt.created });
    return null;
  };
}

export interface Delivery<T> {
  readonly tenant: T;
  readonly body: Buffer;
  /** Of the delivery: the sender's own, the same when it is sent again. */
  readonly id: string;
}

/** A signed delivery and the tenant that its secret names; a problem where it is not one. */
export function deliveriesTo<T extends { readonly secrets: readonly string[] }>(
  tenants: readonly T[],
): (req: IncomingMessage) => Promise<Delivery<T> | Problem> {
  const keys = tenants.flatMap((tenant) => tenant.secrets.map((secret) => ({ tenant, webhook: new Webhook(secret) })));
  return async (req) => {
    const headers = deliveryHeaders(req);
    if (typeof headers === 'string') return { ...PROBLEMS.unsigned, detail: headers };
    const body = await readBody(req, MAX_ALERT_BYTES);
    if (!body) return PROBLEMS.tooLarge;
    const tenant = keys.find(({ webhook }) => verifies(webhook, body, headers))?.tenant;
    return tenant ? { tenant, body, id: headers['webhook-id'] } : PROBLEMS.badSignature;
  };
}

const PROBLEMS = {
  tooLarge: {
    status: 413,
    type: 'too-large',
    title: 'The alert is too large',
    detail: `At most ${MAX_ALERT_BYTES} bytes are taken.`,
  },
  unsigned: { status: 401, type: 'unsigned', title: 'The delivery is not signed', detail: '' },
  badSignature: {
    status: 401,
    type: 'bad-signature',
    title: 'The signature does not verify',
    detail:
      'Sign id, timestamp and the raw body with a current secret (Standard Webhooks); clocks may differ by 5 minutes.',
  },
  tooMany: { status: 429, type: 'too-many', title: 'Too many alerts', detail: '' },
  replayed: {
    status: 409,
    type: 'replayed',
    title: 'This delivery was taken before',
    detail: 'Its webhook-id has been seen. Nothing was done again.',
  },
} as const satisfies Record<string, Problem>;

type DeliveryHeaders = { 'webhook-id': string; 'webhook-timestamp': string; 'webhook-signature': string };

function deliveryHeaders(req: IncomingMessage): DeliveryHeaders | string {
  const read = (name: string) => String(req.headers[name] ?? '');
  const id = read('webhook-id');
  const timestamp = read('webhook-timestamp');
  const signature = read('webhook-signature');
  if (!/^[\x21-\x7e]{1,200}$/.test(id)) return 'The header webhook-id is missing or not 1 to 200 visible characters.';
  // The library would accept `<unix>abc` as a timestamp.
  if (!/^\d{9,12}$/.test(timestamp)) return 'The header webhook-timestamp is missing or not in Unix seconds.';
  const signatures = signature.split(' ').filter((part) => part !== '');
  if (signatures.length === 0 || signatures.length > MAX_SIGNATURES) {
    return `The header webhook-signature must hold 1 to ${MAX_SIGNATURES} signatures.`;
  }
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
}

function verifies(webhook: Webhook, body: Buffer, headers: DeliveryHeaders): boolean {
  try {
    webhook.verify(body, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}

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
