import { Webhook } from 'standardwebhooks';
import type { Sent, SentHeaders } from '../../../ports/source.ts';

/** The specification allows several signatures for rotation; a thousand in one header are an attack. */
const MAX_SIGNATURES = 5;

type DeliveryHeaders = { 'webhook-id': string; 'webhook-timestamp': string; 'webhook-signature': string };

export function unsigned(headers: SentHeaders): string | null {
  const read = deliveryHeaders(headers);
  return typeof read === 'string' ? read : null;
}

/** Standard Webhooks over the raw bytes; clocks may differ by 5 minutes. The sending is called what `webhook-id` says. */
export function verifier(secret: string): (sent: Sent) => string | null {
  const webhook = new Webhook(secret);
  return ({ headers, bytes }) => {
    const read = deliveryHeaders(headers);
    if (typeof read === 'string') return null;
    try {
      webhook.verify(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), read, { jsonParse: false });
      return read['webhook-id'];
    } catch {
      return null;
    }
  };
}

/** What is sent with `body` so that `verifier` takes it. */
export function signedHeaders(secret: string, id: string, at: Date, body: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

function deliveryHeaders(headers: SentHeaders): DeliveryHeaders | string {
  const read = (name: string) => String(headers[name] ?? '');
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
