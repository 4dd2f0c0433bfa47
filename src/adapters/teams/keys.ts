import { type CryptoKey, importJWK, type JWK } from 'jose';
import { z } from 'zod';

/** A published key of the Bot Connector and the channels that it may speak for. */
interface ConnectorKey {
  readonly key: CryptoKey;
  readonly endorsements: readonly string[];
}

export interface ConnectorKeys {
  /** Null: no such key is published. Throws when nobody can say, because none were ever got. */
  find(kid: string): Promise<ConnectorKey | null>;
}

export interface KeyOptions {
  readonly metadataUrl: string;
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly timeoutMs: number;
  /** The keys could not be renewed; those that are held stay in use. */
  readonly stale: (error: unknown) => void;
}

/** Microsoft asks for once a day; sooner, a withdrawn key is not believed for long. */
const RENEW_AFTER_MS = 6 * 3_600_000;
/** Anybody can name keys that do not exist: that asks for new ones no more often than this. */
const AGAIN_AFTER_MS = 60_000;
/** The same while none are held at all: then nobody can press. */
const FIRST_AGAIN_AFTER_MS = 5_000;

const Metadata = z.object({ jwks_uri: z.url() });
const Published = z.object({ keys: z.array(z.unknown()).max(200) });
/** What is published besides is none of ours, and must not cost us those that are. */
const RsaKey = z.looseObject({
  kty: z.literal('RSA'),
  kid: z.string(),
  endorsements: z.array(z.string()).default([]).catch([]),
});

export function createConnectorKeys({ metadataUrl, fetch: send, now, timeoutMs, stale }: KeyOptions): ConnectorKeys {
  let held: ReadonlyMap<string, ConnectorKey> = new Map();
  let renewedAt = 0;
  let triedAt = Number.NEGATIVE_INFINITY;
  let renewing: Promise<void> | null = null;

  async function get(address: string): Promise<unknown> {
    const response = await send(address, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    if (!response.ok)
      throw new Error(`the keys of the Bot Connector: ${response.status} from ${new URL(address).host}`);
    return response.json();
  }

  async function renew(): Promise<void> {
    triedAt = now();
    const { jwks_uri } = Metadata.parse(await get(metadataUrl));
    // What may not be overheard or changed on the way must not lead to where it may.
    if (new URL(jwks_uri).protocol !== new URL(metadataUrl).protocol)
      throw new Error('the keys are at an unsafe address');
    const keys = await connectorKeysIn(Published.parse(await get(jwks_uri)));
    if (keys.size === 0) throw new Error('the Bot Connector publishes no key');
    held = keys;
    renewedAt = now();
  }

  /** One at a time, whoever asks. */
  function renewOnce(): Promise<void> {
    renewing ??= renew().finally(() => {
      renewing = null;
    });
    return renewing;
  }

  const mayTry = (pauseMs: number) => renewing !== null || now() - triedAt >= pauseMs;

  return {
    async find(kid) {
      if (held.size === 0) {
        if (!mayTry(FIRST_AGAIN_AFTER_MS)) throw new Error('the keys of the Bot Connector were not to be had just now');
        await renewOnce();
        return held.get(kid) ?? null;
      }
      const known = held.get(kid);
      if (known) {
        // Nobody waits for it: a key that was good this morning is good while its successor is on its way.
        if (now() - renewedAt >= RENEW_AFTER_MS && mayTry(AGAIN_AFTER_MS)) renewOnce().catch(stale);
        return known;
      }
      if (!mayTry(AGAIN_AFTER_MS)) return null;
      await renewOnce().catch(stale);
      return held.get(kid) ?? null;
    },
  };
}

/** Those that can verify RS256. */
async function connectorKeysIn({ keys }: z.infer<typeof Published>): Promise<Map<string, ConnectorKey>> {
  const usable = new Map<string, ConnectorKey>();
  for (const one of keys) {
    const parsed = RsaKey.safeParse(one);
    if (!parsed.success) continue;
    const { kid, endorsements, ...jwk } = parsed.data;
    const key = await importJWK(jwk as JWK, 'RS256').catch(() => null);
    if (key && 'type' in key && key.type === 'public') usable.set(kid, { key, endorsements });
  }
  return usable;
}
