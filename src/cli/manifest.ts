import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { callbackAddress } from '../adapters/http/pages.ts';
import { parseConfig } from '../config/load.ts';
import { loadPolicy } from '../config/policy-file.ts';
import type { Tenant } from '../config/schema.ts';
import { textOf } from '../config/text-file.ts';
import { defaultPolicy, type Policy } from '../core/ask/policy.ts';
import { ClawbackError } from '../core/error.ts';
import { usedBy } from '../doctor/in-use.ts';
import { ADDRESS_SCOPE, FILE_SCOPES, REPORT_SCOPE } from '../doctor/permissions.ts';
import { placeholdersIn } from '../doctor/placeholders.ts';
import { slackManifest, teamsPackage } from './manifest-fill.ts';
import { type App, exchangeScript, registrationScript } from './manifest-registrations.ts';
import { ownConfig } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

const HOST = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

/** Writes what Slack, Teams and Entra have to be given, with the ids and the host filled in. Sends nothing anywhere. */
export function manifest(shell: Shell, args: Arguments): Promise<number> {
  const host = args.host?.toLowerCase() ?? '';
  if (!HOST.test(host)) {
    shell.err('say under which public name Slack and Teams reach Clawback: npm run manifest -- --host bot.example.com');
    return Promise.resolve(2);
  }
  const folder = resolve(shell.folder, args.out ?? join('dist', 'manifest'));
  const { tenant, policy, publicUrl } = chosen(shell, args);
  mkdirSync(folder, { recursive: true });
  const write = (name: string, bytes: string | Buffer, what: string, mode = 0o644) => {
    writeFileSync(join(folder, name), bytes, { mode });
    shell.out(`${join(folder, name)}\n    ${what}`);
  };
  const apps = appsOf(tenant);
  const used = tenant ? usedBy(tenant, policy) : { hunting: true, groups: false, identityProtection: false };
  write(
    'app-registrations.sh',
    registrationScript({
      host,
      callback: callbackAddress(publicUrl ?? `https://${host}`),
      tenantId: tenant?.id ?? null,
      graphUrl: tenant?.graph.url ?? 'https://graph.microsoft.com',
      used,
      apps,
    }),
    `read it, then run it as an administrator: app registrations with certificates (${apps.join(', ')})`,
    0o755,
  );
  write('exchange-rbac.ps1', exchangeScript(used), 'instead of reaching every mailbox: with MAIL_BY=exchange');
  writeSlack(tenant, policy, host, write);
  writeTeams(shell, tenant, host, write);
  return Promise.resolve(0);
}

function writeSlack(
  tenant: Tenant | null,
  policy: Policy,
  host: string,
  write: (name: string, bytes: string, what: string) => void,
): void {
  if (tenant && !tenant.slack) return;
  const { mode = 'http', files = false, reports = false } = tenant?.slack ?? {};
  const scopes = [
    ...(policy.linkByEmail ? [ADDRESS_SCOPE] : []),
    ...(files ? FILE_SCOPES : []),
    ...(reports ? [REPORT_SCOPE] : []),
  ];
  const filled = slackManifest(host, { mode, scopes, messages: files, reports });
  write(
    'slack-manifest.json',
    `${JSON.stringify(filled, null, 2)}\n`,
    'api.slack.com/apps, Create New App, From a manifest',
  );
}

function writeTeams(
  shell: Shell,
  tenant: Tenant | null,
  host: string,
  write: (name: string, bytes: Buffer, what: string) => void,
): void {
  if (tenant && !tenant.teams) return;
  if (!tenant?.teams || placeholdersIn(tenant).teams.includes('teams.appId')) {
    shell.out(
      'teams-app.zip is not written yet: put teams.appId into clawback.yaml after app-registrations.sh, then run this again',
    );
    return;
  }
  write(
    'teams-app.zip',
    teamsPackage(host, tenant.teams.appId, tenant.teams.reports),
    'Teams admin centre, Manage apps, Upload; then add it to the team',
  );
}

/** Without a configuration all that it may come to need; the sign-in page is harmless, since it may call nothing. */
function appsOf(tenant: Tenant | null): readonly App[] {
  if (!tenant) return ['executor', 'bot', 'sign-in'];
  return ['executor', ...(tenant.teams ? ['bot' as const] : []), ...(tenant.signIn ? ['sign-in' as const] : [])];
}

interface Chosen {
  /** Null when there is no configuration yet. */
  readonly tenant: Tenant | null;
  readonly policy: Policy;
  readonly publicUrl: string | null;
}

/** The tenant of the configuration, with the policy beside it. Needs no secrets. */
function chosen(shell: Shell, args: Arguments): Chosen {
  const file = ownConfig(shell, args);
  if (!file) return { tenant: null, policy: defaultPolicy(), publicUrl: null };
  const config = parseConfig(textOf(file, 'the configuration file'), file);
  const { tenants, listen } = config;
  const found = tenants.filter(
    ({ name, id }) => args.tenant === undefined || args.tenant === name || args.tenant === id,
  );
  if (found.length !== 1 || !found[0]) {
    throw new ClawbackError('config', `say which tenant with --tenant: ${tenants.map(({ name }) => name).join(', ')}`, {
      field: 'tenant',
    });
  }
  const { policy } = loadPolicy(config, dirname(file));
  return { tenant: found[0], policy, publicUrl: listen.publicUrl ?? null };
}
