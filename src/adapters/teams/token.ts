import { errors, jwtVerify } from 'jose';
import { SKEW_S } from './guard.ts';
import type { ConnectorKeys } from './keys.ts';

/** Channel whose endorsement a key needs: keys of other channels must not speak for Teams. */
const CHANNEL = 'msteams';

export interface TokenRules {
  readonly appId: string;
  readonly issuer: string;
}

/**
 * Why a bearer token is not the Bot Connector's, or null when it is: signed with RS256 by a published key that is
 * endorsed for Teams, from this issuer, for this bot, in its time. Throws when nobody can say, because the keys cannot
 * be had. Says nothing anywhere of what it was shown.
 */
export async function distrust(
  header: string,
  { appId, issuer }: TokenRules,
  keys: ConnectorKeys,
  now: number,
): Promise<string | null> {
  let isEndorsed = false;
  try {
    await jwtVerify(
      header.slice('Bearer '.length),
      async ({ kid }) => {
        const found = kid === undefined ? null : await keys.find(kid);
        if (!found) throw new errors.JWKSNoMatchingKey();
        isEndorsed = found.endorsements.includes(CHANNEL);
        return found.key;
      },
      {
        algorithms: ['RS256'],
        issuer,
        audience: appId,
        clockTolerance: SKEW_S,
        currentDate: new Date(now),
        requiredClaims: ['exp'],
      },
    );
  } catch (error) {
    if (error instanceof errors.JOSEError) return WORDS[error.code] ?? 'token';
    throw error;
  }
  return isEndorsed ? null : 'endorsement';
}

/** The library's codes, in the words of the security log. */
const WORDS: Readonly<Record<string, string>> = {
  ERR_JWKS_NO_MATCHING_KEY: 'unknown key',
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'signature',
  ERR_JOSE_ALG_NOT_ALLOWED: 'algorithm',
  ERR_JWT_EXPIRED: 'token expired',
  ERR_JWT_CLAIM_VALIDATION_FAILED: 'claims',
};
