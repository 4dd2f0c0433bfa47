import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, complaints, startBench } from './bench.ts';

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const ROLES = ['Mail.ReadWrite', 'User.Read.All', 'ThreatHunting.Read.All'];

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

  it('of aliases that cannot be found with the smaller user permission', async () => {
    const mend = grant(['Mail.ReadWrite', 'User.ReadBasic.All', 'ThreatHunting.Read.All']);
    const findings = await bench.examined();
    mend();
    expect([complaints(findings, 'fail'), complaints(findings, 'warn')]).toEqual([
      [],
      [expect.stringContaining('user lookup: by main address only')],
    ]);
  });

  it('of an intake secret that can be guessed', async () => {
    const weak = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const findings = await bench.examined(({ env }) => Object.assign(env, { CLAWBACK_SANDBOX_INTAKE_SECRETS: weak }));
    expect(complaints(findings, 'warn')).toEqual([expect.stringContaining('intake secret: 1 of 1 can be guessed')]);
  });

  it('of a quorum without reserve', async () => {
    const findings = await bench.examined(({ tenant }) => tenant.approvers.pop());
    expect(complaints(findings, 'warn')).toEqual([expect.stringContaining('quorum: all 2 approvers are needed')]);
  });
});

describe('a Slack token that may too little or too much', () => {
  const usual = ['chat:write', 'commands', 'users:read', 'channels:read', 'groups:read', 'channels:history'];
  it.each([
    ['chat:write is missing', usual.slice(1), 'fail', 'slack scopes: missing: chat:write'],
    ['channels:read is missing', usual.filter((scope) => scope !== 'channels:read'), 'fail', 'missing: channels:read'],
    ['users:read is missing', usual.filter((scope) => scope !== 'users:read'), 'fail', 'missing: users:read'],
    ['channels:history is missing', usual.slice(0, 5), 'warn', 'missing: channels:history: a card whose answer'],
    ['files:write is too much', [...usual, 'files:write'], 'warn', 'more than any call uses: files:write'],
  ] as const)('%s', async (_name, slackScopes, state, words) => {
    const other = await startBench({ slackScopes });
    const findings = await other.examined();
    await other.close();
    const named = [...complaints(findings, 'fail'), ...complaints(findings, 'warn')];
    expect([named.length, complaints(findings, state).join()]).toEqual([1, expect.stringContaining(words)]);
  });
});
