import { analyzedPath } from '../adapters/defender/analyzed.ts';
import { HARMLESS_QUERY, NO_MESSAGE } from '../adapters/defender/query.ts';
import { credentialEnd, entraCredential } from '../adapters/entra/credential.ts';
import { probeToken, type TokenFacts } from '../adapters/entra/probe.ts';
import type { TokenSource } from '../adapters/entra/token.ts';
import { createMimeReading } from '../adapters/graph/mime.ts';
import { type GraphFacts, probeGraph } from '../adapters/graph/probe.ts';
import { callbackAddress } from '../adapters/http/pages.ts';
import { graphReading } from '../adapters/microsoft/reading.ts';
import { probeSlack, type SlackFacts } from '../adapters/slack/probe.ts';
import { probeMetadata, probeTeams, type TeamsFacts } from '../adapters/teams/probe.ts';
import { isLoopback } from '../config/rules.ts';
import type { Tenant } from '../config/schema.ts';
import { type AppCredential, prefixOf, type TenantSecrets } from '../config/secrets.ts';
import { allSources } from '../config/sources.ts';
import { orderOf } from '../core/action/engine.ts';
import type { Policy } from '../core/ask/policy.ts';
import { ClawbackError } from '../core/error.ts';
import { examineSources } from './examine-sources.ts';
import { type Finding, fail, skip, type TenantFinding } from './finding.ts';
import { entraGroupsIn, peopleIn, slackGroupsIn } from './in-use.ts';
import { accountProblem } from './judge-directory.ts';
import { judgeEvidence } from './judge-evidence.ts';
import { judgeGraph } from './judge-graph.ts';
import { judgeQuorum, judgeSources } from './judge-host.ts';
import { TABLE_QUERIES } from './judge-intelligence.ts';
import { examineOnCall, judgeQuiet } from './judge-on-call.ts';
import { judgeSignIn } from './judge-sign-in.ts';
import { judgeSlack, personProblem } from './judge-slack.ts';
import { judgeMetadata, judgeTeams } from './judge-teams.ts';
import { type CredentialFacts, type Identity, judgeCredential, judgeToken } from './judge-token.ts';
import type { Look } from './look.ts';
import { placeholdersIn } from './placeholders.ts';

interface Ordered {
  readonly secrets: TenantSecrets | undefined;
  readonly policy: Policy;
  /** Origin under which browsers reach us; null when none is set. */
  readonly publicUrl: string | null;
}

interface Visit {
  readonly tenant: Tenant;
  readonly secrets: TenantSecrets;
  readonly policy: Policy;
  readonly publicUrl: string | null;
  readonly look: Look;
  /** Service -> what the clock here is ahead of it, milliseconds. */
  readonly skews: Map<string, number>;
}

const BOT_SCOPE = 'https://api.botframework.com/.default';

/** Asks every service that one tenant uses, and judges the answers. */
export async function examineTenant(
  tenant: Tenant,
  { secrets, policy, publicUrl }: Ordered,
  look: Look,
  skews: Map<string, number>,
): Promise<readonly TenantFinding[]> {
  if (!secrets) throw new Error(`no secrets were read for tenant ${tenant.name}`);
  const visit: Visit = { tenant, secrets, policy, publicUrl, look, skews };
  const [graph, slack, teams, page, onCall] = await Promise.all([
    examineGraph(visit),
    examineSlack(visit),
    examineTeams(visit),
    examineSignIn(visit),
    examineOnCall(tenant, secrets, policy, { now: look.now, fetch: watched(visit, 'PagerDuty') }),
  ]);
  const able = ableApprovers(tenant, { graph: graph.facts, slack: slack.facts, teams: teams.facts });
  const findings = [
    ...graph.findings,
    ...slack.findings,
    ...teams.findings,
    ...page,
    ...onCall,
    ...judgeQuiet(tenant),
    judgeEvidence(tenant),
    judgeQuorum(policy, able),
    ...judgeSources(allSources(secrets)),
    ...(await examineSources(allSources(secrets), { now: look.now, ...graph.asking })),
  ];
  return findings.map((finding) => ({ tenant: tenant.name, ...finding }));
}

interface OfGraph {
  readonly findings: Finding[];
  readonly facts: GraphFacts | null;
  /** How sources are asked; without a token, not at all. */
  readonly asking: Pick<Parameters<typeof examineSources>[1], 'graph' | 'mime' | 'roles'>;
}

async function examineGraph(visit: Visit): Promise<OfGraph> {
  const { tenant, secrets, policy, look } = visit;
  const { graph } = tenant;
  const waiting = placeholdersIn(tenant).graph;
  if (waiting.length > 0)
    return {
      findings: unfinished('graph', waiting, 'run app-registrations.sh of npm run manifest'),
      facts: null,
      asking: { graph: null },
    };
  const who: Identity = { name: 'graph', clientId: graph.clientId, key: `${prefixOf(tenant.name)}_GRAPH` };
  const at = { authority: graph.authority, credential: secrets.graph, scope: graphScope(tenant) };
  const signedIn = await signIn(visit, who, at);
  const { findings, token, source } = signedIn;
  if (token?.outcome !== 'given' || !source)
    return {
      findings: [...findings, ...judgeGraph(tenant, policy, token, null)],
      facts: null,
      asking: { graph: null },
    };
  const to = { baseUrl: graph.url, token: (claims?: string) => source.token(claims), ids: look.ids, timeoutMs: 15_000 };
  const engines = orderOf(graph.engine);
  const facts = await probeGraph(
    { ...to, sleep: look.sleep },
    {
      hunting: graph.hunting ? HARMLESS_QUERY : null,
      tables: graph.intelligence && graph.hunting ? TABLE_QUERIES : null,
      defender: engines.includes('defender') ? analyzedPath({ networkMessageId: NO_MESSAGE }, look.now()) : null,
      people: peopleIn(tenant, policy).map(({ entraId }) => entraId),
      mailbox: engines.includes('mailbox') ? (tenant.approvers.find(({ address }) => address)?.address ?? null) : null,
      groups: entraGroupsIn(policy).map(({ id }) => id),
      risk: graph.identityProtection ? (tenant.approvers[0]?.entraId ?? null) : null,
    },
  );
  if (facts.date !== null) noteTime(visit, 'Microsoft Graph', facts.date);
  const asking = {
    graph: graphReading({ ...to, clock: look.now }),
    mime: createMimeReading({ ...to, origin: new URL(graph.url).origin, clock: look.now, observe: () => undefined }),
    roles: token.roles,
  };
  return { findings: [...findings, ...judgeGraph(tenant, policy, token, facts)], facts, asking };
}

function graphScope({ graph }: Tenant): string {
  return `${new URL(graph.url).origin}/.default`;
}

/** The page signs people in with a code; a token of its own is the one thing that can be tried without anybody. */
async function examineSignIn(visit: Visit): Promise<Finding[]> {
  const { tenant, secrets, policy, publicUrl } = visit;
  if (!tenant.signIn || !secrets.signIn) return [judgeSignIn(tenant, policy, { page: null, token: null })];
  const { authority, clientId } = tenant.signIn;
  const waiting = placeholdersIn(tenant).signIn;
  if (waiting.length > 0)
    return unfinished('sign-in', waiting, 'run APPS=sign-in ./app-registrations.sh of npm run manifest');
  const who: Identity = { name: 'sign-in', clientId, key: `${prefixOf(tenant.name)}_SIGNIN` };
  const at = { authority, credential: secrets.signIn, scope: graphScope(tenant) };
  const { findings, token } = await signIn(visit, who, at);
  const page = publicUrl === null ? null : callbackAddress(publicUrl);
  return [...findings, judgeSignIn(tenant, policy, { page, token })];
}

async function examineSlack(visit: Visit): Promise<{ findings: Finding[]; facts: SlackFacts | null }> {
  const { tenant, secrets, policy, look } = visit;
  const { slack } = tenant;
  if (!slack || !secrets.slack) return { findings: [], facts: null };
  const waiting = placeholdersIn(tenant).slack;
  if (waiting.length > 0)
    return {
      findings: unfinished('slack', waiting, 'make the Slack app from slack-manifest.json of npm run manifest'),
      facts: null,
    };
  const facts = await probeSlack({
    ...slack,
    botToken: secrets.slack.botToken,
    appToken: secrets.slack.appToken,
    people: tenant.approvers.flatMap(({ slackId }) => slackId ?? []),
    groups: slackGroupsIn(policy).map(({ id }) => id),
    fetch: watched(visit, 'Slack'),
    sleep: look.sleep,
  });
  const { signingSecret } = secrets.slack;
  return { findings: judgeSlack(tenant, slack, { policy, signingSecret }, facts), facts };
}

async function examineTeams(visit: Visit): Promise<{ findings: Finding[]; facts: TeamsFacts | null }> {
  const { tenant, secrets, look } = visit;
  const { teams } = tenant;
  if (!teams || !secrets.bot) return { findings: [], facts: null };
  const waiting = placeholdersIn(tenant).teams;
  if (waiting.length > 0)
    return { findings: unfinished('teams', waiting, 'run app-registrations.sh of npm run manifest'), facts: null };
  const who: Identity = { name: 'bot', clientId: teams.appId, key: `${prefixOf(tenant.name)}_BOT` };
  const at = { authority: teams.authority, credential: secrets.bot, scope: BOT_SCOPE };
  const [{ findings, token, source }, metadata] = await Promise.all([
    signIn(visit, who, at),
    probeMetadata(teams.openIdMetadata, watched(visit, 'the Bot Framework')),
  ]);
  const facts =
    token?.outcome === 'given' && source
      ? await probeTeams({
          ...teams,
          person: tenant.approvers[0]?.entraId ?? '',
          token: await source.token(),
          fetch: watched(visit, 'Teams'),
          sleep: look.sleep,
        })
      : null;
  return { findings: [...findings, ...judgeTeams(tenant, teams, token, facts), judgeMetadata(teams, metadata)], facts };
}

interface SignedIn {
  readonly findings: Finding[];
  readonly token: TokenFacts | null;
  readonly source: TokenSource | null;
}

async function signIn(
  visit: Visit,
  who: Identity,
  at: { readonly authority: string; readonly credential: AppCredential; readonly scope: string },
): Promise<SignedIn> {
  const { tenant, look } = visit;
  const { credential, authority, scope } = at;
  const facts: CredentialFacts = { kind: credential.kind, standIn: isLoopback(authority), ...readable(credential) };
  const first = judgeCredential(who, facts, look.now());
  if (facts.unreadable !== null)
    return { findings: [first, judgeToken(who, credential.kind, null)], token: null, source: null };
  const { facts: token, source } = await probeToken({
    authority,
    scope,
    tenantId: tenant.id,
    clientId: who.clientId,
    credential: entraCredential(credential),
    clock: look.now,
    fetch: watched(visit, 'Entra'),
  });
  return { findings: [first, judgeToken(who, credential.kind, token)], token, source };
}

function readable(credential: AppCredential): Pick<CredentialFacts, 'endsAt' | 'unreadable'> {
  try {
    entraCredential(credential);
    return { endsAt: credentialEnd(credential), unreadable: null };
  } catch (error) {
    // Only our own words: what Node says about broken PEM may repeat parts of it.
    const unreadable = error instanceof ClawbackError ? error.message : 'the certificate is no readable PEM';
    return { endsAt: null, unreadable };
  }
}

function unfinished(of: string, keys: readonly string[], mend: string): Finding[] {
  return [
    fail(
      `${of} placeholders`,
      `not filled in yet: ${keys.join(', ')}`,
      `${mend}, then put the real values into clawback.yaml`,
    ),
    skip(`${of} checks`, 'placeholders are in the configuration'),
  ];
}

/** `look.fetch`, with an ear for what time the service says it is. */
function watched(visit: Visit, service: string): typeof fetch {
  return async (input, init) => {
    const response = await visit.look.fetch(input, init);
    const date = response.headers.get('date');
    if (date !== null) noteTime(visit, service, date);
    return response;
  };
}

function noteTime({ look, skews }: Visit, service: string, date: string): void {
  const told = Date.parse(date);
  if (!Number.isNaN(told)) skews.set(service, look.now() - told);
}

interface Seen {
  readonly graph: GraphFacts | null;
  readonly slack: SlackFacts | null;
  readonly teams: TeamsFacts | null;
}

/** Who can press a button in at least one chat. What could not be asked is not held against anybody. */
function ableApprovers(tenant: Tenant, { graph, slack, teams }: Seen): string[] {
  const inSlack = (slackId: string | undefined) => {
    if (!tenant.slack || slackId === undefined) return false;
    const person = slack?.people.get(slackId);
    return !person || person.error === 'missing_scope' || personProblem(person) === null;
  };
  const inTeams = (entraId: string) => {
    if (!tenant.teams) return false;
    if (teams?.team.status !== 200) return true;
    return teams.members.get(entraId)?.guest === false;
  };
  return tenant.approvers
    .filter(({ entraId }) => accountProblem(graph?.people.get(entraId)) === null)
    .filter(({ slackId, entraId }) => inSlack(slackId) || inTeams(entraId))
    .map(({ name }) => name);
}
