import { type GrantTools, type Refusal, refuse, registrationOf } from './grant.ts';
import type { AuthorizeRequest, ResponseMode } from './types.ts';

/** Where an answer may go once the app and its redirect URI are known to be good. */
export type ReturnAddress = Pick<AuthorizeRequest, 'redirectUri' | 'mode' | 'state'>;

export type Read =
  | { readonly request: AuthorizeRequest }
  /** Without `to` the person sees the refusal: nobody is sent to an address that is not registered. */
  | { readonly refusal: Refusal; readonly to: ReturnAddress | null };

const MODES: readonly string[] = ['query', 'fragment', 'form_post'] satisfies readonly ResponseMode[];
const PROMPTS = ['login', 'none', 'consent', 'select_account'];

/** Takes an authorization request of OpenID Connect apart, and refuses it as Entra does. */
export function readAuthorize(apps: GrantTools['apps'], query: URLSearchParams): Read {
  const shown = (refusal: Refusal): Read => ({ refusal, to: null });
  const clientId = query.get('client_id');
  if (clientId === null) return shown(missing('client_id'));
  const known = registrationOf(apps, clientId);
  if ('number' in known) return shown(known);
  const redirectUri = query.get('redirect_uri');
  if (redirectUri === null) return shown(missing('redirect_uri'));
  if (!known.app.redirectUris?.includes(redirectUri)) {
    const text = `The redirect URI '${redirectUri}' does not match the redirect URIs configured for '${clientId}'.`;
    return shown(refuse(400, 50011, 'invalid_request', text));
  }
  const mode = query.get('response_mode') ?? 'query';
  if (!isMode(mode)) return shown(refuse(400, 700030, 'invalid_request', `The response_mode '${mode}' is unknown.`));
  const to = { redirectUri, mode, state: query.get('state') };
  const refusal = wordsProblem(query) ?? challengeProblem(query);
  if (refusal) return { refusal, to };
  const acrs = contextsIn(query.get('claims'));
  if (acrs === null) return { refusal: refuse(400, 90014, 'invalid_request', "'claims' is not a claims request."), to };
  const challenge = query.get('code_challenge');
  const nonce = query.get('nonce');
  return {
    request: { app: known.app, ...to, nonce, scopes: scopesIn(query), challenge, acrs, prompt: query.get('prompt') },
  };
}

function missing(name: string): Refusal {
  return refuse(400, 900144, 'invalid_request', `The request must contain the following parameter: '${name}'.`);
}

function isMode(mode: string): mode is ResponseMode {
  return MODES.includes(mode);
}

function scopesIn(query: URLSearchParams): string[] {
  return (query.get('scope') ?? '').split(/\s+/).filter((one) => one !== '');
}

function wordsProblem(query: URLSearchParams): Refusal | null {
  const type = query.get('response_type');
  if (type === null) return missing('response_type');
  if (type !== 'code') {
    return refuse(
      400,
      700054,
      'unsupported_response_type',
      `response_type '${type}' is not enabled for the application.`,
    );
  }
  if (!scopesIn(query).includes('openid')) {
    return refuse(400, 70011, 'invalid_scope', "The provided value for the input parameter 'scope' has no 'openid'.");
  }
  const prompt = query.get('prompt');
  if (prompt !== null && !PROMPTS.includes(prompt)) {
    return refuse(400, 90023, 'invalid_request', `The prompt '${prompt}' is not supported.`);
  }
  const age = query.get('max_age');
  if (age === null || /^\d+$/.test(age)) return null;
  return refuse(400, 90014, 'invalid_request', "The value of 'max_age' has to be a number of seconds.");
}

/** PKCE with S256; Entra's `plain` protects nothing and is not simulated. */
function challengeProblem(query: URLSearchParams): Refusal | null {
  const [challenge, method] = [query.get('code_challenge'), query.get('code_challenge_method')];
  if (challenge === null && method === null) return null;
  if (method !== 'S256') return refuse(400, 501491, 'invalid_request', 'The code_challenge_method has to be S256.');
  if (/^[\w-]{43}$/.test(challenge ?? '')) return null;
  return refuse(400, 501491, 'invalid_request', 'Invalid size of Code_Challenge parameter.');
}

/** `id_token.acrs` of the claims parameter (OpenID Connect Core, 5.5); null when it is not a claims request. */
function contextsIn(claims: string | null): readonly string[] | null {
  if (claims === null) return [];
  try {
    const asked = JSON.parse(claims)?.id_token?.acrs ?? {};
    const values: unknown[] = asked.values ?? (asked.value === undefined ? [] : [asked.value]);
    return values.every((value) => typeof value === 'string') ? values : null;
  } catch {
    return null;
  }
}
