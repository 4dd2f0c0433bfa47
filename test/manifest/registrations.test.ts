import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exampleWith, policyWith, REPO, runManifest } from './run.ts';

const TENANT = '7f3c1a52-4b0e-4d6a-9a3e-2f5d8c1b7e90';
const ROLES = {
  mail: 'e2a3a72e-5f79-4c64-b1b1-878b674786c9',
  people: 'df021288-bdef-4463-88db-98f22de89214',
  hunting: 'dd98c7f5-2d42-42d3-a0e4-633161547251',
  defender: '04c55753-2244-4c25-87fc-704ab82a4f69',
  groups: '98830695-27a2-44f7-8c18-0c3ebc9698f6',
  risk: 'dc5007c0-2d7d-4c42-879c-2dab87571379',
};
const PAGE_APP = { clientId: '2c8e4f6a-5b3d-4719-9e0f-7a1b8c6d5e43' };

/** Both chats, a sign-in page and hunting. */
const EXAMPLE = exampleWith((tenant, config) => {
  Object.assign(tenant.graph, { hunting: true, identityProtection: false });
  Object.assign(tenant, { signIn: PAGE_APP });
  Object.assign(config.listen, { publicUrl: 'https://bot.example.com' });
});
const withOther = (change: Parameters<typeof exampleWith>[0]) =>
  exampleWith((tenant, config) => {
    Object.assign(tenant, { signIn: PAGE_APP });
    Object.assign(config.listen, { publicUrl: 'https://bot.example.com' });
    change(tenant, config);
  });
const WITHOUT_PAGE = withOther((tenant) => delete tenant.signIn);
const GROUP = '8a1f0c6e-2b7d-4e95-b3c4-6d5e7f809a1b';

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
async function registered(files: Parameters<typeof runManifest>[0], env: Record<string, string> = {}) {
  const { folder } = await runManifest(files, '--host', 'bot.example.com');
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
  it('makes three identities, and grants mail to the executor alone', async () => {
    const { status, asked, said } = await registered(EXAMPLE);
    expect([status, asked.filter((line) => line.startsWith('ad app create')).length]).toEqual([0, 3]);
    const least = [ROLES.mail, ROLES.people, ROLES.hunting];
    expect(granted(asked)).toEqual(least.flatMap((role) => ['sp-of-app-1', role]));
    for (const line of ['graph.clientId: app-1', 'teams.appId: app-2', 'signIn.clientId: app-3'])
      expect(said).toContain(line);
  });

  it('asks for no hunting where none is configured', async () => {
    const { asked } = await registered(withOther(({ graph }) => Object.assign(graph, { hunting: false })));
    expect(granted(asked)).not.toContain(ROLES.hunting);
  });

  it.each([
    ['a role names an Entra group', EXAMPLE, { roles: { analyst: { entraGroups: [GROUP] } } }, ROLES.groups],
    ['a set of mailboxes does', EXAMPLE, { mailboxes: { vip: { entraGroups: [GROUP] } } }, ROLES.groups],
    [
      'Identity Protection is to be asked',
      withOther(({ graph }) => Object.assign(graph, { identityProtection: true })),
      {},
      ROLES.risk,
    ],
  ])('grants a fourth permission when %s, and only then', async (_name, config, more, role) => {
    const [usual, used] = [await registered(EXAMPLE), await registered({ config, policy: policyWith(more) })];
    const added = granted(used.asked).filter((id) => !granted(usual.asked).includes(id));
    expect([used.status, added]).toEqual([0, [role]]);
  });

  it('sends people who sign in back to the page, and lets its registration call nothing', async () => {
    const { asked } = await registered(EXAMPLE);
    const about = asked.filter((line) => line.includes('app-3'));
    expect(about).toEqual([
      expect.stringMatching(/^ad app credential reset .* --cert @certs\/sign-in\.crt/),
      expect.stringContaining('--web-redirect-uris https://bot.example.com/auth/callback'),
      expect.stringMatching(/^ad sp create/),
      expect.stringMatching(/^ad app permission grant .* --scope openid profile /),
    ]);
    const claims: unknown = JSON.parse(/--optional-claims (\S+)/.exec(about[1] ?? '')?.[1] ?? '');
    expect(claims).toEqual({ idToken: [{ name: 'auth_time', essential: false }] });
  });

  it('registers no page where none is configured, unless told so', async () => {
    const [usual, told] = [await registered(WITHOUT_PAGE), await registered(WITHOUT_PAGE, { APPS: 'sign-in' })];
    const made = [usual, told].map(({ asked }) => asked.filter((line) => line.startsWith('ad app create')));
    expect(made.map((lines) => lines.map((line) => /--display-name (Clawback [\w -]+?) --/.exec(line)?.[1]))).toEqual([
      ['Clawback mail executor', 'Clawback chat bot'],
      ['Clawback sign-in'],
    ]);
  });

  it('leaves mail to Exchange when told so', async () => {
    const { asked } = await registered(EXAMPLE, { MAIL_BY: 'exchange' });
    expect(granted(asked)).not.toContain(ROLES.mail);
  });

  describe('of measures that are switched on', () => {
    const WITH_MEASURES = withOther((tenant) => Object.assign(tenant, { measures: ['rule-off', 'mark-compromised'] }));
    const RULES = '6931bccd-447a-43d1-b442-00a195474933';
    const COMPROMISED = '656f6061-f9fe-4807-9708-6a2e0934df76';

    it('grants what each of them takes, and not the smaller one that it includes', async () => {
      const [usual, used] = [await registered(EXAMPLE), await registered(WITH_MEASURES)];
      const added = granted(used.asked).filter((id) => !granted(usual.asked).includes(id));
      expect(added).toEqual([RULES, COMPROMISED]);
    });

    it('leaves those of mailboxes to Exchange when told so', async () => {
      const { asked, folder } = await registered(WITH_MEASURES, { MAIL_BY: 'exchange' });
      const script = readFileSync(join(folder, 'dist', 'manifest', 'exchange-rbac.ps1'), 'utf8');
      expect([granted(asked).includes(RULES), granted(asked).includes(COMPROMISED)]).toEqual([false, true]);
      for (const role of ['Application Mail.ReadWrite', 'Application MailboxSettings.ReadWrite'])
        expect(script).toContain(`-Role '${role}' -CustomResourceScope 'Clawback mailboxes'`);
    });
  });

  it('makes certificates and no client secret', async () => {
    const { asked, folder } = await registered(EXAMPLE);
    const credentials = asked.filter((line) => line.includes('credential reset'));
    expect(credentials.every((line) => line.includes('--cert @certs/') && line.includes('--append'))).toBe(true);
    expect([credentials.length, statSync(join(folder, 'certs', 'graph.key')).mode & 0o777]).toEqual([3, 0o600]);
  });

  it('makes federated credentials instead when the platform has an issuer, and then no key at all', async () => {
    const { status, asked, folder } = await registered(EXAMPLE, {
      FEDERATED_ISSUER: 'https://issuer.example.com',
      FEDERATED_SUBJECT: 'system:serviceaccount:soc:clawback',
    });
    const credentials = asked.filter((line) => line.includes('credential'));
    expect([status, credentials.length]).toEqual([0, 3]);
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
    ['APPS is mistyped', { APPS: 'executor signin' }, 'APPS holds executor, bot and sign-in'],
  ])('makes nothing when %s', async (_name, env, words) => {
    const { status, said, asked } = await registered(EXAMPLE, env);
    expect([status === 0, said, asked.some((line) => line.includes('create'))]).toEqual([
      false,
      expect.stringContaining(words),
      false,
    ]);
  });

  it('registers no bot where there is no Teams', async () => {
    const { asked } = await registered(exampleWith((tenant) => delete tenant.teams && delete tenant.signIn));
    expect(asked.filter((line) => line.startsWith('ad app create'))).toHaveLength(1);
  });
});

describe('the list of Graph permissions', () => {
  const { permissions, dangerous } = JSON.parse(readFileSync(`${REPO}/manifest/graph-permissions.json`, 'utf8')) as {
    permissions: { feature: string; permission: string; appRoleId: string; required: boolean }[];
    dangerous: string[];
  };

  it('asks for nothing that is called dangerous but for two measures, which are off until somebody wants them', () => {
    const asked = permissions.filter(({ permission }) => dangerous.includes(permission));
    expect(asked.map(({ feature, required }) => [feature, required])).toEqual([
      ['disable-account', false],
      ['revoke-grant', false],
    ]);
  });

  it('has the app role ids of Microsoft Graph', () => {
    expect(Object.fromEntries(permissions.map(({ permission, appRoleId }) => [permission, appRoleId]))).toEqual({
      'AuditLog.Read.All': 'b0afded3-3588-46d8-8b3d-9842eff778da',
      'AuditLogsQuery-Exchange.Read.All': '6b0d2622-d34e-4470-935b-b96550e5ca8d',
      'RoleManagement.Read.Directory': '483bed4a-2ad3-4361-a73b-c83ccdbdc53c',
      'MailboxSettings.ReadWrite': '6931bccd-447a-43d1-b442-00a195474933',
      'Calendars.ReadWrite': 'ef54d2bf-783f-4e0f-bca1-3210c0444d99',
      'User.RevokeSessions.All': '77f3a031-c388-4f99-b373-dc68676a979e',
      'User.EnableDisableAccount.All': '3011c876-62b7-4ada-afa2-506cbbecc68c',
      'IdentityRiskyUser.ReadWrite.All': '656f6061-f9fe-4807-9708-6a2e0934df76',
      'DelegatedPermissionGrant.ReadWrite.All': '8e8e4742-1d95-4f68-9d56-6ee75648c72a',
      'ExchangeMessageTrace.Read.All': '89b20d8a-76e2-4057-867b-9961f800b9a4',
      'Mail.ReadWrite': ROLES.mail,
      'User.Read.All': ROLES.people,
      'ThreatHunting.Read.All': ROLES.hunting,
      'SecurityAnalyzedMessage.ReadWrite.All': ROLES.defender,
      'GroupMember.Read.All': ROLES.groups,
      'IdentityRiskyUser.Read.All': ROLES.risk,
      'SecurityAlert.Read.All': '472e4a4d-bb4a-4026-98d1-0b0d74cb74a5',
      'SecurityAlert.ReadWrite.All': 'ed4fca05-be46-441f-9803-1873825f8fdb',
      'ThreatSubmission.Read.All': '86632667-cd15-4845-ad89-48a88e8412e1',
      'ThreatSubmission.ReadWrite.All': 'd72bdbf4-a59b-405c-8b04-5995895819ac',
      'Mail.Read': '810c84a8-4a9e-49e6-bf7d-12d183f40d01',
      'MailboxSettings.Read': '40f97065-369a-49f4-947c-6a255697ae91',
      'DelegatedPermissionGrant.Read.All': '81b4724a-58aa-41c1-8a55-84ef97466587',
      'IdentityRiskEvent.Read.All': '6e472fd1-ad78-48da-a0f0-97ab2c6b769e',
    });
  });
});
