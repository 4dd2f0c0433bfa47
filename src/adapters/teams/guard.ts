import { z } from 'zod';

/**
 * What has to be true of an inbound request before botbuilder sees it. botbuilder 4.23.3 by itself accepts tokens that
 * were issued to the bot (the emulator path), skips the service URL check when the body names none, and lets the body
 * choose the path of the check; each of these is shut here. Signature, expiry and endorsements stay with botbuilder.
 */
export interface InboundPolicy {
  readonly appId: string;
  readonly issuer: string;
  /** Host names whose service URLs may be believed and may get our tokens; their subdomains count as well. */
  readonly hosts: readonly string[];
  readonly tenants: readonly string[];
}

const Header = z.object({ alg: z.literal('RS256') });
const Claims = z.object({
  iss: z.string(),
  aud: z.string(),
  serviceurl: z.string().optional(),
  serviceUrl: z.string().optional(),
});
const Body = z.object({
  type: z.string().min(1),
  channelId: z.string().optional(),
  serviceUrl: z.string().optional(),
  channelData: z.object({ tenant: z.object({ id: z.string() }).nullish() }).nullish(),
  conversation: z.object({ tenantId: z.string().nullish() }).nullish(),
});
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]']);

/** Why a request with this Authorization header and this parsed body is turned away, or null when it may go on. */
export function refusal(header: string | undefined, body: unknown, policy: InboundPolicy): string | null {
  const token = decoded(header);
  if (typeof token === 'string') return token;
  const { claims } = token;
  if (claims.iss !== policy.issuer) return 'issuer';
  if (claims.aud !== policy.appId) return 'audience';
  const activity = Body.safeParse(body);
  if (!activity.success) return 'activity';
  const { channelId, serviceUrl, channelData, conversation } = activity.data;
  if (channelId !== 'msteams') return 'channel';
  if (!isServiceUrl(serviceUrl, policy.hosts)) return 'service URL host';
  if ((claims.serviceurl ?? claims.serviceUrl) !== serviceUrl) return 'service URL claim';
  const tenant = channelData?.tenant?.id ?? conversation?.tenantId;
  return typeof tenant === 'string' && policy.tenants.includes(tenant) ? null : 'tenant';
}

/** https at a listed host or under one. Plain http only at a loopback literal that is itself listed. */
export function isServiceUrl(value: string | undefined, hosts: readonly string[]): value is string {
  if (value === undefined || !URL.canParse(value)) return false;
  const { protocol, hostname, username, password } = new URL(value);
  if (username !== '' || password !== '') return false;
  if (LOOPBACK.has(hostname)) return hosts.includes(hostname) && (protocol === 'http:' || protocol === 'https:');
  return protocol === 'https:' && hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
}

/** Audience and tenant a token claims, unproven: good for choosing who checks it, never for believing it. */
export function claimed(header: string | undefined): { aud: string; tenant: string | null } | null {
  const parts = bearer(header);
  const claims = z.object({ aud: z.string(), tid: z.string().optional() }).safeParse(parts && json(parts[1]));
  return claims.success ? { aud: claims.data.aud, tenant: claims.data.tid ?? null } : null;
}

function decoded(header: string | undefined): string | { claims: z.infer<typeof Claims> } {
  const parts = bearer(header);
  if (!parts) return 'no bearer token';
  if (!Header.safeParse(json(parts[0])).success) return 'algorithm';
  const claims = Claims.safeParse(json(parts[1]));
  return claims.success ? { claims: claims.data } : 'token not readable';
}

function bearer(header: string | undefined): readonly [string, string] | null {
  const match = /^Bearer ([\w-]{1,4096})\.([\w-]{1,16384})\.[\w-]{1,4096}$/.exec(header ?? '');
  return match?.[1] && match[2] ? [match[1], match[2]] : null;
}

function json(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
