import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXAMPLE, REPO, runManifest } from './run.ts';

const TENANT = '7f3c1a52-4b0e-4d6a-9a3e-2f5d8c1b7e90';
const ROLES = {
  mail: 'e2a3a72e-5f79-4c64-b1b1-878b674786c9',
  users: '97235f07-e226-4f63-ace3-39588e11d3a1',
  hunting: 'dd98c7f5-2d42-42d3-a0e4-633161547251',
};

/** An `az` that notes what it was asked and answers as the real one would. */
const AZ = `#!/usr/bin/env bash
printf '%s\\n' "$*" >> "$AZ_LOG"
case "$*" in
  'account show'*) printf '%s\\n' "$AZ_TENANT" ;;
  'ad app list'*) printf '%s\\n' "\${AZ_APPS:-0}" ;;
  'ad app create'*) printf 'app-%s\\n' "$(grep -c 'ad app create' "$AZ_LOG")" ;;
  'ad sp create'*) printf 'sp-of-%s\\n' "$5" ;;
  'ad sp show'*) printf 'sp-of-graph\\n' ;;
esac
`;
const OPENSSL = `#!/usr/bin/env bash
while [ $# -gt 0 ]; do case "$1" in -keyout | -out) echo PEM > "$2"; shift ;; esac; shift; done
`;

/** Runs the written script against that az. */
async function registered(config: string, env: Record<string, string> = {}) {
  const { folder } = await runManifest(config, '--host', 'bot.example.com');
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, text] of [
    ['az', AZ],
    ['openssl', OPENSSL],
  ] as const) {
    writeFileSync(join(bin, name), text);
    chmodSync(join(bin, name), 0o755);
  }
  const log = join(folder, 'az.log');
  const { status, stdout, stderr } = spawnSync('bash', [join(folder, 'dist', 'manifest', 'app-registrations.sh')], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`, AZ_LOG: log, AZ_TENANT: TENANT, ...env },
  });
  const asked = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
  return { status, said: stdout + stderr, asked, folder };
}

const granted = (asked: readonly string[]) =>
  asked.flatMap((line) => /"principalId": "([\w-]+)".*"appRoleId": "([\w-]+)"/.exec(line)?.slice(1) ?? []);

describe('the script that registers Clawback in Entra', () => {
  it('makes two identities, and grants mail to the executor alone', async () => {
    const { status, asked, said } = await registered(EXAMPLE);
    expect([status, asked.filter((line) => line.startsWith('ad app create')).length]).toEqual([0, 2]);
    expect(granted(asked)).toEqual([
      'sp-of-app-1',
      ROLES.mail,
      'sp-of-app-1',
      ROLES.users,
      'sp-of-app-1',
      ROLES.hunting,
    ]);
    expect(said).toContain('graph.clientId: app-1\n  teams.appId: app-2');
  });

  it('asks for no hunting where none is configured', async () => {
    const { asked } = await registered(EXAMPLE.replace('hunting: true', 'hunting: false'));
    expect(granted(asked)).not.toContain(ROLES.hunting);
  });

  it('leaves mail to Exchange when told so', async () => {
    const { asked } = await registered(EXAMPLE, { MAIL_BY: 'exchange' });
    expect(granted(asked)).not.toContain(ROLES.mail);
  });

  it('makes certificates and no client secret', async () => {
    const { asked, folder } = await registered(EXAMPLE);
    const credentials = asked.filter((line) => line.includes('credential reset'));
    expect(credentials.every((line) => line.includes('--cert @certs/') && line.includes('--append'))).toBe(true);
    expect([credentials.length, statSync(join(folder, 'certs', 'graph.key')).mode & 0o777]).toEqual([2, 0o600]);
  });

  it('makes federated credentials instead when the platform has an issuer, and then no key at all', async () => {
    const { status, asked, folder } = await registered(EXAMPLE, {
      FEDERATED_ISSUER: 'https://issuer.example.com',
      FEDERATED_SUBJECT: 'system:serviceaccount:soc:clawback',
    });
    const credentials = asked.filter((line) => line.includes('credential'));
    expect([status, credentials.length]).toEqual([0, 2]);
    expect(
      credentials.every((line) => line.includes('federated-credential create') && line.includes('soc:clawback')),
    ).toBe(true);
    expect(existsSync(join(folder, 'certs', 'graph.key'))).toBe(false);
  });

  it('keeps the private keys out of version control', async () => {
    const { folder } = await registered(EXAMPLE);
    expect(readFileSync(join(folder, 'certs', '.gitignore'), 'utf8')).toBe('*\n');
  });

  it.each([
    ['az is signed in to another tenant', { AZ_TENANT: 'another' }, 'another tenant'],
    ['there is an app of that name', { AZ_APPS: '1' }, 'there is an app called'],
    ['MAIL_BY is mistyped', { MAIL_BY: 'exchnage' }, 'MAIL_BY is entra or exchange'],
  ])('makes nothing when %s', async (_name, env, words) => {
    const { status, said, asked } = await registered(EXAMPLE, env);
    expect([status === 0, said, asked.some((line) => line.includes('create'))]).toEqual([
      false,
      expect.stringContaining(words),
      false,
    ]);
  });

  it('registers no bot where there is no Teams', async () => {
    const slackOnly = EXAMPLE.replace(/ {4}# The chat bot:[\s\S]*?(?= {4}# Who may decide)/, '');
    const { asked } = await registered(slackOnly);
    expect(asked.filter((line) => line.startsWith('ad app create'))).toHaveLength(1);
  });
});

describe('the list of Graph permissions', () => {
  const { permissions, dangerous } = JSON.parse(readFileSync(`${REPO}/manifest/graph-permissions.json`, 'utf8')) as {
    permissions: { feature: string; permission: string; appRoleId: string; required: boolean }[];
    dangerous: string[];
  };

  it('asks for nothing that is called dangerous', () => {
    expect(permissions.filter(({ permission }) => dangerous.includes(permission))).toEqual([]);
  });

  it('has the app role ids of Microsoft Graph', () => {
    expect(Object.fromEntries(permissions.map(({ permission, appRoleId }) => [permission, appRoleId]))).toEqual({
      'Mail.ReadWrite': ROLES.mail,
      'User.ReadBasic.All': ROLES.users,
      'User.Read.All': 'df021288-bdef-4463-88db-98f22de89214',
      'ThreatHunting.Read.All': ROLES.hunting,
    });
  });
});
