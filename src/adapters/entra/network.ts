import type { INetworkModule } from '@azure/msal-node';
import { z } from 'zod';
import { ClawbackError } from '../../core/error.ts';

type PostOptions = Parameters<INetworkModule['sendPostRequestAsync']>[1];

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);
/** Seconds from now, as the token endpoint counts them: independent of anybody's wall clock. */
const Lifetime = z.object({
  expires_in: z.coerce.number().positive(),
  refresh_in: z.coerce.number().positive().optional(),
});

interface Lifetimes {
  /** Milliseconds. */
  readonly expiresIn: number;
  readonly refreshIn: number | null;
}

/** Throws ClawbackError 'config' for everything but an https origin, or an http one on this machine. */
export function authorityOrigin(authority: string): URL {
  const url = URL.parse(authority);
  if (url?.pathname !== '/' || url.search || url.hash || url.username) {
    throw new ClawbackError('config', 'the sign-in authority must be an origin', { field: 'authority' });
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname))) return url;
  throw new ClawbackError('config', 'the sign-in authority must use https', { field: 'authority' });
}

/**
 * MSAL's way to the network, for one authority and no other host. MSAL refuses http authorities, so it is told https
 * and a loopback authority is mapped back here.
 */
export function authorityNetwork(authority: URL, send: typeof fetch, timeoutMs: number) {
  let last: Lifetimes | null = null;
  const exchange = async <T>(method: 'GET' | 'POST', target: string, options: PostOptions) => {
    const url = new URL(target);
    if (url.host !== new URL(`https://${hostWithPort(authority)}`).host) {
      throw new Error(`sign-in is bound to ${authority.host}; refusing to call ${url.host}`);
    }
    const response = await send(`${authority.origin}${url.pathname}${url.search}`, {
      method,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
      headers: options?.headers ?? {},
      ...(method === 'POST' ? { body: options?.body ?? '' } : {}),
    });
    const body: unknown = await response.json();
    const lifetime = response.ok ? Lifetime.safeParse(body) : null;
    if (lifetime?.success) last = toMs(lifetime.data);
    return { status: response.status, headers: Object.fromEntries(response.headers), body: body as T };
  };
  const network: INetworkModule = {
    sendGetRequestAsync: (url, options) => exchange('GET', url, options),
    sendPostRequestAsync: (url, options) => exchange('POST', url, options),
  };
  return { network, lifetimes: () => last };
}

/** The host as MSAL is told it, behind https: a loopback server's port has to be spelled out even when it is 80. */
export function hostWithPort(authority: URL): string {
  return authority.protocol === 'http:' ? `${authority.hostname}:${authority.port || '80'}` : authority.host;
}

function toMs(lifetime: z.infer<typeof Lifetime>): Lifetimes {
  const { expires_in, refresh_in } = lifetime;
  return { expiresIn: expires_in * 1_000, refreshIn: refresh_in === undefined ? null : refresh_in * 1_000 };
}
