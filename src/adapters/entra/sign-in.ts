import { createHash } from 'node:crypto';
import { AuthError, type INetworkModule } from '@azure/msal-node';
import { ClawbackError } from '../../core/error.ts';
import type { SignedIn, SignIn } from '../../ports/sign-in.ts';
import { entraApplication, tenantBase } from './application.ts';
import type { EntraCredential } from './credential.ts';
import { OTHER_SIGN_IN, personIn } from './id-token.ts';
import { authorityNetwork, authorityOrigin } from './network.ts';

export interface SignInOptions {
  /** Origin, such as https://login.microsoftonline.com. http only on this machine. */
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: EntraCredential;
  /** As registered with the application: the public address of `/auth/callback`. */
  readonly redirectUri: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly fetch?: typeof fetch;
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const SCOPES = ['openid', 'profile'];
/** Entra's answers that are about us or about itself, and say nothing about the person. */
const NOT_THE_PERSON = new Set([
  'network_error',
  'temporarily_unavailable',
  'server_error',
  'invalid_client',
  'unauthorized_client',
]);

/**
 * Sign-in at Entra for one tenant. Nothing of a person's tokens outlives a call: each has an MSAL application of its own,
 * and a refresh token is never asked for. Throws ClawbackError 'config' for an authority that is none.
 */
export function createSignIn(options: SignInOptions): SignIn {
  const authority = authorityOrigin(options.authority);
  const issuer = `${tenantBase(authority, options.tenantId.toLowerCase())}/v2.0`;
  const application = (network: INetworkModule) => entraApplication({ ...options, authority, network });

  async function begin({ state, nonce, verifier, context }: Parameters<SignIn['begin']>[0]): Promise<string> {
    const { network } = authorityNetwork(authority, options.fetch ?? fetch, DEFAULT_TIMEOUT_MS);
    const address = await application(network).getAuthCodeUrl({
      scopes: SCOPES,
      redirectUri: options.redirectUri,
      responseMode: 'query',
      state,
      nonce,
      codeChallenge: createHash('sha256').update(verifier).digest('base64url'),
      codeChallengeMethod: 'S256',
      // A step-up is a new sign-in, not a session of this morning. Otherwise people at least see which account it is.
      ...(context === null ? { prompt: 'select_account' } : stepUp(context)),
    });
    const { pathname, searchParams } = new URL(address);
    searchParams.set('scope', SCOPES.join(' '));
    return `${authority.origin}${pathname}?${searchParams}`;
  }

  async function finish(answer: Parameters<SignIn['finish']>[0]): Promise<SignedIn> {
    const { nonce, context } = answer;
    const idToken = await redeem(answer);
    // The signature is not verified: the token came over TLS, from the token endpoint of the authority itself, in answer
    // to our credential (OpenID Connect Core 3.1.3.7, 6). It is never taken from the browser.
    const { clientId, tenantId, clock } = options;
    const person = personIn(idToken, { clientId, tenantId, issuer, nonce, context, now: clock() });
    if ('problem' in person) throw new ClawbackError('unauthorized', person.problem);
    return person;
  }

  async function redeem({ code, nonce, verifier, context }: Parameters<SignIn['finish']>[0]): Promise<unknown> {
    const { network } = authorityNetwork(authority, options.fetch ?? fetch, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    try {
      const result = await application(withoutRefresh(network)).acquireTokenByCode({
        code,
        // MSAL refuses an id token with a nonce that it was not told.
        nonce,
        codeVerifier: verifier,
        scopes: SCOPES,
        redirectUri: options.redirectUri,
        ...(context === null ? {} : { claims: claimsFor(context) }),
      });
      return result.idTokenClaims;
    } catch (error) {
      throw asClawbackError(error);
    }
  }

  return { begin, finish };
}

function stepUp(context: string) {
  return { prompt: 'login', claims: claimsFor(context), extraQueryParameters: { max_age: '0' } };
}

/** `auth_time` is an optional claim: without asking, Entra leaves it out. */
function claimsFor(context: string): string {
  return JSON.stringify({ id_token: { acrs: { essential: true, value: context }, auth_time: { essential: true } } });
}

/** MSAL asks for `offline_access` whatever it is told, and takes a 5xx with a body for an answer. */
function withoutRefresh(network: INetworkModule): INetworkModule {
  return {
    ...network,
    async sendPostRequestAsync(url, postOptions) {
      const form = new URLSearchParams(postOptions?.body ?? '');
      form.set('scope', SCOPES.join(' '));
      const response = await network.sendPostRequestAsync<never>(url, { ...postOptions, body: form.toString() });
      if (response.status === 429 || response.status >= 500) throw new Error(`Entra answered ${response.status}`);
      return response;
    },
  };
}

function asClawbackError(error: unknown): ClawbackError {
  if (!(error instanceof AuthError)) {
    return new ClawbackError('unavailable', 'Entra cannot be asked now', { cause: error });
  }
  // The code only: the description can quote what the browser sent.
  const { errorCode } = error;
  if (errorCode === 'nonce_mismatch') return new ClawbackError('unauthorized', OTHER_SIGN_IN, { cause: error });
  return NOT_THE_PERSON.has(errorCode)
    ? new ClawbackError('unavailable', `Entra cannot be asked now: ${errorCode}`, { cause: error })
    : new ClawbackError('unauthorized', `Entra did not accept the sign-in: ${errorCode}`, { cause: error });
}
