import { randomBytes } from 'node:crypto';
import type { Check, Metrics } from './adapters/http/health.ts';
import { createIntake } from './adapters/http/intake.ts';
import { createLimits, gated, type Limits, type Purpose, sifted } from './adapters/http/limits.ts';
import { ownMonitoring, publicMetrics, publicMonitoring } from './adapters/http/monitor.ts';
import { type HeardNotification, NOTIFIED_AT, notificationRoute } from './adapters/http/notifications.ts';
import { signInRoutes } from './adapters/http/pages.ts';
import { type Handler, type Listening, listen, type ServerEvents, type SignedHandler } from './adapters/http/server.ts';
import { stopRoute } from './adapters/http/stop.ts';
import { DEFAULT_PUSH, DEFAULT_VENDOR, VENDOR_NAMES, type VendorName, vendorOf } from './adapters/sources/vendors.ts';
import type { Loaded } from './config/load.ts';
import type { Config } from './config/schema.ts';
import type { Alert } from './core/find/alert.ts';
import type { Delivery } from './core/find/source.ts';
import { roomTroubleWords } from './core/tell/chats.ts';
import { stopOnce } from './flow/decide/brake.ts';
import { receive } from './flow/find/intake.ts';
import { roomTroubles } from './flow/tell/room.ts';
import type { Log } from './log.ts';
import { slackRoute, teamsRoute } from './routing.ts';
import type { TenantParts } from './tenant.ts';

interface Surroundings {
  /** Of the process as a whole; each tenant has its own besides. */
  readonly checks: Readonly<Record<string, Check>>;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Opens what is to be reached over the network: the public address, and the port for monitoring where there is one. */
export async function openWeb(
  { config, secrets }: Loaded,
  tenants: readonly TenantParts[],
  { checks: ofProcess, metrics, log }: Surroundings,
): Promise<Listening> {
  const { listen: at } = config;
  const limits = createLimits({ ...config.limits, trustProxy: at.trustProxy });
  const checks: Record<string, Check> = {
    ...ofProcess,
    ...Object.assign({}, ...tenants.map((parts) => parts.checks)),
    ...roomChecks(tenants),
  };
  const routes = new Map<string, Handler>([
    ...signedRoutes(tenants, limits),
    ...pageRoutes(config, tenants, limits),
    // Never limited: whoever watches over us must not take a flood for our death.
    ...publicMonitoring(checks, secrets.metricsToken),
    ...(secrets.metricsToken
      ? ([['GET /metrics', sifted(limits, 'other', publicMetrics(metrics, secrets.metricsToken))]] as const)
      : []),
  ]);
  const events = serverEvents(metrics, log, tenants);
  const web = await listen(routes, at, events, (notHere) => gated(limits, 'other', notHere));
  if (!at.monitor) return web;
  try {
    const monitor = await listen(ownMonitoring(checks, metrics), at.monitor, serverEvents(metrics, log, []));
    return { url: web.url, close: () => Promise.all([web.close(), monitor.close()]).then(() => undefined) };
  } catch (error) {
    await web.close();
    throw error;
  }
}

/** A dead room is worth a look and no reason to send nobody here any more: the other chat and the purges go on. */
function roomChecks(tenants: readonly TenantParts[]): Record<string, Check> {
  const named = tenants.flatMap(({ flow }) => flow.rooms.map(({ platform }) => ({ flow, platform })));
  return Object.fromEntries(
    named.map(({ flow, platform }) => [
      `room ${platform} ${flow.tenant.name}`,
      async () => {
        const trouble = (await roomTroubles(flow)).get(platform) ?? null;
        return trouble === null ? null : { remark: roomTroubleWords(trouble) };
      },
    ]),
  );
}

/** Signed by whoever sends it: each purpose has its own limit, and a genuine request is taken whatever else comes. */
function signedRoutes(tenants: readonly TenantParts[], limits: Limits): [string, Handler][] {
  const signed: [string, Purpose, SignedHandler][] = [
    ...intakeRoutes(tenants, limits),
    // Whoever may report mail in our own form may also say that something is wrong.
    ['POST /intake/stop', 'intake', stopRoute(DEFAULT_PUSH, sending(tenants, DEFAULT_VENDOR))],
    ...notificationRoutes(tenants),
    ['POST /slack/events', 'slack', slackRoute(tenants)],
    ['POST /api/messages', 'teams', teamsRoute(tenants)],
  ];
  return signed.map(([route, purpose, handler]) => [route, sifted(limits, purpose, handler)]);
}

/** Our own form at `/intake/alerts`, that of another vendor at `/intake/alerts/<vendor>` where a source of it is set up. */
function intakeRoutes(tenants: readonly TenantParts[], limits: Limits): [string, Purpose, SignedHandler][] {
  return VENDOR_NAMES.flatMap((vendor): [string, Purpose, SignedHandler][] => {
    const { push } = vendorOf(vendor);
    const senders = sending(tenants, vendor);
    const isOwn = vendor === DEFAULT_VENDOR;
    if (!push || (!isOwn && senders.every(({ sources }) => sources.length === 0))) return [];
    return [[`POST /intake/alerts${isOwn ? '' : `/${vendor}`}`, 'intake', createIntake(push, senders, limits)]];
  });
}

/** Only where a mailbox tells of anything. */
function notificationRoutes(tenants: readonly TenantParts[]): [string, Purpose, SignedHandler][] {
  const all = tenants.flatMap(({ notifications }) => notifications ?? []);
  if (all.length === 0) return [];
  const hear = async (one: HeardNotification) => {
    for (const notifications of all) if (await notifications.hear(one)) return true;
    return false;
  };
  return [[`POST ${NOTIFIED_AT}`, 'intake', notificationRoute(hear)]];
}

function sending(tenants: readonly TenantParts[], of: VendorName) {
  return tenants.map(({ flow, sources }) => ({
    name: flow.tenant.name,
    sources: sources.filter(({ vendor }) => vendor === of),
    take: (alert: Alert, delivery: Delivery) => receive(flow, alert, delivery),
    stop: (reason: string, delivery: Delivery) => stopOnce(flow, delivery, reason),
  }));
}

function pageRoutes(
  { listen: at, tenants: tenantsIn }: Config,
  tenants: readonly TenantParts[],
  limits: Limits,
): [string, Handler][] {
  const counters = new Map(tenants.flatMap(({ flow, counter }) => (counter ? [[flow.tenant.name, counter]] : [])));
  if (counters.size === 0 || !at.publicUrl) return [];
  const authorities = tenantsIn.flatMap(({ signIn }) => (signIn ? [signIn.authority] : []));
  const pages = signInRoutes({ counters, publicUrl: at.publicUrl, authorities, random: randomBytes });
  return [...pages].map(([route, handler]) => [route, gated(limits, 'pages', handler)]);
}

/** A refused request counts for every tenant that it could have meant: who it was for is not to be believed. */
export function serverEvents(metrics: Metrics, log: Log, tenants: readonly TenantParts[]): ServerEvents {
  return {
    refused: (route, why) => {
      metrics.count('refusals', { route, reason: why });
      log.debug({ route, why }, 'request refused');
      for (const { refusals } of tenants) refusals.count(route, why);
    },
    failed: (route, err) => log.error({ route, err }, 'request failed'),
    answered: (route, status, ms) => metrics.time('http', { route, status: String(status) }, ms / 1_000),
  };
}
