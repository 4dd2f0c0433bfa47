import { z } from 'zod';
import { strictJson } from './strict-json.ts';

/**
 * What has to be true of an inbound request before botbuilder sees it. botbuilder 4.23.3 by itself accepts tokens that
 * were issued to the bot (the emulator path), skips the service URL check when the body names none, lets the body
 * choose the path of the check, and takes a token without an end; each of these is shut here. Signature and endorsement
 * are looked at in token.ts; botbuilder is asked for neither.
 */
export interface InboundPolicy {
  readonly appId: string;
  readonly issuer: string;
  /** Host names whose service URLs may be believed and may get our tokens; their subdomains count as well. */
  readonly hosts: readonly string[];
  readonly tenants: readonly string[];
}

/** How far clocks may differ. */
export const SKEW_S = 300;
/** The Bot Connector's tokens live about an hour. */
const LONGEST_LIFE_S = 86_400;
const Header = z.object({ alg: z.literal('RS256') });
const Claims = z.object({
  iss: z.string(),
  aud: z.string(),
  exp: z.number(),
  nbf: z.number().optional(),
  iat: z.number().optional(),
  serviceurl: z.string().optional(),
  serviceUrl: z.string().optional(),
  /** The app a token was issued to: Entra says it, the Bot Connector never does. */
  appid: z.unknown().optional(),
  azp: z.unknown().optional(),
});
type Claims = z.infer<typeof Claims>;
const role = z.string().nullish();
const Body = z.object({
  type: z.string().min(1),
  id: z.string().nullish(),
  channelId: z.string().optional(),
  serviceUrl: z.string().optional(),
  deliveryMode: z.string().nullish(),
  from: z.object({ role, aadObjectId: z.string().nullish() }).nullish(),
  recipient: z.object({ id: z.string().nullish(), role }).nullish(),
  channelData: z.object({ tenant: z.object({ id: z.string() }).nullish() }).nullish(),
  conversation: z.object({ tenantId: z.string().nullish() }).nullish(),
});
type Body = z.infer<typeof Body>;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DELIVERED: ReadonlySet<string> = new Set(['normal', 'notification']);
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]']);

/**
 * Why a request with this Authorization header and this parsed body is turned away, or null when it may go on. `now`:
 * milliseconds since 1970.
 */
export function refusal(header: string | undefined, body: unknown, policy: InboundPolicy, now: number): string | null {
  const token = decoded(header);
  if (typeof token === 'string') return token;
  const whose = issuedWrong(token.claims, policy) ?? livesWrong(token.claims, now / 1_000);
  if (whose !== null) return whose;
  const activity = Body.safeParse(body);
  if (!activity.success) return 'activity';
  return sentFromElsewhere(activity.data, token.claims, policy) ?? exchangedByOthers(activity.data, policy);
}

function issuedWrong(claims: Claims, { issuer, appId }: InboundPolicy): string | null {
  if (claims.iss !== issuer) return 'issuer';
  if (claims.appid !== undefined || claims.azp !== undefined) return 'token issued to an app';
  return claims.aud === appId ? null : 'audience';
}

/** Whether a token has an end, and how far it is away. */
function livesWrong({ exp, nbf, iat }: Claims, now: number): string | null {
  const start = Math.min(nbf ?? iat ?? now, iat ?? nbf ?? now);
  if (exp + SKEW_S < now) return 'token expired';
  if (Math.max(nbf ?? 0, iat ?? 0) - SKEW_S > now) return 'token from the future';
  return exp - start > LONGEST_LIFE_S ? 'token lifetime' : null;
}

function sentFromElsewhere(activity: Body, claims: Claims, { hosts, tenants }: InboundPolicy): string | null {
  const { channelId, serviceUrl, channelData, conversation } = activity;
  if (channelId !== 'msteams') return 'channel';
  if (!isServiceUrl(serviceUrl, hosts)) return 'service URL host';
  // Both spellings are in use; a token with two of them has to mean the same.
  const claimedUrls = [claims.serviceurl, claims.serviceUrl].filter((url) => url !== undefined);
  if (claimedUrls.length === 0 || claimedUrls.some((url) => url !== serviceUrl)) return 'service URL claim';
  const named = new Set([channelData?.tenant?.id, conversation?.tenantId].filter((id) => typeof id === 'string'));
  const [tenant, another] = named;
  return tenant !== undefined && another === undefined && tenants.includes(tenant) ? null : 'tenant';
}

/** People press and speak, and they do it to this bot: nothing that bots and skills tell each other. */
function exchangedByOthers(activity: Body, { appId }: InboundPolicy): string | null {
  const { type, id, from, recipient, deliveryMode } = activity;
  if (!['user', ''].includes(from?.role ?? '') || !['bot', ''].includes(recipient?.role ?? '')) return 'role';
  if (!DELIVERED.has(deliveryMode ?? 'normal')) return 'delivery mode';
  if (recipient?.id && recipient.id.toLowerCase() !== `28:${appId.toLowerCase()}`) return 'recipient';
  if (type !== 'invoke') return null;
  if (!id) return 'activity id';
  return GUID.test(from?.aadObjectId ?? '') ? null : 'person';
}

/** https at a listed host or under one. Plain http only at a loopback literal that is itself listed. */
export function isServiceUrl(value: string | undefined, hosts: readonly string[]): value is string {
  if (value === undefined || !URL.canParse(value)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(value);
  // Paths are added behind it, which a query or a fragment would swallow.
  if (`${username}${password}${search}${hash}` !== '') return false;
  if (LOOPBACK.has(hostname)) return hosts.includes(hostname) && (protocol === 'http:' || protocol === 'https:');
  return protocol === 'https:' && hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
}

/** Audience and tenant a token claims, unproven: good for choosing who checks it, never for believing it. */
export function claimed(header: string | undefined): { aud: string; tenant: string | null } | null {
  const parts = bearer(header);
  const claims = z.object({ aud: z.string(), tid: z.string().optional() }).safeParse(parts && json(parts[1]));
  return claims.success ? { aud: claims.data.aud, tenant: claims.data.tid ?? null } : null;
}

function decoded(header: string | undefined): string | { claims: Claims } {
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
    return strictJson(Buffer.from(part, 'base64url'));
  } catch {
    return null;
  }
}
