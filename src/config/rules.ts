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
      ...notifiedOf(config, tenant, at),
      ...automationOf(tenant, at),
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

/** Microsoft has to reach us, and what it says travels over the Internet. */
function notifiedOf({ listen: { publicUrl } }: Config, { sources }: Tenant, at: string): Problem[] {
  return sources.flatMap(({ notify, vendor }, index) => {
    const key = `${at}.sources.${index}.notify`;
    if (!notify) return [];
    if (!vendorOf(vendor).pull?.ofMailbox)
      return [{ key, says: `${vendor} reads no mailbox that could tell of anything` }];
    if (publicUrl === undefined) return [{ key, says: 'needs listen.publicUrl: Exchange tells it there' }];
    const isSafe = new URL(publicUrl).protocol === 'https:' || isLoopback(publicUrl);
    return isSafe ? [] : [{ key, says: `needs https at listen.publicUrl, which is ${publicUrl}` }];
  });
}

/** One name for two secrets, and the record could not tell who said what. */
function sourcesOf(tenant: Tenant, at: string): Problem[] {
  const { sources } = tenant;
  const seen = new Set<string>();
  return sources.flatMap((source, index) => {
    const { name, vendor, url } = source;
    const key = `${at}.sources.${index}`;
    const isTaken = seen.has(name);
    seen.add(name);
    const problems = isTaken ? [{ key: `${key}.name`, says: `${name} is listed twice` }] : [];
    const { pull, url: own } = vendorOf(vendor);
    if (url !== undefined && pull?.byGraph)
      problems.push({ key: `${key}.url`, says: `${vendor} is asked at graph.url of the tenant` });
    if (url !== undefined && !pull && own === undefined)
      problems.push({ key: `${key}.url`, says: `${vendor} sends by itself and is not asked anywhere` });
    if (url === undefined && pull?.url === null && !pull.byGraph)
      problems.push({ key: `${key}.url`, says: `${vendor} is asked for its alerts: say where` });
    return [...problems, ...mailboxOf(source, key), ...reporterOf(source, tenant, key)];
  });
}

/** Nobody is told what was asked of somebody else, and nobody where no chat lets us write to them. */
function reporterOf(
  { tellReporter, claims }: Tenant['sources'][number],
  { slack, teams }: Tenant,
  key: string,
): Problem[] {
  if (!tellReporter) return [];
  if (!claims.facts.includes('reporters'))
    return [
      { key: `${key}.tellReporter`, says: 'needs claims.facts: [reporters]: else nobody is known to have reported' },
    ];
  return teams || slack?.files
    ? []
    : [{ key: `${key}.tellReporter`, says: 'needs teams, or slack with files: true, to write to one person' }];
}

/** What a reported mail says of itself is the choice of whoever wrote it, so that nothing of it is ever a fact. */
function mailboxOf({ vendor, mailbox, claims }: Tenant['sources'][number], key: string): Problem[] {
  const reads = vendorOf(vendor).pull?.ofMailbox === true;
  if (mailbox !== undefined && !reads) return [{ key: `${key}.mailbox`, says: `${vendor} reads no mailbox` }];
  if (!reads) return [];
  const missing =
    mailbox === undefined ? [{ key: `${key}.mailbox`, says: `${vendor} reads one mailbox: say which` }] : [];
  const facts = claims.facts.filter((fact) => fact !== 'reporters');
  if (facts.length === 0) return missing;
  const says = `${facts.join(' and ')} of a reported mail are what its writer put there: only reporters can be facts`;
  return [...missing, { key: `${key}.claims.facts`, says }];
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

/** What automation took out is told by hunting alone. */
function automationOf({ automation, graph }: Tenant, at: string): Problem[] {
  return automation.list && !graph.hunting
    ? [{ key: `${at}.automation.list`, says: 'needs graph.hunting: hunting alone tells what was taken out' }]
    : [];
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
    const asked = url ?? vendorOf(vendor).pull?.url ?? vendorOf(vendor).url;
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
