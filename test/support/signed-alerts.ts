import { Webhook } from 'standardwebhooks';
import type { Alert } from '../../src/core/find/alert.ts';
import { alertOf } from './cases.ts';
import { SECRET } from './configuration.ts';

/** An alert as a sender makes it, without what the receiver adds. */
export function sentAlert(...change: Parameters<typeof alertOf>): Alert {
  const { from, networkIds, received, leftOut, unreadablePeople, said, ...alert } = alertOf(...change);
  return alert;
}

export const good = () => JSON.stringify(sentAlert());

/** How a delivery is sent, where not as it should be. */
export interface Sending {
  readonly secret?: string;
  readonly id?: string;
  readonly at?: Date;
  readonly headers?: Record<string, string | undefined>;
  readonly method?: string;
  readonly path?: string;
}

/** The headers of a delivery after Standard Webhooks. */
export function signed(body: string | Buffer, { secret = SECRET, id = 'delivery-1', at = new Date() }: Sending = {}) {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}
