import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Webhook } from 'standardwebhooks';
import type { Delivery, Source } from '../../core/find/source.ts';
import { readBody } from './body.ts';
import type { Problem } from './problem.ts';

/** The specification allows several signatures for rotation; a thousand in one header are an attack. */
const MAX_SIGNATURES = 5;

/** A source is who its secret says it is. */
export interface SigningSource {
  readonly source: Source;
  /** Standard Webhooks secrets; the one that verifies a delivery also names its tenant and its source. */
  readonly secrets: readonly string[];
}

export interface Delivered<T> {
  readonly tenant: T;
  readonly bytes: Buffer;
  readonly delivery: Delivery;
}

/** A delivery signed after Standard Webhooks over its raw bytes, and whose it is; a problem where it is not one. */
export function deliveriesTo<T extends { readonly sources: readonly SigningSource[] }>(
  tenants: readonly T[],
  maxBytes: number,
): (req: IncomingMessage) => Promise<Delivered<T> | Problem> {
  const keys = tenants.flatMap((tenant) =>
    tenant.sources.flatMap(({ source, secrets }) =>
      secrets.map((secret) => ({ tenant, source, webhook: new Webhook(secret) })),
    ),
  );
  return async (req) => {
    const headers = deliveryHeaders(req);
    if (typeof headers === 'string') return { ...PROBLEMS.unsigned, detail: headers };
    const bytes = await readBody(req, maxBytes);
    if (!bytes) return { ...PROBLEMS.tooLarge, detail: `At most ${maxBytes} bytes are taken.` };
    const key = keys.find(({ webhook }) => verifies(webhook, bytes, headers));
    if (!key) return PROBLEMS.badSignature;
    const body = createHash('sha256').update(bytes).digest('hex');
    return { tenant: key.tenant, bytes, delivery: { source: key.source, id: headers['webhook-id'], body } };
  };
}

/** Another body under an id that came before: one of the two is not what its sender thinks. */
export const REUSED = {
  status: 409,
  type: 'reused',
  title: 'This webhook-id was used for another body',
  detail: 'Nothing was done. Give every delivery an id of its own; the same delivery may be sent again as it was.',
} as const satisfies Problem;

const PROBLEMS = {
  tooLarge: { status: 413, type: 'too-large', title: 'The delivery is too large', detail: '' },
  unsigned: { status: 401, type: 'unsigned', title: 'The delivery is not signed', detail: '' },
  badSignature: {
    status: 401,
    type: 'bad-signature',
    title: 'The signature does not verify',
    detail:
      'Sign id, timestamp and the raw body with a current secret (Standard Webhooks); clocks may differ by 5 minutes.',
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

function verifies(webhook: Webhook, bytes: Buffer, headers: DeliveryHeaders): boolean {
  try {
    webhook.verify(bytes, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}
