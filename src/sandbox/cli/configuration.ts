import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Sandbox } from '../sandbox.ts';

export interface SandboxSettings {
  /** Where clawback.yaml, .env and the data go. */
  readonly folder: string;
  readonly port: number;
  readonly log?: string;
  /** Text of policy.yaml; by default the sandbox's own. */
  readonly policy?: string;
  /** Text of a schedule file: who is on call. Nobody says it if not given. */
  readonly onCall?: string;
  /** As in clawback.yaml, where a test sends more than people would. */
  readonly limits?: Readonly<Record<string, number>>;
  /** False: attacks that are alike have a card each, however many come in an hour. */
  readonly campaigns?: boolean;
  readonly slackMode?: 'http' | 'socket';
  /** Where Sublime is asked, and its secrets: then Defender, users' reports and Sublime are sources as well. */
  readonly sublime?: { readonly url: string; readonly key: string; readonly secret: string };
  /** Folder of the embedded database; beside the configuration if not given. */
  readonly data?: string;
  /** A server instead of the embedded database. */
  readonly databaseUrl?: string;
}

const EACH_BY_ITSELF = { campaigns: { on: false }, cards: { detectorPerHour: 100_000 } };
const ON_CALL = 'on-call.yaml';

/** Writes a configuration that points the product at the sandbox: the same keys as for a real tenant, nothing else. */
export function writeSandboxConfig(sandbox: Sandbox, settings: SandboxSettings): string {
  mkdirSync(settings.folder, { recursive: true, mode: 0o700 });
  const file = join(settings.folder, 'clawback.yaml');
  writeFileSync(file, stringify(configOf(sandbox, settings)));
  writeFileSync(join(settings.folder, 'policy.yaml'), settings.policy ?? stringify(sandboxPolicy(sandbox)));
  if (settings.onCall) writeFileSync(join(settings.folder, ON_CALL), settings.onCall);
  const env = Object.entries(secretsOf(sandbox, settings)).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(join(settings.folder, '.env'), env.join(''), { mode: 0o600 });
  return file;
}

function configOf(sandbox: Sandbox, settings: SandboxSettings) {
  const { slack, teams, graph, entra, apps } = sandbox;
  const approvers = sandbox.personas.filter(({ role }) => role === 'analyst' || role === 'lead' || role === 'employee');
  return {
    listen: { host: '127.0.0.1', port: settings.port, publicUrl: `http://127.0.0.1:${settings.port}` },
    ...(settings.limits ? { limits: settings.limits } : {}),
    data: settings.data ?? join(settings.folder, 'data'),
    log: settings.log ?? 'warn',
    tenants: [
      {
        name: 'sandbox',
        id: sandbox.tenantId,
        graph: {
          url: graph.url,
          authority: entra.url,
          clientId: apps.executor.clientId,
          credential: 'secret',
          identityProtection: true,
          // What it takes on is done within seconds here, or never.
          ...(sandbox.byDefender ? { engine: { first: 'defender', readBackSeconds: 6 } } : {}),
        },
        slack: {
          apiUrl: slack.apiUrl,
          teamId: slack.teamId,
          channel: slack.channelId,
          mode: settings.slackMode ?? 'http',
          files: sandbox.slackFiles,
        },
        teams: {
          appId: apps.bot.clientId,
          authority: entra.url,
          credential: 'secret',
          teamId: sandbox.teamId,
          channelId: teams.channelId,
          serviceUrl: teams.serviceUrl,
          hosts: [new URL(teams.serviceUrl).hostname],
          openIdMetadata: teams.openIdMetadataUrl,
        },
        // Emma is on the list on purpose: she received the mail, so her approval must not count.
        approvers: approvers.map(({ key, name, entraId, address }) => ({
          name,
          entraId,
          slackId: slack.users[key]?.id,
          address,
        })),
        ...(settings.campaigns === false ? EACH_BY_ITSELF : {}),
        ...(settings.onCall ? { onCall: { source: 'file', file: `./${ON_CALL}` } } : {}),
        signIn: { clientId: apps.signIn.clientId, authority: entra.url, credential: 'secret' },
        // The sandbox's detector sees what it reports: it is believed in all that a source can be believed in.
        sources: [
          {
            name: 'sandbox',
            kind: 'detector',
            claims: { confidence: 100, actFirst: true, facts: ['recipients', 'ids', 'reporters'] },
          },
          ...(settings.sublime ? vendorsBeside(settings.sublime.url) : []),
        ],
      },
    ],
  };
}

/** Believed in what each of them knows for itself. */
function vendorsBeside(sublimeUrl: string) {
  return [
    { name: 'defender', vendor: 'defender', tellEnd: true, claims: { facts: ['recipients', 'ids'] } },
    { name: 'outlook', vendor: 'submissions', tellEnd: true, claims: { facts: ['recipients', 'reporters'] } },
    { name: 'sublime', vendor: 'sublime', url: sublimeUrl, tellEnd: true, claims: { facts: ['recipients'] } },
  ];
}

function secretsOf(sandbox: Sandbox, settings: SandboxSettings): Record<string, string> {
  return {
    CLAWBACK_SANDBOX_GRAPH_SECRET: sandbox.apps.executor.secret,
    CLAWBACK_SANDBOX_BOT_SECRET: sandbox.apps.bot.secret,
    CLAWBACK_SANDBOX_SIGNIN_SECRET: sandbox.apps.signIn.secret,
    CLAWBACK_SANDBOX_SLACK_BOT_TOKEN: sandbox.slackSecrets.botToken,
    CLAWBACK_SANDBOX_SLACK_SIGNING_SECRET: sandbox.slackSecrets.signingSecret,
    CLAWBACK_SANDBOX_SLACK_APP_TOKEN: sandbox.slackSecrets.appToken,
    CLAWBACK_SANDBOX_SOURCE_SANDBOX_SECRETS: `whsec_${randomBytes(24).toString('base64')}`,
    ...(settings.sublime
      ? {
          CLAWBACK_SANDBOX_SOURCE_SUBLIME_SECRETS: `"sign=${settings.sublime.secret} key=${settings.sublime.key}"`,
        }
      : {}),
    // For `clawback submit`: a person at a command line, believed in nothing.
    CLAWBACK_SANDBOX_INTAKE_SECRETS: `whsec_${randomBytes(24).toString('base64')}`,
    CLAWBACK_METRICS_TOKEN: randomBytes(24).toString('hex'),
    CLAWBACK_CACHE_KEY: randomBytes(24).toString('hex'),
    ...(settings.databaseUrl ? { DATABASE_URL: settings.databaseUrl } : {}),
  };
}

/** `wanted` when nobody listens there, else any free port. */
export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', () => (wanted === 0 ? reject(new Error('no free port on 127.0.0.1')) : resolve(freePort())));
    probe.listen({ host: '127.0.0.1', port: wanted }, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** Something of everything: sizes, roles, a step-up, a protected mailbox, so that each can be tried with a press. */
function sandboxPolicy({ personas, groups }: Pick<Sandbox, 'personas' | 'groups'>) {
  const lead = personas.filter(({ role }) => role === 'lead').map(({ entraId }) => entraId);
  const one = [{ role: 'approver', count: 1 }];
  const two = [{ role: 'approver', count: 2 }];
  return {
    version: 1,
    roles: { analyst: { entraGroups: [groups.analysts] }, lead: { people: lead } },
    rules: [
      {
        name: 'delete for good: an analyst and a lead, signed in anew, with a reason',
        when: { action: ['hard-purge'] },
        approve: [
          { role: 'analyst', count: 1 },
          { role: 'lead', count: 1 },
        ],
        stepUp: 'c1',
        reason: true,
      },
      { name: 'up to five mailboxes', when: { action: ['purge'], mailboxes: { atMost: 5 } }, approve: one },
      {
        name: 'more than five mailboxes',
        when: { action: ['purge'] },
        approve: two,
        escalation: [{ afterMinutes: 15, remind: 'lead' }],
      },
      { name: 'undo', when: { action: ['undo'] }, approve: two },
      { name: 'flag', when: { action: ['flag'] }, approve: one },
      { name: 'move to Junk', when: { action: ['junk'] }, approve: one },
    ],
    reads: { excerpt: ['lead'], search: { by: ['approver', 'lead'] } },
  };
}
