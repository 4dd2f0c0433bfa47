import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { isLoopback } from '../../src/config/rules.ts';
import { configText, type configTree, refusal, type TenantTree, tenantTree } from '../support/configuration.ts';

type Change = NonNullable<Parameters<typeof configTree>[0]>;

const PAGE = { clientId: '44444444-0000-4000-8000-000000000003', authority: 'http://127.0.0.1:4002' };
const refused = (change: Change) => refusal(() => parseConfig(configText(change), 'clawback.yaml'));
const asReal = (tenant: TenantTree) => {
  tenant['id'] = '55555555-0000-4000-8000-000000000001';
  for (const key of ['url', 'authority']) delete tenant.graph[key];
  for (const key of ['authority', 'serviceUrl', 'openIdMetadata']) delete tenant.teams?.[key];
  delete tenant.slack?.['apiUrl'];
};

describe('a configuration that must not start names the key, what was found and what is allowed', () => {
  const cases: readonly [string, Change, readonly string[]][] = [
    ['a bot without app id', (t) => delete t.teams?.['appId'], ['tenants.0.teams.appId', 'found nothing', 'GUID']],
    [
      'an app id that is none',
      (t) => Object.assign(t.teams ?? {}, { appId: 'clawback' }),
      ['tenants.0.teams.appId', '"clawback"', 'GUID'],
    ],
    ['an unknown key', (t) => Object.assign(t, { aprovals: {} }), ['tenants.0', 'unknown key aprovals']],
    ['an unknown key at the top', (_t, c) => Object.assign(c, { tenant: {} }), ['the file', 'unknown key tenant']],
    ['no tenants', (_t, c) => c.tenants.splice(0), ['tenants', '[]']],
    // It would be recorded with every vote, and neither PostgreSQL nor the ledger takes it.
    [
      'an approver with U+0000 in the name',
      (t) => Object.assign(t.approvers[0] ?? {}, { name: 'Dana\0' }),
      ['tenants.0.approvers.0.name', 'control characters'],
    ],
    ['no approvers', (t) => t.approvers.splice(0), ['tenants.0.approvers', '[]']],
    [
      'an approval where it stood before there was a policy',
      (t) => Object.assign(t, { approvals: { purge: 0 } }),
      ['tenants.0', 'unknown key approvals', 'policy.yaml'],
    ],
    [
      'an expiry where it stood before there was a policy',
      (t) => Object.assign(t, { expiryMinutes: 10_080 }),
      ['tenants.0', 'unknown key expiryMinutes', 'policy.yaml'],
    ],
    [
      'a Slack channel by name',
      (t) => Object.assign(t.slack ?? {}, { channel: '#alerts' }),
      ['tenants.0.slack.channel', '"#alerts"', 'C012AB3CD'],
    ],
    [
      'an address that is no URL',
      (t) => Object.assign(t.graph, { url: 'graph' }),
      ['tenants.0.graph.url', '"graph"', 'http'],
    ],
    [
      'an address of a file',
      (t) => Object.assign(t.graph, { url: 'file:///etc/passwd' }),
      ['tenants.0.graph.url', 'file:', 'http'],
    ],
    [
      'a tenant name that cannot name variables',
      (t) => Object.assign(t, { name: 'Contoso Ltd' }),
      ['tenants.0.name', '"Contoso Ltd"', 'lower-case'],
    ],
    [
      'no chat at all',
      (t) => {
        delete t.slack;
        delete t.teams;
      },
      ['tenants.0', 'neither slack nor teams'],
    ],
    [
      'a sign-in page nobody could come back to',
      (t) => Object.assign(t, { signIn: { clientId: '44444444-0000-4000-8000-000000000003' } }),
      ['tenants.0.signIn', 'needs listen.publicUrl'],
    ],
    [
      'a public address without TLS',
      (t, c) =>
        Object.assign(t, { signIn: { clientId: '44444444-0000-4000-8000-000000000003' } }) &&
        Object.assign(c, { listen: { publicUrl: 'http://bot.contoso.com' } }),
      ['listen.publicUrl', 'not https'],
    ],
    [
      'a sign-in page below a path',
      (t, c) => {
        Object.assign(t, { signIn: PAGE });
        Object.assign(c, { listen: { publicUrl: 'https://bot.contoso.com/clawback' } });
      },
      ['listen.publicUrl', 'must be an origin'],
    ],
    [
      'a sign-in page with a question in its address',
      (t, c) => {
        Object.assign(t, { signIn: PAGE });
        Object.assign(c, { listen: { publicUrl: 'https://bot.contoso.com/?tenant=contoso' } });
      },
      ['listen.publicUrl', 'must be an origin'],
    ],
    [
      'a sign-in at the real Entra for a stand-in tenant',
      (t, c) => {
        Object.assign(t, { signIn: { clientId: PAGE.clientId } });
        Object.assign(c, { listen: { publicUrl: 'https://bot.contoso.com' } });
      },
      ['tenants.0.signIn.authority', 'https://login.microsoftonline.com', 'stand-in'],
    ],
    [
      'a sign-in at a stand-in for a real tenant',
      (t, c) => {
        asReal(t);
        Object.assign(t, { signIn: PAGE });
        Object.assign(c, { listen: { publicUrl: 'https://bot.contoso.com' } });
      },
      ['tenants.0.signIn.authority', '127.0.0.1', 'real tenant id'],
    ],
    [
      'more proxies than anybody has',
      (_t, c) => Object.assign(c, { listen: { trustProxy: 6 } }),
      ['listen.trustProxy', 'found 6'],
    ],
    [
      'a limit that lets nobody in',
      (_t, c) => Object.assign(c, { limits: { pressesPerMinute: 0 } }),
      ['limits.pressesPerMinute', 'found 0'],
    ],
    ['a mode that is none', (t) => Object.assign(t, { mode: 'test' }), ['tenants.0.mode', '"test"', 'dry-run']],
    ['a policy without a name', (_t, c) => Object.assign(c, { policy: '' }), ['policy', 'found ""']],
    [
      'a person listed twice',
      (t) => t.approvers.push({ ...t.approvers[0], name: 'Dana again', slackId: 'U0DANA2' }),
      ['tenants.0.approvers.2.entraId', '11111111-0000-4000-8000-000000000001', 'twice'],
    ],
    [
      'a person listed twice in other letters',
      (t) =>
        t.approvers.push(
          { name: 'A', entraId: 'abcdefab-0000-4000-8000-000000000001' },
          { name: 'B', entraId: 'ABCDEFAB-0000-4000-8000-000000000001' },
        ),
      ['tenants.0.approvers.3.entraId', 'twice'],
    ],
    [
      'a Slack user that two people share',
      (t) => t.approvers.push({ name: 'C', entraId: '11111111-0000-4000-8000-000000000003', slackId: 'U0DANA' }),
      ['tenants.0.approvers.2.slackId', 'U0DANA', 'twice'],
    ],
    [
      'two tenants of one name',
      (_t, c) => c.tenants.push({ ...tenantTree(), id: '00000000-0000-4000-8000-00000000c0df' }),
      ['tenants.1.name', 'contoso', 'another tenant'],
    ],
    [
      'two tenants of one id',
      (_t, c) => c.tenants.push({ ...tenantTree(), name: 'other', id: '00000000-0000-4000-8000-00000000C0DE' }),
      ['tenants.1.id', '00000000-0000-4000-8000-00000000c0de', 'another tenant'],
    ],
    [
      'a stand-in Graph for a real tenant',
      (t) => {
        asReal(t);
        t.graph['url'] = 'http://127.0.0.1:4001';
      },
      ['tenants.0.graph.url', '127.0.0.1', 'real tenant id'],
    ],
    [
      'another loopback address for a real tenant',
      (t) => {
        asReal(t);
        t.graph['url'] = 'https://127.0.0.2:4001';
      },
      ['tenants.0.graph.url', '127.0.0.2', 'real tenant id'],
    ],
    [
      'a stand-in login for a real tenant',
      (t) => {
        asReal(t);
        t.graph['authority'] = 'https://localhost:4002';
      },
      ['tenants.0.graph.authority', 'localhost', 'real tenant id'],
    ],
    [
      'stand-in signing keys for a real tenant',
      (t) => {
        asReal(t);
        Object.assign(t.teams ?? {}, { openIdMetadata: 'https://[::1]:4005/x' });
      },
      ['tenants.0.teams.openIdMetadata', 'real tenant id'],
    ],
    [
      'the real Graph for a stand-in tenant',
      (t) => Object.assign(t.graph, { url: 'https://graph.microsoft.com' }),
      ['tenants.0.graph.url', 'https://graph.microsoft.com', 'stand-in'],
    ],
    [
      'the real Slack for a stand-in tenant',
      (t) => delete t.slack?.['apiUrl'],
      ['tenants.0.slack.apiUrl', 'https://slack.com', 'stand-in'],
    ],
    [
      'a real service without TLS',
      (t) => {
        asReal(t);
        t.graph['url'] = 'http://graph.microsoft.com';
      },
      ['tenants.0.graph.url', 'http://graph.microsoft.com', 'not https'],
    ],
  ];
  it.each(cases)('%s', (_name, change, words) => {
    const said = refused(change);
    expect(words.filter((word) => !said.includes(word)).map((word) => `${word} is not in: ${said}`)).toEqual([]);
  });

  it('monitoring at the public port is refused', () => {
    const said = refused((_t, c) => Object.assign(c, { listen: { port: 3978, monitor: { port: 3978 } } }));
    expect(said).toContain('listen.monitor.port: 3978 is the public one');
  });

  it('all that is wrong is said at once', () => {
    const said = refused((t) => {
      delete t.slack?.['teamId'];
      delete t.teams?.['channelId'];
      t.graph['clientId'] = 'x';
    });
    expect(['slack.teamId', 'teams.channelId', 'graph.clientId'].filter((key) => !said.includes(key))).toEqual([]);
  });

  it.each([
    ['an empty file', ''],
    ['a list', '- a'],
    ['broken YAML', 'tenants: [\n'],
    ['one key twice', 'tenants: []\ntenants: []'],
    ['two documents', 'a: 1\n---\nb: 2'],
    [
      'aliases that never end',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
        .split('')
        .map((n, i) => `${n}: &${n} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
        .join('\n')}`,
    ],
  ])('%s is refused and the file is named', (_name, text) => {
    expect(refusal(() => parseConfig(text, 'some/clawback.yaml'))).toContain('some/clawback.yaml');
  });

  it.each(['https://bot.contoso.com', 'https://bot.contoso.com/', 'http://127.0.0.1:3978', 'http://localhost:3978'])(
    'a sign-in page at %s is accepted',
    (publicUrl) => {
      const text = configText((t, c) => {
        Object.assign(t, { signIn: PAGE });
        Object.assign(c, { listen: { publicUrl } });
      });
      expect(parseConfig(text, 'clawback.yaml').listen.publicUrl).toBe(publicUrl);
    },
  );

  it('what is left out is on the safe side', () => {
    const { listen, limits, policy, tenants } = parseConfig(configText(), 'clawback.yaml');
    expect([listen.monitor, tenants[0]?.sources]).toEqual([undefined, []]);
    expect([
      listen.trustProxy,
      policy,
      tenants[0]?.mode,
      tenants[0]?.signIn,
      tenants[0]?.graph.identityProtection,
    ]).toEqual([0, undefined, 'live', undefined, false]);
    expect(limits).toEqual({
      refusalsPerMinute: 120,
      alertsPerMinute: 12_000,
      pressesPerMinute: 60,
      cardsPerMinute: 6,
    });
  });

  it('a real tenant with real addresses is accepted', () => {
    expect(parseConfig(configText(asReal), 'clawback.yaml').tenants[0]?.graph.url).toBe('https://graph.microsoft.com');
  });
});

describe('which addresses are on this machine', () => {
  it.each([
    'http://127.0.0.1',
    'http://127.1',
    'http://2130706433',
    'http://127.255.0.3:1',
    'http://0.0.0.0',
    'http://[::1]',
    'http://[::]',
    'http://[::ffff:127.0.0.1]',
    'http://LOCALHOST',
    'http://localhost.',
    'http://a.localhost',
  ])('%s is', (address) => {
    expect(isLoopback(address)).toBe(true);
  });

  it.each([
    'https://graph.microsoft.com',
    'https://127.evil.example',
    'https://localhost.evil.example',
    'https://notlocalhost',
    'http://10.0.0.1',
    'http://[::2]',
  ])('%s is not', (address) => {
    expect(isLoopback(address)).toBe(false);
  });
});
