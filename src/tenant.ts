import { randomUUID } from 'node:crypto';
import { entraCredential } from './adapters/entra/credential.ts';
import { createSignIn } from './adapters/entra/sign-in.ts';
import { createTokenSource, type TokenSource } from './adapters/entra/token.ts';
import { createDirectory } from './adapters/graph/directory.ts';
import { createMail } from './adapters/graph/mail.ts';
import type { Check, Metrics } from './adapters/http/health.ts';
import { pressGate } from './adapters/http/limits.ts';
import { callbackAddress, ticketAddress } from './adapters/http/pages.ts';
import { type SlackAdapter, startSlack } from './adapters/slack/slack.ts';
import type { Database } from './adapters/store/database.ts';
import type { QueueName } from './adapters/store/jobs.ts';
import { openCache, type SealedCache, sealCache } from './adapters/store/keyv.ts';
import { createStore } from './adapters/store/store.ts';
import { createTeams, type TeamsAdapter } from './adapters/teams/teams.ts';
import { compileCard } from './adapters/teams/template.ts';
import type { Tenant } from './config/schema.ts';
import type { AppCredential, Secrets, TenantSecrets } from './config/secrets.ts';
import { allSources, type SourceSecrets } from './config/sources.ts';
import { ClawbackError } from './core/error.ts';
import { elapsedBy } from './core/lease.ts';
import { type Policy, withApprovers } from './core/policy.ts';
import { present } from './core/present.ts';
import { createCounter } from './flow/counter.ts';
import { type CountingDesk, createDesk } from './flow/desk.ts';
import { factsOf } from './flow/facts.ts';
import type { CurrentPolicy, Flow } from './flow/flow.ts';
import { adoptPolicy } from './flow/govern.ts';
import { createRefusals, type Refusals } from './flow/junk.ts';
import { watchSets } from './flow/sets.ts';
import { tell } from './happenings.ts';
import { HASH, incidentId } from './identifiers.ts';
import type { Log } from './log.ts';
import type { Counter, Desk } from './ports/desk.ts';
import type { ChatPeople } from './ports/people.ts';
import type { Platform, Rooms } from './ports/rooms.ts';

/** Everything of one tenant, built and joined. The only place where vendors meet the flow. */
export interface TenantParts {
  readonly flow: Flow;
  readonly desk: CountingDesk;
  /** Null where no sign-in page is configured. */
  readonly counter: Counter | null;
  /** From now on new plans are made under this policy. */
  govern(policy: Policy, from: string): Promise<void>;
  readonly slack: SlackAdapter | null;
  readonly teams: TeamsAdapter | null;
  /** Client id of the Teams bot; null without Teams. */
  readonly botAppId: string | null;
  /** Who may send alerts, and stop. */
  readonly sources: readonly SourceSecrets[];
  readonly refusals: Refusals;
  /** For `/readyz`: a line each. */
  readonly checks: Readonly<Record<string, Check>>;
  /** Opens what has to be opened only once the web server answers. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface Wiring {
  readonly tenant: Tenant;
  readonly policy: Policy;
  /** Origin under which browsers reach us; null without a sign-in page. */
  readonly publicUrl: string | null;
  readonly pressesPerMinute: number;
  readonly cardsPerMinute: number;
  /** What the stop file says; null while there is none. */
  readonly stopFile: () => Promise<string | null>;
  readonly secrets: Secrets;
  readonly database: Database;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Milliseconds since 1970: the time that decisions and the record go by. */
  readonly now: () => number;
  readonly wake: (queues: Iterable<QueueName>) => void;
  /** Throws while this process must write nothing. */
  readonly mayWork: () => void;
}

export async function wireTenant(wiring: Wiring): Promise<TenantParts> {
  const { tenant, database, metrics } = wiring;
  const log = wiring.log.child({ tenant: tenant.name });
  const secrets = wiring.secrets.tenants[tenant.id];
  if (!secrets) throw new ClawbackError('config', `no secrets were read for tenant ${tenant.name}`);
  const cache = tokenCache(wiring);
  const graph = signIn(tenant.graph, tenant.id, secrets.graph, graphScope(tenant), cache, log);
  const rooms: Rooms[] = [];
  const chats: Partial<Record<Platform, ChatPeople>> = {};
  let current = policyOf(tenant, wiring.policy);
  const toGraph = {
    baseUrl: tenant.graph.url,
    token: graph.token,
    clock: Date.now,
    ids: randomUUID,
    patienceMs: tenant.graph.patienceSeconds * 1_000,
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  };
  const flow: Flow = {
    tenant: { id: tenant.id, name: tenant.name, slackTeam: tenant.slack?.teamId ?? null, mode: tenant.mode },
    people: tenant.approvers.map(({ entraId, name, slackId }) => ({ entraId, name, slackId: slackId ?? null })),
    policy: () => current,
    store: createStore(database, tenant.id, { id: randomUUID, wake: wiring.wake, mayWork: wiring.mayWork }),
    mail: createMail({
      ...toGraph,
      hunting: tenant.graph.hunting,
      observe: ({ operation, status, ms }) =>
        metrics.time('graph', { tenant: tenant.name, operation, status: String(status) }, ms / 1_000),
    }),
    directory: createDirectory({ ...toGraph, identityProtection: tenant.graph.identityProtection }),
    chats,
    rooms,
    signIn: signInOf(wiring, secrets),
    lookAgainAfter: [tenant.graph.huntingLagMinutes, 60, 240, 1_440],
    stopFile: wiring.stopFile,
    clock: { now: () => new Date(wiring.now()).toISOString(), id: randomUUID, incidentId },
    elapsed: elapsedBy(Date.now, () => performance.now()),
    hash: HASH,
    observe: (happening) => tell(happening, { tenant: tenant.name, metrics, log }),
  };
  await adoptPolicy(flow, current, 'start');
  const refusals = createRefusals(flow, (counts) => log.warn({ counts }, 'requests were refused'));
  const desk = createDesk(flow, pressGate(wiring.pressesPerMinute), refusals);
  const slack = tenant.slack && secrets.slack ? await slackOf(wiring, tenant.slack, secrets.slack, desk, log) : null;
  const teams =
    tenant.teams && secrets.bot ? teamsOf(wiring, tenant.teams, secrets.bot, { flow, desk, cache, log }) : null;
  for (const adapter of [slack, teams]) {
    if (!adapter) continue;
    rooms.push(adapter.rooms);
    chats[adapter.rooms.platform] = adapter.people;
  }
  return {
    flow,
    desk,
    counter: flow.signIn && createCounter(flow, refusals),
    async govern(policy, from) {
      const next = policyOf(tenant, policy);
      await adoptPolicy(flow, next, from);
      current = next;
    },
    slack,
    teams,
    botAppId: tenant.teams?.appId ?? null,
    sources: allSources(secrets),
    refusals,
    checks: {
      [`graph ${tenant.name}`]: async () => {
        await graph.token();
        return null;
      },
      [`mailbox sets ${tenant.name}`]: watchSets(flow),
    },
    start: async () => {
      await slack?.start();
    },
    close: async () => {
      await slack?.stop();
    },
  };
}

function policyOf(tenant: Tenant, policy: Policy): CurrentPolicy {
  const own = withApprovers(
    policy,
    tenant.approvers.map(({ entraId }) => entraId),
  );
  return { policy: own, digest: HASH.digest(own) };
}

function signInOf({ tenant, publicUrl }: Wiring, secrets: TenantSecrets): Flow['signIn'] {
  const { signIn: at } = tenant;
  if (!at || !secrets.signIn || publicUrl === null) return null;
  return {
    pages: createSignIn({
      authority: at.authority,
      tenantId: tenant.id,
      clientId: at.clientId,
      credential: entraCredential(secrets.signIn),
      redirectUri: callbackAddress(publicUrl),
      clock: Date.now,
    }),
    url: (secret) => ticketAddress(publicUrl, tenant.name, secret),
  };
}

function graphScope(tenant: Tenant): string {
  return `${new URL(tenant.graph.url).origin}/.default`;
}

function signIn(
  at: { readonly authority: string; readonly clientId: string },
  tenantId: string,
  credential: AppCredential,
  scope: string,
  cache: SealedCache | null,
  log: Log,
): TokenSource {
  return createTokenSource({
    authority: at.authority,
    tenantId,
    clientId: at.clientId,
    credential: entraCredential(credential),
    scope,
    ...(cache ? { cache } : {}),
    clock: Date.now,
    health: (err) => {
      if (err) log.error({ err, scope }, 'the credential could not be renewed');
    },
  });
}

/** Bearer tokens outlive a restart only encrypted, and only when a key was given for it. */
function tokenCache({ secrets, database, tenant }: Wiring): SealedCache | null {
  return secrets.cacheKey ? sealCache(openCache(database.db, tenant.id, 'token'), secrets.cacheKey) : null;
}

function slackOf(
  { database, tenant, cardsPerMinute }: Wiring,
  at: NonNullable<Tenant['slack']>,
  secrets: NonNullable<TenantSecrets['slack']>,
  desk: Desk,
  log: Log,
): Promise<SlackAdapter> {
  const installations = openCache(database.db, tenant.id, 'slack-installation');
  return startSlack({
    ...at,
    ...secrets,
    desk,
    log,
    compile: compileCard,
    newPerMinute: cardsPerMinute,
    installation: {
      get: () => installations.get(at.teamId),
      set: (value) => installations.set(at.teamId, value).then(() => undefined),
    },
  });
}

function teamsOf(
  { database, tenant, cardsPerMinute }: Wiring,
  at: NonNullable<Tenant['teams']>,
  credential: AppCredential,
  { flow, desk, cache, log }: { flow: Flow; desk: Desk; cache: SealedCache | null; log: Log },
): TeamsAdapter {
  const bot = signIn(
    { authority: at.authority, clientId: at.appId },
    tenant.id,
    credential,
    'https://api.botframework.com/.default',
    cache,
    log,
  );
  const references = openCache(database.db, tenant.id, 'conversation');
  const members = openCache(database.db, tenant.id, 'teams-member');
  return createTeams({
    appId: at.appId,
    tenantId: tenant.id,
    hosts: at.hosts,
    issuer: at.issuer,
    openIdMetadataUrl: at.openIdMetadata,
    serviceUrl: at.serviceUrl,
    channelId: at.channelId,
    teamId: at.teamId,
    token: bot.token,
    desk,
    learned: async ({ event, serviceUrl }) => {
      if (event === 'present') await references.set(at.channelId, serviceUrl);
      else await references.delete(at.channelId);
    },
    reference: async () => (await references.get<string>(at.channelId)) ?? null,
    members: {
      get: async (entraId) => (await members.get<string>(entraId)) ?? null,
      set: (entraId, id) => members.set(entraId, id).then(() => undefined),
    },
    newPerMinute: cardsPerMinute,
    current: async (incident) => {
      const facts = await flow.store.transact((tx) => factsOf(flow, tx, incident));
      return facts && present(facts);
    },
    log,
  });
}
