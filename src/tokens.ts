import { entraCredential } from './adapters/entra/credential.ts';
import { createTokenSource, type TokenSource } from './adapters/entra/token.ts';
import type { Database } from './adapters/store/database.ts';
import { openCache, type SealedCache, sealCache } from './adapters/store/keyv.ts';
import type { AppCredential, Secrets } from './config/secrets.ts';
import type { Log } from './log.ts';

/** How the product signs in as itself. */

export function tokensFor(
  at: { readonly authority: string; readonly clientId: string },
  tenantId: string,
  credential: AppCredential,
  scope: string,
  cache: SealedCache | null,
  log: Log,
): TokenSource {
  return createTokenSource({
    authority: at.authority,
    tenantId,
    clientId: at.clientId,
    credential: entraCredential(credential),
    scope,
    ...(cache ? { cache } : {}),
    clock: Date.now,
    health: (err) => {
      if (err) log.error({ err, scope }, 'the credential could not be renewed');
    },
  });
}

/** Bearer tokens outlive a restart only encrypted, and only when a key was given for it. */
export function tokenCache(database: Database, tenantId: string, key: Secrets['cacheKey']): SealedCache | null {
  return key ? sealCache(openCache(database.db, tenantId, 'token'), key) : null;
}
