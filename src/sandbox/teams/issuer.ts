import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { exportJWK, type JWK, SignJWT } from 'jose';
import type { Json } from '../slack/loopback.ts';

export const CHANNEL_ISSUER = 'https://api.botframework.com';

/** How a forged request differs from a genuine one. Everything left out is genuine. */
export interface TokenOptions {
  readonly aud?: string;
  readonly iss?: string;
  /** The serviceurl claim; null leaves it out. */
  readonly serviceUrl?: string | null;
  /** Seconds from now; negative for an expired token. */
  readonly expiresIn?: number;
  /** 'unendorsed' is a published key without the msteams endorsement; 'foreign' signs with a key nobody published. */
  readonly key?: 'endorsed' | 'unendorsed' | 'foreign';
  /** What the token says its key is; null says nothing. */
  readonly kid?: string | null;
  /** HS256 signs with the public key's text as secret; 'none' leaves the signature out. */
  readonly alg?: 'RS256' | 'HS256' | 'none';
  readonly claims?: Json;
  /** No Authorization header at all. */
  readonly absent?: boolean;
}

export interface Issuer {
  /** null when there is to be no header. */
  token(options?: TokenOptions): Promise<string | null>;
  readonly jwks: { readonly keys: readonly PublishedKey[] };
}

/** The Bot Framework adds to a JWK which channels its key may speak for. */
type PublishedKey = JWK & { readonly endorsements: readonly string[] };

interface Key {
  readonly kid: string;
  readonly secret: KeyObject;
  readonly open: KeyObject;
}

function newKey(kid: string): Key {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { kid, secret: pair.privateKey, open: pair.publicKey };
}

async function published(key: Key, endorsements: readonly string[]): Promise<PublishedKey> {
  const jwk = await exportJWK(key.open);
  return { ...jwk, kid: key.kid, x5t: key.kid, use: 'sig', alg: 'RS256', endorsements };
}

function segment(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** The Bot Connector's side of the handshake: keys with endorsements and tokens to the bot. Lifetimes are of `clock`. */
export async function createIssuer(
  appId: string,
  serviceUrl: string,
  clock: () => number,
  serial: string,
): Promise<Issuer> {
  const endorsed = newKey(`endorsed-${serial}`);
  const unendorsed = newKey(`unendorsed-${serial}`);
  let foreign: Key | undefined;

  function keyFor(options: TokenOptions): Key {
    if (options.key === 'foreign') {
      foreign ??= { ...newKey('foreign'), kid: endorsed.kid };
      return foreign;
    }
    return options.key === 'unendorsed' ? unendorsed : endorsed;
  }

  function payload(options: TokenOptions): Json {
    const now = Math.floor(clock() / 1000);
    const claim = options.serviceUrl === undefined ? serviceUrl : options.serviceUrl;
    const expires = now + (options.expiresIn ?? 3600);
    return {
      ...(claim === null ? {} : { serviceurl: claim }),
      iss: options.iss ?? CHANNEL_ISSUER,
      aud: options.aud ?? appId,
      nbf: Math.min(now, expires) - 3600,
      exp: expires,
      ...options.claims,
    };
  }

  return {
    jwks: {
      keys: [await published(endorsed, ['msteams']), await published(unendorsed, ['webchat'])],
    },
    async token(options = {}) {
      if (options.absent === true) {
        return null;
      }
      const key = keyFor(options);
      const claims = payload(options);
      if (options.alg === 'none') {
        return `${segment({ alg: 'none', typ: 'JWT', kid: key.kid })}.${segment(claims)}.`;
      }
      const alg = options.alg ?? 'RS256';
      const pem = () => Buffer.from(key.open.export({ type: 'spki', format: 'pem' }).toString());
      const kid = options.kid === undefined ? key.kid : options.kid;
      return new SignJWT(claims)
        .setProtectedHeader({ alg, typ: 'JWT', ...(kid === null ? {} : { kid }) })
        .sign(alg === 'HS256' ? pem() : key.secret);
    },
  };
}
