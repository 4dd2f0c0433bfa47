import { createHash, randomUUID } from 'node:crypto';
import type { Redeemed } from './grant.ts';
import { createSigningKeys, type SigningKeys } from './keys.ts';
import type { Claims, SignInPerson } from './types.ts';

const ID_TOKEN_LIFETIME_S = 3_600;
const GRAPH = 'https://graph.microsoft.com';

interface TokenTools {
  readonly tenantId: string;
  readonly keys: SigningKeys;
  readonly clock: () => number;
  /** Of id tokens, as the OpenID configuration names it. */
  readonly issuer: () => string;
  readonly lifetime: () => number;
}

export interface UserTokens {
  body(redeemed: Redeemed, form: URLSearchParams): Promise<Claims>;
  mutate(change: ((claims: Claims) => Claims) | null, options?: { readonly foreignKey?: boolean }): void;
}

/** What the token endpoint answers for a code. */
export function createUserTokens(tools: TokenTools): UserTokens {
  const { tenantId, keys, clock } = tools;
  let change = (claims: Claims): Claims => claims;
  let foreign: Promise<SigningKeys> | null = null;

  function idClaims({ app, session }: Redeemed): Claims {
    const { person, acrs, authTime, request } = session;
    const now = Math.floor(clock() / 1_000);
    return {
      ver: '2.0',
      iss: tools.issuer(),
      aud: app.clientId,
      iat: now,
      nbf: now,
      exp: now + ID_TOKEN_LIFETIME_S,
      tid: tenantId,
      oid: person.entraId,
      sub: pairwise(person, app.clientId),
      uti: randomUUID(),
      auth_time: authTime,
      ...(request.nonce === null ? {} : { nonce: request.nonce }),
      ...(request.scopes.includes('profile') ? { name: person.name, preferred_username: person.upn } : {}),
      ...(acrs.length === 0 ? {} : { acrs: [...acrs] }),
    };
  }

  /** Delegated, for Graph: it opens none of what the sandbox's Graph serves to apps. */
  function accessClaims({ app, session }: Redeemed, scope: string): Claims {
    const now = Math.floor(clock() / 1_000);
    return {
      aud: GRAPH,
      iss: `https://sts.windows.net/${tenantId}/`,
      iat: now,
      nbf: now,
      exp: now + tools.lifetime(),
      appid: app.clientId,
      idtyp: 'user',
      tid: tenantId,
      oid: session.person.entraId,
      scp: scope,
      ver: '1.0',
    };
  }

  return {
    async body(redeemed, form) {
      const { session } = redeemed;
      const scope = session.request.scopes.filter((one) => one !== 'offline_access').join(' ');
      const asked = [...session.request.scopes, ...(form.get('scope') ?? '').split(/\s+/)];
      const clientInfo = { uid: session.person.entraId, utid: tenantId };
      return {
        token_type: 'Bearer',
        scope,
        expires_in: tools.lifetime(),
        ext_expires_in: tools.lifetime(),
        access_token: await keys.sign(accessClaims(redeemed, scope)),
        id_token: await ((await foreign) ?? keys).sign(change(idClaims(redeemed))),
        ...(asked.includes('offline_access') ? { refresh_token: `1.${randomUUID()}` } : {}),
        ...(form.get('client_info') === '1' ? { client_info: base64url(JSON.stringify(clientInfo)) } : {}),
      };
    },
    mutate(next, options = {}) {
      change = next ?? ((claims) => claims);
      foreign = next !== null && options.foreignKey === true ? createSigningKeys() : null;
    },
  };
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}

/** Another subject for every app, as Entra gives it. */
function pairwise({ entraId }: SignInPerson, clientId: string): string {
  return createHash('sha256').update(`${entraId} ${clientId}`).digest('base64url');
}
