import { startEntra } from '../../src/sandbox/entra/start.ts';
import type { Entra, EntraOptions } from '../../src/sandbox/entra/types.ts';
import { type Graph, startGraph } from '../../src/sandbox/graph/start.ts';
import type { GraphOptions } from '../../src/sandbox/graph/types.ts';
import { createTenant, type Tenant } from '../../src/sandbox/tenant/tenant.ts';
import type { UserOrder } from '../../src/sandbox/tenant/types.ts';

const TENANT = '3f1c2a7e-90f5-4c1b-8a55-0d2f6f6b1c01';
export const APP = '7a0d1c9e-5b55-4f1e-9c59-4e4d8a9f1001';
const SECRET = 'loopback-secret';
export const IMMUTABLE = { Prefer: 'IdType="ImmutableId"' };
const ROLES = [
  ...['Mail.ReadWrite', 'User.Read.All', 'ThreatHunting.Read.All', 'MailboxSettings.ReadWrite'],
  ...['GroupMember.Read.All', 'IdentityRiskyUser.Read.All'],
];

export interface Sandbox extends AsyncDisposable {
  readonly tenant: Tenant;
  readonly entra: Entra;
  readonly graph: Graph;
  /** A good token of the app. */
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Moves the clock that all three share, in milliseconds. */
  pass(ms: number): void;
  /** As the app, with a good token. `path` starts after the version. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are what these tests take apart
  readonly body: any;
}

export interface SandboxOrder {
  readonly users?: readonly (string | UserOrder)[];
  readonly roles?: readonly string[];
  readonly entra?: Partial<EntraOptions>;
  readonly graph?: Partial<GraphOptions>;
}

/** Numbers in [0, 1), the same ones in every run. */
function dice(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Tenant, Entra and Graph of contoso.com on this machine, quick to answer. */
export async function openSandbox(order: SandboxOrder = {}): Promise<Sandbox> {
  let now = Date.parse('2026-11-23T09:00:00Z');
  const clock = () => now;
  const random = dice();
  const users = order.users ?? ['alice', 'bob'];
  const tenant = createTenant({ id: TENANT, domain: 'contoso.com', clock, random, users });
  const app = { clientId: APP, secret: SECRET, roles: order.roles ?? ROLES };
  const entra = await startEntra({ tenantId: TENANT, apps: [app], clock, ...order.entra });
  const limits = {
    serviceMs: [0, 1],
    retryAfter: [2.128, 2.129],
    huntingLagMs: [0, 0],
    ...order.graph?.limits,
  } as const;
  const { verifyToken } = entra;
  const graph = await startGraph({ tenant, verifyToken, clock, random, hunting: true, ...order.graph, limits });
  const token = await entra.issue({ clientId: APP, lifetimeSeconds: 86_400 });
  return {
    tenant,
    entra,
    graph,
    token,
    clock,
    pass(ms) {
      now += ms;
    },
    call: (method, path, body, headers) => send(`${graph.url}/v1.0${path}`, method, token, body, headers),
    async [Symbol.asyncDispose]() {
      await Promise.all([graph.close(), entra.close()]);
    },
  };
}

export async function send(
  url: string,
  method: string,
  token: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const response = await fetch(url, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...json, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : isJson ? JSON.parse(text) : text,
  };
}

export const PHISH = {
  internetMessageId: "<CAF+x=y&z#w%20'q@fabrikam.example>",
  networkMessageId: '73ca4154-58d8-43d0-a890-08dc18c52e6d',
  sender: 'billing@fabrikam.example',
  senderName: 'Contoso Billing',
  subject: 'Overdue: pay now',
};

export function odata(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

export function filterOf(expression: string): string {
  return `$filter=${encodeURIComponent(expression)}`;
}
