import { randomUUID } from 'node:crypto';
import { entraCredential } from './adapters/entra/credential.ts';
import { createSignIn } from './adapters/entra/sign-in.ts';
import { createDirectory } from './adapters/graph/directory.ts';
import { createMailboxes } from './adapters/graph/mailboxes.ts';
import { type Check, type Metrics, remarking } from './adapters/http/health.ts';
import { pressGate } from './adapters/http/limits.ts';
import { callbackAddress, ticketAddress } from './adapters/http/pages.ts';
import type { Observed } from './adapters/microsoft/client.ts';
import type { SlackInbound } from './adapters/slack/inbound.ts';
import { SLACK } from './adapters/slack/platform.ts';
import type { QueueName } from './adapters/store/jobs.ts';
import { freshSalt } from './adapters/store/ledger.ts';
import { createStore } from './adapters/store/store.ts';
import type { TeamsInbound } from './adapters/teams/inbound.ts';
import { CHAT_NAMES, type ChatWiring, slackOf, teamsOf } from './chats.ts';
import type { Tenant } from './config/schema.ts';
import type { Secrets, TenantSecrets } from './config/secrets.ts';
import { allSources, type SourceSecrets } from './config/sources.ts';
import { type Policy, withApprovers } from './core/ask/policy.ts';
import { ClawbackError } from './core/error.ts';
import { elapsedBy } from './core/lease.ts';
import { watchFinders } from './finder-watch.ts';
import { findersOf } from './finders.ts';
import { createCounter } from './flow/decide/counter.ts';
import { type CountingDesk, createDesk } from './flow/decide/desk.ts';
import { adoptPolicy } from './flow/decide/govern.ts';
import { watchSets } from './flow/find/sets.ts';
import type { Bookkeeping, CurrentPolicy, Flow } from './flow/flow.ts';
import { createRefusals, type Refusals } from './flow/record/junk.ts';
import { tell } from './happenings.ts';
import { HASH, incidentId } from './identifiers.ts';
import type { Log } from './log.ts';
import { onCallOf, remembering } from './on-call.ts';
import type { Counter } from './ports/desk.ts';
import { pulledChecks, pulledSources } from './pulled.ts';
import { tokenCache, tokensFor } from './tokens.ts';

/** Everything of one tenant, built and joined. The only place where vendors meet the flow. */
export interface TenantParts {
  readonly flow: Flow;
  readonly desk: CountingDesk;
  /** Null where no sign-in page is configured. */
  readonly counter: Counter | null;
  /** From now on new plans are made under this policy. */
  govern(policy: Policy, from: string): Promise<void>;
  readonly slack: SlackInbound | null;
  readonly teams: TeamsInbound | null;
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

export interface Wiring extends ChatWiring {
  readonly policy: Policy;
  /** Origin under which browsers reach us; null without a sign-in page. */
  readonly publicUrl: string | null;
  readonly pressesPerMinute: number;
  /** What the stop file says; null while there is none. */
  readonly stopFile: () => Promise<string | null>;
  readonly secrets: Secrets;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Milliseconds since 1970: the time that decisions and the record go by. */
  readonly now: () => number;
  readonly wake: (queues: Iterable<QueueName>) => void;
  /** False once this process was asked to end. */
  readonly mayBegin: () => boolean;
  /** Aborted when it gives its work away. */
  readonly givenAway: AbortSignal;
  /** Throws while this process must write nothing. */
  readonly mayWork: () => void;
}

export async function wireTenant(wiring: Wiring): Promise<TenantParts> {
  const { tenant, database, metrics } = wiring;
  const log = wiring.log.child({ tenant: tenant.name });
  const secrets = wiring.secrets.tenants[tenant.id];
  if (!secrets) throw new ClawbackError('config', `no secrets were read for tenant ${tenant.name}`);
  const cache = tokenCache(database, tenant.id, wiring.secrets.cacheKey);
  const graph = tokensFor(tenant.graph, tenant.id, secrets.graph, graphScope(tenant), cache, log);
  const slackChat = await slackOf(wiring, secrets, log);
  const teamsChat = await teamsOf(wiring, secrets, cache, log);
  const chats = [slackChat, teamsChat].filter((chat) => chat !== null);
  const watch = watchFinders(() => new Date(wiring.now()).toISOString());
  const toGraph = {
    baseUrl: tenant.graph.url,
    token: graph.token,
    clock: Date.now,
    ids: randomUUID,
    patienceMs: tenant.graph.patienceSeconds * 1_000,
    sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  };
  const worked = {
    givenAway: wiring.givenAway,
    observe: ({ operation, status, ms }: Observed) =>
      metrics.time('graph', { tenant: tenant.name, operation, status: String(status) }, ms / 1_000),
  };
  const finders = findersOf({ tenant, toGraph: { ...toGraph, ...worked } });
  const books: Bookkeeping = {
    tenant: { id: tenant.id, name: tenant.name, mode: tenant.mode },
    clock: { now: () => new Date(wiring.now()).toISOString(), id: randomUUID, incidentId },
    store: createStore(database, tenant.id, {
      id: randomUUID,
      salt: freshSalt,
      wake: wiring.wake,
      mayWork: wiring.mayWork,
    }),
    rooms: chats.map(({ rooms }) => rooms),
  };
  let current = await adoptPolicy(books, policyOf(tenant, wiring.policy), 'start');
  const flow: Flow = {
    ...books,
    people: tenant.approvers.map(({ entraId, name, slackId }) => ({
      entraId,
      name,
      accounts: new Map(slackId ? [[SLACK.platform, slackId]] : []),
    })),
    policy: () => current,
    pulled: pulledSources(allSources(secrets), { now: books.clock.now, givenAway: wiring.givenAway }),
    finders,
    onCall: remembering(onCallOf(tenant, secrets), wiring.now, log),
    quiet: tenant.quietHours ?? null,
    linkHosts: tenant.links.hosts,
    ...createMailboxes({ ...toGraph, ...worked }),
    directory: createDirectory({ ...toGraph, identityProtection: tenant.graph.identityProtection }),
    chats: new Map(chats.map(({ people }) => [people.platform, people])),
    files: new Map(chats.flatMap(({ files }) => (files ? [[files.platform, files] as const] : []))),
    chatNames: CHAT_NAMES,
    signIn: signInOf(wiring, secrets),
    lookAgainAfter: [tenant.graph.huntingLagMinutes, 60, 240, 1_440],
    stopFile: wiring.stopFile,
    mayBegin: wiring.mayBegin,
    elapsed: elapsedBy(Date.now, () => performance.now()),
    hash: HASH,
    observe: (happening) => {
      watch.hear(happening);
      tell(happening, { tenant: tenant.name, metrics, log });
    },
  };
  const refusals = createRefusals(flow, (counts) => log.warn({ counts }, 'requests were refused'));
  const desk = createDesk(flow, pressGate(wiring.pressesPerMinute), refusals);
  const slack = slackChat?.listen(desk, flow) ?? null;
  const teams = teamsChat?.listen(desk, flow) ?? null;
  return {
    flow,
    desk,
    counter: flow.signIn && createCounter(flow, refusals),
    async govern(policy, from) {
      current = await adoptPolicy(flow, policyOf(tenant, policy), from);
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
      ...Object.fromEntries(
        finders.filter(({ isOn }) => isOn).map((finder) => [`${finder.name} ${tenant.name}`, watch.check(finder)]),
      ),
      ...pulledChecks(flow),
      ...(slack?.trouble ? { [`slack connection ${tenant.name}`]: remarking(slack.trouble) } : {}),
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
