import { vendorOf } from '../adapters/sources/vendors.ts';
import type { Config, Tenant } from './schema.ts';

export interface Problem {
  readonly key: string;
  readonly says: string;
}

/** States that the schema allows and that must still not start. */
export function unsafe(config: Config): Problem[] {
  const problems: Problem[] = [];
  const seen = new Map<string, string>();
  config.tenants.forEach((tenant, index) => {
    const at = `tenants.${index}`;
    for (const [kind, value] of [
      ['name', tenant.name],
      ['id', tenant.id],
    ] as const) {
      if (seen.has(`${kind} ${value}`))
        problems.push({ key: `${at}.${kind}`, says: `${value} is used by another tenant of this file` });
      seen.set(`${kind} ${value}`, at);
    }
    problems.push(
      ...peopleOf(tenant, at),
      ...sourcesOf(tenant, at),
      ...surroundingsOf(tenant, at),
      ...pagesOf(config, tenant, at),
    );
  });
  return [...problems, ...monitorOf(config)];
}

/** On one address monitoring would be open to everybody again. */
function monitorOf({ listen }: Config): Problem[] {
  return listen.monitor?.port === listen.port
    ? [{ key: 'listen.monitor.port', says: `${listen.port} is the public one: monitoring needs a port of its own` }]
    : [];
}

/** One name for two secrets, and the record could not tell who said what. */
function sourcesOf({ sources }: Tenant, at: string): Problem[] {
  const seen = new Set<string>();
  return sources.flatMap(({ name, vendor, url }, index) => {
    const key = `${at}.sources.${index}`;
    const isTaken = seen.has(name);
    seen.add(name);
    const problems = isTaken ? [{ key: `${key}.name`, says: `${name} is listed twice` }] : [];
    const { pull } = vendorOf(vendor);
    if (url !== undefined && !pull)
      problems.push({ key: `${key}.url`, says: `${vendor} sends by itself and is not asked anywhere` });
    if (url === undefined && pull?.url === null)
      problems.push({ key: `${key}.url`, says: `${vendor} is asked for its alerts: say where` });
    return problems;
  });
}

function peopleOf(tenant: Tenant, at: string): Problem[] {
  const problems: Problem[] = [];
  for (const field of ['entraId', 'slackId'] as const) {
    const seen = new Set<string>();
    tenant.approvers.forEach((approver, index) => {
      const value = approver[field];
      if (value === undefined) return;
      // One chat identity for two people, or one person listed twice, would let one click count as two.
      if (seen.has(value))
        problems.push({ key: `${at}.approvers.${index}.${field}`, says: `${value} is listed twice` });
      seen.add(value);
    });
  }
  if (!tenant.slack && !tenant.teams)
    problems.push({ key: at, says: 'has neither slack nor teams: nobody could see an alert' });
  return problems;
}

/** The sign-in page's address goes to Entra and into chats: it has to be one that browsers reach safely. */
function pagesOf({ listen }: Config, tenant: Tenant, at: string): Problem[] {
  if (!tenant.signIn) return [];
  const { publicUrl } = listen;
  if (publicUrl === undefined)
    return [{ key: `${at}.signIn`, says: 'needs listen.publicUrl: people come back to it after the sign-in' }];
  const { protocol, pathname, search } = new URL(publicUrl);
  if (protocol !== 'https:' && !isLoopback(publicUrl))
    return [{ key: 'listen.publicUrl', says: `${publicUrl} is not https: sign-ins would travel in clear` }];
  return pathname === '/' && search === ''
    ? []
    : [{ key: 'listen.publicUrl', says: 'must be an origin, without a path' }];
}

/** Tenant ids of this form belong to stand-ins; Entra never issues them. */
const STAND_IN = /^00000000-/;

export function isLoopback(address: string): boolean {
  const host = new URL(address).hostname;
  return /^(127(\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]|(.+\.)?localhost\.?)$/.test(host);
}

function surroundingsOf(tenant: Tenant, at: string): Problem[] {
  const addresses: [string, string][] = [
    ['graph.url', tenant.graph.url],
    ['graph.authority', tenant.graph.authority],
  ];
  if (tenant.slack) addresses.push(['slack.apiUrl', tenant.slack.apiUrl]);
  if (tenant.teams) {
    addresses.push(['teams.authority', tenant.teams.authority]);
    addresses.push(['teams.serviceUrl', tenant.teams.serviceUrl]);
    addresses.push(['teams.openIdMetadata', tenant.teams.openIdMetadata]);
  }
  if (tenant.signIn) addresses.push(['signIn.authority', tenant.signIn.authority]);
  if (tenant.onCall?.source === 'pagerduty') addresses.push(['onCall.url', tenant.onCall.url]);
  tenant.sources.forEach(({ vendor, url }, index) => {
    const asked = url ?? vendorOf(vendor).pull?.url;
    if (asked) addresses.push([`sources.${index}.url`, asked]);
  });
  const standIn = STAND_IN.test(tenant.id);
  return addresses.flatMap(([key, address]) => {
    const local = isLoopback(address);
    if (!local && new URL(address).protocol !== 'https:') {
      return [{ key: `${at}.${key}`, says: `${address} is not https: tokens would travel in clear` }];
    }
    if (local && !standIn) {
      return [
        {
          key: `${at}.${key}`,
          says: `${address} is a stand-in on this machine, but ${tenant.id} is a real tenant id (stand-ins use ids beginning with 00000000-)`,
        },
      ];
    }
    if (!local && standIn) {
      return [
        { key: `${at}.${key}`, says: `${address} is a real service, but ${tenant.id} is the id of a stand-in tenant` },
      ];
    }
    return [];
  });
}
