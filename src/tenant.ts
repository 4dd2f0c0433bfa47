import { randomUUID } from 'node:crypto';
import { createDefenderMail } from './adapters/defender/mail.ts';
import { createMailFiles } from './adapters/eml/apart.ts';
import { entraCredential } from './adapters/entra/credential.ts';
import { createSignIn } from './adapters/entra/sign-in.ts';
import type { RequestFolder } from './adapters/files/request-folder.ts';
import { createDirectory } from './adapters/graph/directory.ts';
import { createMailboxes } from './adapters/graph/mailboxes.ts';
import { createMimeReading } from './adapters/graph/mime.ts';
import { createPaceMeter } from './adapters/graph/pace.ts';
import { type Check, type Metrics, remarking } from './adapters/http/health.ts';
import { pressGate } from './adapters/http/limits.ts';
import { callbackAddress, ticketAddress } from './adapters/http/pages.ts';
import type { Observed } from './adapters/microsoft/client.ts';
import { ownLimits } from './adapters/microsoft/own-limits.ts';
import { graphReading } from './adapters/microsoft/reading.ts';
import type { SlackInbound } from './adapters/slack/inbound.ts';
import { SLACK } from './adapters/slack/platform.ts';
import type { QueueName } from './adapters/store/jobs.ts';
import { openCache } from './adapters/store/keyv.ts';
import { freshSalt } from './adapters/store/ledger.ts';
import { sharedLimits } from './adapters/store/limits.ts';
import { createStore } from './adapters/store/store.ts';
import type { TeamsInbound } from './adapters/teams/inbound.ts';
import { CHAT_NAMES, type ChatWiring, slackOf, teamsOf } from './chats.ts';
import { groupingOf } from './config/campaigns.ts';
import { exercisesOf } from './config/exercises.ts';
import type { Tenant } from './config/schema.ts';
import type { Secrets, TenantSecrets } from './config/secrets.ts';
import { allSources, type SourceSecrets } from './config/sources.ts';
import { type Policy, withApprovers } from './core/ask/policy.ts';
import { ClawbackError } from './core/error.ts';
import { elapsedBy } from './core/lease.ts';
import { engineOf, joined, onlyOne } from './engines.ts';
import { watchFinders } from './finder-watch.ts';
import { automationOf, findersOf, seekersOf } from './finders.ts';
import { createCounter } from './flow/decide/counter.ts';
import { type CountingDesk, createDesk } from './flow/decide/desk.ts';
import { adoptPolicy } from './flow/decide/govern.ts';
import { takeIn } from './flow/find/intake.ts';
import { watchSets } from './flow/find/sets.ts';
import type { Bookkeeping, CurrentPolicy, Flow } from './flow/flow.ts';
import { createRefusals, type Refusals } from './flow/record/junk.ts';
import { namedByFindings } from './flow/tell/measures-found.ts';
import { tell } from './happenings.ts';
import { HASH, incidentId } from './identifiers.ts';
import { flaggingOf, intelligenceOf } from './intelligence.ts';
import { keepingOf } from './keeping.ts';
import type { Log } from './log.ts';
import { measuresFor } from './measures.ts';
import { type Notifications, notificationsFor } from './notifications.ts';
import { onCallOf, remembering } from './on-call.ts';
import type { Counter } from './ports/desk.ts';
import { automationChecks, pulledChecks, pulledSources } from './pulled.ts';
import { bookRequests, notWrittenDown, type RequestBooks } from './request-books.ts';
import { tokenCache, tokensFor } from './tokens.ts';
import { reportersTold, toldSources } from './told.ts';

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
  /** What Exchange tells of new reports; null where it tells of none. */
  readonly notifications: Notifications | null;
  /** What was asked of Microsoft: where it goes from the files of this process. */
  readonly requests: RequestBooks;
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
  /** Where what is asked of Microsoft is written down first. */
  readonly requestFolder: RequestFolder;
  /** How long it is kept. */
  readonly requestDays: number;
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
  const requests = wiring.requestFolder.log(tenant.id);
  const pace = createPaceMeter(Date.now);
  const toGraph = {
    requests,
    limits: pace.watched(sharedLimits(database.db, tenant.id, ownLimits(Date.now))),
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
  const directory = createDirectory({ ...toGraph, identityProtection: tenant.graph.identityProtection });
  const engine = engineOf(tenant);
  const observe = (event: Observed) => {
    pace.hear(event);
    worked.observe(event);
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
  const around = {
    now: books.clock.now,
    givenAway: wiring.givenAway,
    graph: graphReading({ ...toGraph, givenAway: wiring.givenAway }),
    mime: createMimeReading({ ...toGraph, ...worked, origin: new URL(tenant.graph.url).origin }),
  };
  let current = await adoptPolicy(books, policyOf(tenant, wiring.policy), 'start');
  const inPrivate = chats.flatMap(({ words }) => words ?? []);
  const intelligence = intelligenceOf({ tenant, toGraph: { ...toGraph, ...worked }, directory });
  const flow: Flow = {
    ...books,
    people: tenant.approvers.map(({ entraId, name, slackId }) => ({
      entraId,
      name,
      accounts: new Map(slackId ? [[SLACK.platform, slackId]] : []),
    })),
    policy: () => current,
    pulled: pulledSources(allSources(secrets), around),
    told: toldSources(allSources(secrets), around),
    ...reportersTold(allSources(secrets), inPrivate),
    ...flaggingOf({ ...books, hash: HASH }, intelligence, inPrivate),
    finders,
    seekers: seekersOf({ tenant, toGraph: { ...toGraph, ...worked } }),
    ...intelligence,
    ...automationOf({ tenant, toGraph: { ...toGraph, ...worked } }),
    report: (tx, told, delivery) => takeIn(flow, tx, told, delivery),
    mailFiles: createMailFiles(),
    onCall: remembering(onCallOf(tenant, secrets), wiring.now, log),
    quiet: tenant.quietHours ?? null,
    linkHosts: tenant.links.hosts,
    keeping: keepingOf(tenant, secrets),
    ...joined({
      mailbox: createMailboxes({
        ...toGraph,
        ...worked,
        observe,
        exerciseMarks: tenant.simulation?.headers.map((name) => name.toLowerCase()),
      }),
      defender: createDefenderMail({
        ...toGraph,
        ...worked,
        ownerOf: async (address) => onlyOne(address, await directory.byAddress(address)),
        patienceMs: engine.readBackMs,
      }),
      terms: engine.terms,
    }),
    ...(engine.isUsual ? {} : { engine }),
    ...measuresFor(tenant, { ...toGraph, ...worked, roles: graph.roles }, namedByFindings({ hash: HASH })),
    ...groupingOf(tenant),
    ...(tenant.simulation ? { exercises: exercisesOf(tenant.simulation) } : {}),
    directory,
    chats: new Map(chats.map(({ people }) => [people.platform, people])),
    files: new Map(chats.flatMap(({ files }) => (files ? [[files.platform, files] as const] : []))),
    chatNames: CHAT_NAMES,
    signIn: signInOf(wiring, secrets),
    pace,
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
  const notifications = notificationsFor(allSources(secrets), {
    ...{ flow, graph: around.graph, publicUrl: wiring.publicUrl, secret: HASH.secret },
    kept: openCache(database.db, tenant.id, 'graph-subscription'),
  });
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
    notifications,
    requests: bookRequests(flow, requests, wiring.requestFolder, wiring.requestDays),
    checks: {
      [`requests ${tenant.name}`]: async () => notWrittenDown(requests.trouble()),
      [`graph ${tenant.name}`]: async () => {
        await graph.token();
        return null;
      },
      [`mailbox sets ${tenant.name}`]: watchSets(flow),
      ...Object.fromEntries(
        finders.filter(({ isOn }) => isOn).map((finder) => [`${finder.name} ${tenant.name}`, watch.check(finder)]),
      ),
      ...pulledChecks(flow),
      ...automationChecks(flow),
      ...notifications?.checks,
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
