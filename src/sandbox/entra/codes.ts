import { createHash, randomUUID } from 'node:crypto';
import { type Redeemed, type Refusal, refuse } from './grant.ts';
import type { AuthorizeRequest, EntraApp, Session } from './types.ts';

/** Entra's codes live for about ten minutes. */
const CODE_LIFETIME_MS = 600_000;

export interface Codes {
  give(session: Session): string;
  /** Once only: a code that was shown is used up, whatever is wrong with the rest of the request. */
  redeem(app: EntraApp, form: URLSearchParams): Redeemed | Refusal;
}

export function createCodes(clock: () => number): Codes {
  const held = new Map<string, { readonly session: Session; readonly until: number; used: boolean }>();

  function redeem(app: EntraApp, form: URLSearchParams): Redeemed | Refusal {
    const found = held.get(form.get('code') ?? '');
    if (!found) return refuse(400, 9002313, 'invalid_grant', 'Invalid request. Request is malformed or invalid.');
    const { session, until, used } = found;
    if (session.request.app.clientId !== app.clientId) {
      return refuse(400, 70000, 'invalid_grant', 'The provided grant was issued to another client.');
    }
    found.used = true;
    if (used) return refuse(400, 54005, 'invalid_grant', 'OAuth2 Authorization code was already redeemed.');
    if (clock() >= until) return refuse(400, 70008, 'invalid_grant', 'The provided authorization code has expired.');
    return requestProblem(session.request, form) ?? { app, session };
  }

  return {
    give(session) {
      const code = `1.${randomUUID()}${randomUUID()}`;
      held.set(code, { session, until: clock() + CODE_LIFETIME_MS, used: false });
      return code;
    },
    redeem,
  };
}

function requestProblem(request: AuthorizeRequest, form: URLSearchParams): Refusal | null {
  const address = form.get('redirect_uri') ?? '';
  if (address !== request.redirectUri) {
    const text = `The reply address '${address}' does not match the one provided when requesting Authorization code.`;
    return refuse(400, 500112, 'invalid_client', text);
  }
  const verifier = form.get('code_verifier');
  const shown = verifier === null ? null : createHash('sha256').update(verifier).digest('base64url');
  if (shown === request.challenge) return null;
  const text = 'The Code_Verifier does not match the code_challenge supplied in the authorization request.';
  return refuse(400, 501481, 'invalid_grant', text);
}
