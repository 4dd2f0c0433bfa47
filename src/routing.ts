import type { ServerResponse } from 'node:http';
import { readBody } from './adapters/http/body.ts';
import { sendTooManyRefused } from './adapters/http/limits.ts';
import { sendProblem } from './adapters/http/problem.ts';
import type { SignedHandler } from './adapters/http/server.ts';
import type { TenantParts } from './tenant.ts';

/** Several tenants share one address; the credential that a request carries says which of them is meant. */

const MOST_BYTES = 262_144;

/** The workspace whose signing secret signed the request. */
export function slackRoute(tenants: readonly TenantParts[]): SignedHandler {
  const adapters = tenants.flatMap(({ slack }) => (slack ? [slack] : []));
  return async (req, res, wait = null) => {
    const raw = await readBody(req, MOST_BYTES);
    const signer = raw && adapters.find((candidate) => candidate.verify(raw, req.headers));
    if (wait !== null && !signer) return sendTooManyRefused(res, wait);
    if (!raw) return tooLarge(res);
    // Nobody's signature: the first adapter refuses it, in the words and with the status it has for that.
    const adapter = signer ?? adapters[0];
    return adapter ? adapter.handle(req, res, raw) : notConfigured(res, 'Slack');
  };
}

/** The bot that the token names; two bots of one app id are told apart by the tenant in the activity. */
export function teamsRoute(tenants: readonly TenantParts[]): SignedHandler {
  const bots = tenants.flatMap(({ teams, flow, botAppId }) =>
    teams ? [{ teams, tenant: flow.tenant.id, appId: botAppId }] : [],
  );
  return async (req, res, wait = null) => {
    const raw = await readBody(req, MOST_BYTES);
    if (!raw) return wait === null ? tooLarge(res) : sendTooManyRefused(res, wait);
    const audience = bots[0]?.teams.claims(req.headers.authorization)?.aud;
    const named = bots.filter((bot) => bot.appId === audience);
    const bot = named.find(({ tenant }) => tenant === tenantOf(raw)) ?? named[0] ?? bots[0];
    if (wait !== null && !(await bot?.teams.believes(req.headers.authorization, raw)))
      return sendTooManyRefused(res, wait);
    return bot ? bot.teams.handle(req, res, raw) : notConfigured(res, 'Teams');
  };
}

function tenantOf(raw: Buffer): string | null {
  try {
    const activity = JSON.parse(raw.toString('utf8')) as { channelData?: { tenant?: { id?: unknown } } } | null;
    const id = activity?.channelData?.tenant?.id;
    return typeof id === 'string' ? id : null;
  } catch {
    return null;
  }
}

function tooLarge(res: ServerResponse): string {
  sendProblem(res, {
    status: 413,
    type: 'too-large',
    title: 'The request is too large',
    detail: `At most ${MOST_BYTES} bytes are taken.`,
  });
  return 'too large';
}

function notConfigured(res: ServerResponse, platform: string): string {
  sendProblem(res, {
    status: 404,
    type: 'not-configured',
    title: `${platform} is not configured`,
    detail: 'See the README for the settings.',
  });
  return `${platform} is not configured`;
}
