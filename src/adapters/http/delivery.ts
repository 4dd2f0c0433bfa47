import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Delivery, Source } from '../../core/find/source.ts';
import type { Push, Refused } from '../../ports/source.ts';
import { readBody } from './body.ts';

/** A source is who its secret says it is. */
export interface SigningSource {
  readonly source: Source;
  /** The one that verifies a delivery also names its tenant and its source. */
  readonly secrets: readonly string[];
  /** Where it is asked, where the configuration says so. */
  readonly url?: string | null;
}

export interface Delivered<T> {
  readonly tenant: T;
  readonly bytes: Buffer;
  readonly delivery: Delivery;
}

/** A delivery that was made with the secret of one of the sources, and whose it is; why not, where it is none. */
export function deliveriesTo<T extends { readonly sources: readonly SigningSource[] }>(
  push: Pick<Push, 'unsigned' | 'verifier'>,
  tenants: readonly T[],
  maxBytes: number,
): (req: IncomingMessage) => Promise<Delivered<T> | Refused> {
  const keys = tenants.flatMap((tenant) =>
    tenant.sources.flatMap(({ source, secrets }) =>
      secrets.map((secret) => ({ tenant, source, verified: push.verifier(secret) })),
    ),
  );
  return async (req) => {
    const { headers } = req;
    const detail = push.unsigned(headers);
    if (detail !== null) return { why: 'unsigned', detail };
    const bytes = await readBody(req, maxBytes);
    if (!bytes) return { why: 'too-large', maxBytes };
    const sent = { headers, bytes, at: Date.now() };
    for (const { tenant, source, verified } of keys) {
      const id = verified(sent);
      if (id === null) continue;
      const body = createHash('sha256').update(bytes).digest('hex');
      return { tenant, bytes, delivery: { source, id, body } };
    }
    return { why: 'bad-signature' };
  };
}
