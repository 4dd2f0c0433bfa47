import { createHash, randomBytes } from 'node:crypto';
import { startEntra } from './entra/start.ts';
import type { Entra } from './entra/types.ts';
import type { Json } from './graph/reply.ts';
import { startGraph } from './graph/start.ts';
import type { Limits } from './graph/types.ts';
import { rolesOf } from './roles.ts';
import type { KeptChannel } from './slack/channel.ts';
import type { SlackLimits } from './slack/limits.ts';
import { type SlackStandIn, startSlack } from './slack/start.ts';
import { type KeptThreads, startTeams, type TeamsStandIn } from './teams/start.ts';
import type { KeptTenant } from './tenant/kept.ts';
import { createTenant, type Tenant } from './tenant/tenant.ts';

/** A whole tenant on this machine: Graph, Entra, Slack and the Bot connector, with people in it. */

const SANDBOX_TENANT = '00000000-0000-4000-8000-00000000c0de';
const DOMAIN = 'contoso.example';
const TEAM_ID = '19:general00000000000000000000000000@thread.tacv2';
const CHANNEL_ID = '19:soc-mail-alerts00000000000000000@thread.tacv2';

interface Persona {
  readonly key: string;
  readonly name: string;
  readonly role: 'analyst' | 'lead' | 'guest' | 'employee';
  readonly entraId: string;
  readonly address: string;
}

const SLACK_SCOPES = [
  ...['chat:write', 'commands', 'users:read', 'channels:read', 'groups:read'],
  ...['channels:history', 'groups:history', 'usergroups:read'],
];

const PERSONAS: readonly Omit<Persona, 'address'>[] = [
  { key: 'dana', name: 'Dana Analyst', role: 'analyst', entraId: '00000000-0000-4000-8000-0000000000d1' },
  { key: 'omar', name: 'Omar Analyst', role: 'analyst', entraId: '00000000-0000-4000-8000-0000000000d2' },
  { key: 'lena', name: 'Lena Lead', role: 'lead', entraId: '00000000-0000-4000-8000-0000000000d3' },
  { key: 'gus', name: 'Gus Guest', role: 'guest', entraId: '00000000-0000-4000-8000-0000000000d4' },
  { key: 'emma', name: 'Emma Employee', role: 'employee', entraId: '00000000-0000-4000-8000-0000000000d5' },
];

const ANALYSTS = ['dana', 'omar'];
const LEADS = ['lena'];
const SLACK_GROUPS = { slackAnalysts: 'S0ANALYSTS', slackLeads: 'S0LEADS' };

export interface Sandbox {
  readonly tenantId: string;
  readonly domain: string;
  readonly tenant: Tenant;
  readonly graph: Awaited<ReturnType<typeof startGraph>>;
  readonly entra: Entra;
  readonly slack: SlackStandIn;
  readonly teams: TeamsStandIn;
  readonly personas: readonly Persona[];
  readonly teamId: string;
  /** The app registrations: the mail executor, the chat bot, and the pages where people sign in. */
  readonly apps: { readonly executor: App; readonly bot: App; readonly signIn: App };
  /** Ids of the groups: in the tenant, where `everyone` holds the other two, and in Slack. */
  readonly groups: Groups;
  readonly slackFiles: boolean;
  readonly byDefender: boolean;
  readonly measures: boolean;
  readonly intelligence: boolean;
  readonly slackSecrets: { readonly botToken: string; readonly signingSecret: string; readonly appToken: string };
  /** Addresses of employees without a persona. */
  readonly employees: readonly string[];
  /** All that a sandbox after this one needs to go on where this one is. */
  keep(): Promise<KeptSandbox>;
  /**
   * Tells the chat services where the bot listens, and Entra where people come back to after signing in. Dana installs the
   * bot in Teams, unless somebody has done so in the sandbox before this one.
   */
  connect(botUrl: string): Promise<void>;
  close(): Promise<void>;
}

/** Mail and messages, with everybody's ids. Secrets, keys and faults are made anew at each start. */
export interface KeptSandbox {
  readonly tenant: KeptTenant;
  readonly slack: KeptChannel;
  readonly teams: KeptThreads;
  /** What Defender and users have reported; left out by earlier versions. */
  readonly reported?: { readonly alerts: readonly Json[]; readonly submissions: readonly Json[] };
}

interface App {
  readonly clientId: string;
  readonly secret: string;
}

interface Groups {
  readonly analysts: string;
  readonly leads: string;
  readonly everyone: string;
  readonly slackAnalysts: string;
  readonly slackLeads: string;
}

export interface SandboxOptions {
  /** Mailboxes beside those of the personas. */
  readonly employees: number;
  readonly hunting?: boolean;
  /** Whether mail is taken out and put back through Defender, by an executor without a permission on mailboxes. */
  readonly byDefender?: boolean;
  /** Whether something may be done about people, beside their mail. */
  readonly measures?: boolean;
  /** Whether people who received a mail are looked at, with the permissions that it takes. */
  readonly intelligence?: boolean;
  readonly limits?: Partial<Limits>;
  /** What the Slack token may do; by default what the product's app manifest asks for. */
  readonly slackScopes?: readonly string[];
  /** Whether the executor may also ask Defender for alerts and for what users report, and tell both how it ended. */
  readonly sources?: boolean;
  /** Whether the Slack app may send files to people, and is configured to. */
  readonly slackFiles?: boolean;
  readonly slackLimits?: Partial<SlackLimits>;
  /** Makes ids and jitter repeatable. */
  readonly seed?: number;
  readonly kept?: KeptSandbox;
  /** Of the Bot connector; any free one if not given. */
  readonly teamsPort?: number;
}

function startTenant(
  { employees: count, kept }: SandboxOptions,
  personas: readonly Persona[],
  tools: { readonly clock: () => number; readonly random: () => number },
): Pick<Sandbox, 'tenant' | 'employees'> {
  const employees = Array.from(
    { length: count },
    (_, index) => `employee${String(index + 1).padStart(4, '0')}@${DOMAIN}`,
  );
  const known = kept ? { kept: kept.tenant } : {};
  const tenant = createTenant({ id: SANDBOX_TENANT, domain: DOMAIN, ...tools, ...known });
  if (!kept) populate(tenant, personas, employees);
  return { tenant, employees };
}

/** Everything listens on 127.0.0.1, on free ports. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const random = options.seed === undefined ? Math.random : seeded(options.seed);
  const clock = Date.now;
  const personas = PERSONAS.map((persona) => ({ ...persona, address: `${persona.key}@${DOMAIN}` }));
  const { kept } = options;
  const { tenant, employees } = startTenant(options, personas, { clock, random });
  const groups = { ...tenantGroups(tenant), ...SLACK_GROUPS };

  const executor = newApp('executor');
  const bot = newApp('bot');
  const signIn = newApp('sign-in');
  const slackSecrets = {
    botToken: `xoxb-${secretText()}`,
    signingSecret: secretText(),
    appToken: `xapp-${secretText()}`,
  };
  const entra = await startEntra({
    tenantId: SANDBOX_TENANT,
    clock,
    apps: [
      { ...executor, roles: rolesOf(options) },
      { ...bot, roles: [] },
      { ...signIn, roles: [] },
    ],
    people: () => peopleOf(tenant),
  });
  const graph = await startGraph({
    tenant,
    verifyToken: (token) => entra.verifyToken(token),
    clock,
    random,
    hunting: options.hunting ?? true,
    // Nobody who looks on wants to wait for minutes: whoever wants to see it late says so.
    limits: { huntingLagMs: [0, 0], signInLagMs: [0, 0], auditLagMs: [0, 0], grantLagMs: 0, ...options.limits },
  });
  if (kept?.reported) putBack(graph, kept.reported);
  const slack = await startSlack({
    ...slackSecrets,
    channel: 'soc-mail-alerts',
    scopes: options.slackScopes ?? [...SLACK_SCOPES, ...(options.slackFiles ? ['files:write', 'im:write'] : [])],
    messagesTab: options.slackFiles ?? false,
    ...(options.slackLimits ? { limits: options.slackLimits } : {}),
    groups: { [groups.slackAnalysts]: ANALYSTS, [groups.slackLeads]: LEADS },
    users: personas.map(({ key, name, address, role }) => ({
      key,
      name,
      email: address,
      restricted: role === 'guest',
    })),
    clock,
    random,
    ...(kept ? { kept: kept.slack } : {}),
  });
  const teams = await startTeams({
    tenantId: SANDBOX_TENANT,
    appId: bot.clientId,
    teamId: TEAM_ID,
    channelId: CHANNEL_ID,
    users: personas.map(({ key, name, address, role, entraId }) => ({
      key,
      name,
      upn: address,
      aadObjectId: entraId,
      ...(role === 'guest' ? { guest: true } : {}),
    })),
    botName: 'Clawback',
    clock,
    random,
    ...(options.teamsPort === undefined ? {} : { port: options.teamsPort }),
    ...(kept ? { kept: kept.teams } : {}),
  });
  return {
    tenantId: SANDBOX_TENANT,
    domain: DOMAIN,
    tenant,
    graph,
    entra,
    slack,
    teams,
    personas,
    teamId: TEAM_ID,
    apps: { executor, bot, signIn },
    groups,
    slackFiles: options.slackFiles ?? false,
    byDefender: options.byDefender ?? false,
    measures: options.measures ?? false,
    intelligence: options.intelligence ?? false,
    slackSecrets,
    employees,
    keep: async () => ({
      tenant: tenant.keep(),
      slack: await slack.keep(),
      teams: teams.keep(),
      reported: { alerts: graph.alerts, submissions: graph.submissions },
    }),
    async connect(botUrl) {
      slack.connect({ eventsUrl: new URL('/slack/events', botUrl).href });
      teams.connect({ messagesUrl: new URL('/api/messages', botUrl).href });
      entra.setRedirectUris(signIn.clientId, [new URL('/auth/callback', botUrl).href]);
      if (!kept) await teams.install('dana');
    },
    async close() {
      await Promise.all([slack.close(), teams.close(), graph.close(), entra.close()]);
    },
  };
}

function putBack({ alerts, submissions }: Sandbox['graph'], reported: NonNullable<KeptSandbox['reported']>): void {
  alerts.push(...reported.alerts);
  submissions.push(...reported.submissions);
}

function populate(tenant: Tenant, personas: readonly Persona[], employees: readonly string[]): void {
  for (const { entraId: id, address: userPrincipalName, name: displayName, role } of personas) {
    tenant.addUser({ id, userPrincipalName, displayName, userType: role === 'guest' ? 'Guest' : 'Member' });
  }
  for (const address of employees) tenant.addUser(address);
}

function tenantGroups(tenant: Tenant): Pick<Groups, 'analysts' | 'leads' | 'everyone'> {
  const idsOf = (keys: readonly string[]) => PERSONAS.filter(({ key }) => keys.includes(key)).map((one) => one.entraId);
  const group = (name: string, id: string, members: readonly string[]) =>
    tenant.setGroup({ id: `00000000-0000-4000-8000-0000000000${id}`, displayName: name, members }).id;
  const analysts = group('SOC analysts', 'a1', idsOf(ANALYSTS));
  const leads = group('SOC leads', 'a2', idsOf(LEADS));
  return { analysts, leads, everyone: group('SOC everyone', 'a3', [analysts, leads]) };
}

/** Who can sign in: a disabled account cannot. */
function peopleOf(tenant: Tenant) {
  return PERSONAS.flatMap(({ entraId }) => {
    const user = tenant.userByKey(entraId);
    return user?.accountEnabled ? [{ entraId: user.id, name: user.displayName, upn: user.userPrincipalName }] : [];
  });
}

function newApp(name: string): App {
  const hex = createHash('sha256').update(`clawback sandbox ${name}`).digest('hex');
  return { clientId: `00000000-0000-4000-8000-${hex.slice(0, 12)}`, secret: secretText() };
}

function secretText(): string {
  return randomBytes(24).toString('hex');
}

/** mulberry32: small, repeatable, and good enough for jitter and ids of a sandbox. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
