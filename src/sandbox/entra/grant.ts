import { ASSERTION_TYPE, assertionHolds } from './assertion.ts';
import type { EntraApp, Session } from './types.ts';

export interface Registration {
  app: EntraApp;
  secretExpired: boolean;
}

export interface Refusal {
  readonly status: number;
  /** Number after AADSTS. */
  readonly number: number;
  readonly error: string;
  readonly text: string;
}

export interface Granted {
  readonly app: EntraApp;
  readonly resource: string;
}

/** A code that was good, and with whom. */
export interface Redeemed {
  readonly app: EntraApp;
  readonly session: Session;
}

export interface GrantTools {
  readonly tenantId: string;
  readonly apps: ReadonlyMap<string, Registration>;
  /** What the token endpoint may be called in an assertion. */
  readonly audiences: string[];
  readonly now: number;
  readonly redeem: (app: EntraApp, form: URLSearchParams) => Redeemed | Refusal;
}

const DEFAULT_RESOURCES = ['https://graph.microsoft.com', 'https://api.botframework.com'];

export function refuse(status: number, number: number, error: string, text: string): Refusal {
  return { status, number, error, text };
}

/** Decides one token request; `form` is its decoded body. */
export async function grant(
  tools: GrantTools,
  tenant: string,
  form: URLSearchParams,
): Promise<Granted | Redeemed | Refusal> {
  if (tenant.toLowerCase() !== tools.tenantId.toLowerCase()) {
    return refuse(400, 90002, 'invalid_request', `Tenant '${tenant}' not found. Check the tenant ID.`);
  }
  const type = form.get('grant_type');
  if (type !== 'client_credentials' && type !== 'authorization_code') {
    return refuse(400, 70003, 'unsupported_grant_type', 'The grant type is not supported here.');
  }
  const known = registrationOf(tools.apps, form.get('client_id') ?? '');
  if ('number' in known) return known;
  const problem = await credentialProblem(tools, known, form);
  if (problem) return problem;
  return type === 'authorization_code' ? tools.redeem(known.app, form) : forScope(known.app, form.get('scope') ?? '');
}

export function registrationOf(apps: GrantTools['apps'], clientId: string): Registration | Refusal {
  const text = `Application with identifier '${clientId}' was not found in the directory.`;
  return apps.get(clientId.toLowerCase()) ?? refuse(400, 700016, 'unauthorized_client', text);
}

async function credentialProblem(tools: GrantTools, known: Registration, form: URLSearchParams) {
  const secret = form.get('client_secret');
  if (secret !== null) return secretProblem(known, secret);
  const assertion = form.get('client_assertion');
  if (assertion === null || form.get('client_assertion_type') !== ASSERTION_TYPE) {
    const text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
    return refuse(401, 7000218, 'invalid_client', text);
  }
  if (await assertionHolds(known.app, assertion, tools.audiences, tools.now)) return null;
  return refuse(401, 700027, 'invalid_client', 'The certificate used to sign the client assertion is not registered.');
}

function secretProblem({ app, secretExpired }: Registration, secret: string): Refusal | null {
  if (app.secret === undefined || secret !== app.secret) {
    return refuse(401, 7000215, 'invalid_client', `Invalid client secret provided for app '${app.clientId}'.`);
  }
  if (!secretExpired) return null;
  return refuse(401, 7000222, 'invalid_client', `The client secret keys for app '${app.clientId}' are expired.`);
}

/** `https://resource/.default`; an origin on this machine stands for Microsoft Graph in the sandbox. */
function forScope(app: EntraApp, scope: string): Granted | Refusal {
  const wanted = scope.split(/\s+/).find((one) => one.endsWith('/.default'));
  if (wanted === undefined) {
    return refuse(400, 1002012, 'invalid_scope', `The provided value for scope ${scope} is not valid.`);
  }
  const resource = wanted.slice(0, -'/.default'.length);
  const allowed = app.resources ?? DEFAULT_RESOURCES;
  const loopback = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/.test(resource);
  if (!loopback && !allowed.includes(resource)) {
    return refuse(400, 500011, 'invalid_resource', `The resource principal named ${resource} was not found.`);
  }
  return { app, resource };
}
