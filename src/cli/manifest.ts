import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseConfig } from '../config/load.ts';
import type { Tenant } from '../config/schema.ts';
import { ClawbackError } from '../core/error.ts';
import { placeholdersIn } from '../doctor/placeholders.ts';
import { slackManifest, teamsPackage } from './manifest-fill.ts';
import { exchangeScript, registrationScript } from './manifest-registrations.ts';
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
  const tenant = tenantOf(shell, args);
  mkdirSync(folder, { recursive: true });
  const write = (name: string, bytes: string | Buffer, what: string, mode = 0o644) => {
    writeFileSync(join(folder, name), bytes, { mode });
    shell.out(`${join(folder, name)}\n    ${what}`);
  };
  write(
    'app-registrations.sh',
    registrationScript({
      host,
      tenantId: tenant?.id ?? null,
      graphUrl: tenant?.graph.url ?? 'https://graph.microsoft.com',
      hunting: tenant?.graph.hunting ?? true,
      teams: tenant === null || tenant.teams !== undefined,
    }),
    'read it, then run it as an administrator: two app registrations with certificates',
    0o755,
  );
  write('exchange-rbac.ps1', exchangeScript(), 'instead of reaching every mailbox: with MAIL_BY=exchange');
  if (tenant === null || tenant.slack) {
    const filled = slackManifest(host, tenant?.slack?.mode ?? 'http');
    write(
      'slack-manifest.json',
      `${JSON.stringify(filled, null, 2)}\n`,
      'api.slack.com/apps, Create New App, From a manifest',
    );
  }
  writeTeams(shell, tenant, host, write);
  return Promise.resolve(0);
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
    teamsPackage(host, tenant.teams.appId),
    'Teams admin centre, Manage apps, Upload; then add it to the team',
  );
}

/** The tenant of the configuration; null when there is none yet. Needs no secrets. */
function tenantOf(shell: Shell, args: Arguments): Tenant | null {
  const file = ownConfig(shell, args);
  if (!file) return null;
  const { tenants } = parseConfig(readConfig(file), file);
  const found = tenants.filter(
    ({ name, id }) => args.tenant === undefined || args.tenant === name || args.tenant === id,
  );
  if (found.length !== 1 || !found[0]) {
    throw new ClawbackError('config', `say which tenant with --tenant: ${tenants.map(({ name }) => name).join(', ')}`, {
      field: 'tenant',
    });
  }
  return found[0];
}

function readConfig(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ClawbackError('config', `there is no configuration file ${file}`, { cause });
  }
}
