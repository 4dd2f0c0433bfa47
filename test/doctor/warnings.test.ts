import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, complaints, ROLES, startBench } from './bench.ts';

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

function grant(roles: readonly string[]): () => void {
  const { entra, apps } = bench.sandbox;
  entra.setRoles(apps.executor.clientId, roles);
  return () => entra.setRoles(apps.executor.clientId, ROLES);
}

describe('the doctor warns without failing', () => {
  it('of permissions that no feature uses, naming the dangerous ones', async () => {
    const mend = grant([...ROLES, 'Directory.ReadWrite.All', 'Group.Read.All']);
    const findings = await bench.examined();
    mend();
    expect([complaints(findings, 'fail'), complaints(findings, 'warn')]).toEqual([
      [],
      [expect.stringMatching(/^graph roles: .*Group\.Read\.All.*of which dangerous: Directory\.ReadWrite\.All$/)],
    ]);
  });

  it('of permissions for features that are switched off', async () => {
    const findings = await bench.examined(({ tenant, policy }) => {
      Object.assign(tenant.graph, { identityProtection: false });
      policy.roles.analyst = { people: policy.roles.lead.people };
    });
    expect([complaints(findings, 'fail'), complaints(findings, 'warn')]).toEqual([
      [],
      // GroupMember.Read.All stays useful: it opens the lists that mail was sent to.
      ['graph roles: more than any feature uses: IdentityRiskyUser.Read.All'],
    ]);
  });

  it('of nothing where lists cannot be opened, but says so', async () => {
    const mend = grant(ROLES.filter((role) => role !== 'GroupMember.Read.All'));
    const findings = await bench.examined(({ policy }) => {
      policy.roles.analyst = { people: policy.roles.lead.people };
    });
    mend();
    expect([complaints(findings, 'fail'), complaints(findings, 'warn')]).toEqual([[], []]);
    expect(findings.find(({ check }) => check === 'graph roles')).toMatchObject({
      found: expect.stringContaining('mail to lists is not followed to their members without GroupMember.Read.All'),
    });
  });

  it('of a group that nobody is in', async () => {
    const { id } = bench.sandbox.tenant.setGroup({ displayName: 'Nobody yet', members: [] });
    const findings = await bench.examined(({ policy }) => policy.roles.analyst.entraGroups.push(id));
    expect(complaints(findings, 'warn')).toEqual([`policy groups: nobody is in ${id} (roles.analyst)`]);
  });

  it('of a Slack user group that nobody is in', async () => {
    const { slack, groups } = bench.sandbox;
    slack.setGroup(groups.slackLeads, []);
    const findings = await bench.examined(({ policy }) =>
      Object.assign(policy.roles.lead, { slackUserGroups: [groups.slackLeads] }),
    );
    slack.setGroup(groups.slackLeads, ['lena']);
    expect(complaints(findings, 'warn')).toEqual([`slack user groups: nobody is in ${groups.slackLeads} (roles.lead)`]);
  });

  it('of people who could never decide in Slack, because no page links their account', async () => {
    const findings = await bench.examined(({ tenant, policy }) => {
      delete tenant.signIn;
      delete policy.rules[0].stepUp;
    });
    expect([complaints(findings, 'fail'), complaints(findings, 'warn')]).toEqual([
      [],
      [expect.stringContaining('sign-in page: not configured: who holds a role through an Entra group')],
    ]);
  });

  it('of a sign-in page whose registration may do something', async () => {
    const { entra, apps } = bench.sandbox;
    entra.setRoles(apps.signIn.clientId, ['Mail.Read']);
    const findings = await bench.examined();
    entra.setRoles(apps.signIn.clientId, []);
    expect(complaints(findings, 'warn')).toEqual([
      expect.stringMatching(/^sign-in page: .* does not need: Mail\.Read$/),
    ]);
  });

  it('of an intake secret that can be guessed', async () => {
    const weak = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const findings = await bench.examined(({ env }) => Object.assign(env, { CLAWBACK_SANDBOX_INTAKE_SECRETS: weak }));
    expect(complaints(findings, 'warn')).toEqual([expect.stringContaining('intake secret: 1 of 1 can be guessed')]);
  });

  it('of a source’s secret that can be guessed', async () => {
    const weak = `whsec_${Buffer.alloc(24, 6).toString('base64')}`;
    const findings = await bench.examined(({ env }) =>
      Object.assign(env, { CLAWBACK_SANDBOX_SOURCE_SANDBOX_SECRETS: weak }),
    );
    expect(complaints(findings, 'warn')).toEqual([expect.stringContaining('source sandbox: 1 of 1 can be guessed')]);
  });

  it('of a source that may act first on its bare word', async () => {
    const findings = await bench.examined(({ tenant }) =>
      Object.assign(tenant, { sources: [{ name: 'sandbox', claims: { actFirst: true } }] }),
    );
    expect(complaints(findings, 'warn')).toEqual([
      expect.stringContaining('source sandbox: may act first, and nothing that it says is a fact'),
    ]);
  });

  it('of a quorum without reserve', async () => {
    const findings = await bench.examined(({ tenant }) => tenant.approvers.pop());
    expect(complaints(findings, 'warn')).toEqual([expect.stringContaining('quorum: all 2 approvers are needed')]);
  });
});

describe('a Slack token that may too little or too much', () => {
  const usual = ['chat:write', 'commands', 'users:read', 'channels:read', 'groups:read', 'channels:history'];

  it('usergroups:read is missing, and the policy names a user group', async () => {
    const other = await startBench({ slackScopes: usual });
    const group = { slackUserGroups: [other.sandbox.groups.slackLeads] };
    const findings = await other.examined(({ policy }) => Object.assign(policy.roles.lead, group));
    await other.close();
    expect([complaints(findings, 'fail'), complaints(findings, 'warn')]).toEqual([
      ['slack scopes: missing: usergroups:read'],
      [],
    ]);
  });

  it.each([
    ['usergroups:read is there, for later', [...usual, 'usergroups:read'], false],
    ['users:read.email is there, and accounts are linked by address', [...usual, 'users:read.email'], true],
  ])('nothing is wrong: %s', async (_name, slackScopes, linkByEmail) => {
    const other = await startBench({ slackScopes });
    const findings = await other.examined(({ policy }) => Object.assign(policy, { linkByEmail }));
    await other.close();
    expect([complaints(findings, 'fail'), complaints(findings, 'warn')]).toEqual([[], []]);
  });

  const sending = [...usual, 'usergroups:read', 'files:write', 'im:write'];
  it.each([
    ['all of it', sending, {}, []],
    ['im:write is missing', sending.slice(0, -1), {}, ['slack files: missing: im:write: lists are taken on the page']],
    ['both are', usual, {}, ['slack files: missing: files:write, im:write: lists are taken on the page']],
    ['nobody can sign in', sending, { signIn: undefined }, ['slack files: nobody can be sent a list']],
  ])('files are to be sent: %s', async (_name, slackScopes, change, expected) => {
    const other = await startBench({ slackScopes });
    const findings = await other.examined(({ tenant, policy }) => {
      Object.assign(tenant, change).slack.files = true;
      policy.rules = policy.rules.filter(({ stepUp }: { stepUp?: string }) => stepUp === undefined);
    });
    await other.close();
    const warned = complaints(findings, 'warn').filter((line) => line.startsWith('slack'));
    expect([complaints(findings, 'fail'), warned]).toEqual([
      [],
      expected.map((words) => expect.stringContaining(words)),
    ]);
  });

  it.each([
    ['all of it', [...usual, 'files:read'], []],
    ['files:read is missing', usual, [expect.stringContaining('slack reports: missing: files:read')]],
  ])('people report mail: %s', async (_name, slackScopes, failed) => {
    const other = await startBench({ slackScopes });
    const findings = await other.examined(({ tenant }) => {
      tenant.slack.reports = true;
      tenant.teams.reports = true;
    });
    await other.close();
    expect([complaints(findings, 'fail'), complaints(findings, 'warn')]).toEqual([failed, []]);
    expect(findings.find(({ check }) => check === 'teams reports')?.state).toBe('ok');
  });

  it.each([
    ['chat:write is missing', usual.slice(1), 'fail', 'slack scopes: missing: chat:write'],
    ['channels:read is missing', usual.filter((scope) => scope !== 'channels:read'), 'fail', 'missing: channels:read'],
    ['users:read is missing', usual.filter((scope) => scope !== 'users:read'), 'fail', 'missing: users:read'],
    ['channels:history is missing', usual.slice(0, 5), 'warn', 'missing: channels:history: a card whose answer'],
    [
      'users:read.email is too much',
      [...usual, 'users:read.email'],
      'warn',
      'more than any call uses: users:read.email',
    ],
    ['files:write is too much', [...usual, 'files:write'], 'warn', 'more than any call uses: files:write'],
  ] as const)('%s', async (_name, slackScopes, state, words) => {
    const other = await startBench({ slackScopes });
    const findings = await other.examined();
    await other.close();
    const named = [...complaints(findings, 'fail'), ...complaints(findings, 'warn')];
    expect([named.length, complaints(findings, state).join()]).toEqual([1, expect.stringContaining(words)]);
  });
});
