import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, complaints, type Draft, startBench } from './bench.ts';

/** One thing is wrong at a time, and the doctor has to say which. */

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.close());

const ROLES = ['Mail.ReadWrite', 'User.Read.All', 'ThreatHunting.Read.All'];
const GUID = '99999999-0000-4000-8000-000000000009';
const nothing = () => undefined;

interface Fault {
  /** Breaks the configuration. */
  readonly change?: (draft: Draft) => void;
  /** Breaks the world; answers how to mend it. */
  readonly seed?: (bench: Bench) => (() => unknown) | Promise<() => unknown>;
  /** Milliseconds by which the clock here is wrong. */
  readonly clock?: number;
  readonly check: string;
  readonly words: string;
}

const roles =
  (given: readonly string[]) =>
  ({ sandbox }: Bench) => {
    sandbox.entra.setRoles(sandbox.apps.executor.clientId, given);
    return () => sandbox.entra.setRoles(sandbox.apps.executor.clientId, ROLES);
  };

const FAULTS: Readonly<Record<string, Fault>> = {
  'the configuration has an unknown key': {
    change: ({ config }) => Object.assign(config, { lisen: {} }),
    check: 'configuration',
    words: 'unknown key lisen',
  },
  'secrets are missing': {
    change: ({ env }) =>
      delete env['CLAWBACK_SANDBOX_SLACK_SIGNING_SECRET'] && delete env['CLAWBACK_SANDBOX_BOT_SECRET'],
    check: 'secrets',
    words: 'CLAWBACK_SANDBOX_BOT_SECRET is not set',
  },
  'the mail executor’s secret is wrong': {
    change: ({ env }) => Object.assign(env, { CLAWBACK_SANDBOX_GRAPH_SECRET: 'not-the-secret' }),
    check: 'graph token',
    words: 'the client secret is wrong (AADSTS7000215)',
  },
  'the mail executor’s secret has expired': {
    seed: ({ sandbox: { entra, apps } }) => {
      entra.expireSecret(apps.executor.clientId);
      return () => entra.expireSecret(apps.executor.clientId, false);
    },
    check: 'graph token',
    words: 'the client secret has expired (AADSTS7000222)',
  },
  'the mail executor is not registered': {
    change: ({ tenant }) => Object.assign(tenant.graph, { clientId: GUID }),
    check: 'graph token',
    words: `Entra knows no app ${GUID}`,
  },
  'the executor’s id was never filled in': {
    change: ({ tenant }) => Object.assign(tenant.graph, { clientId: 'ffffffff-ffff-4fff-bfff-ffffffffffff' }),
    check: 'graph placeholders',
    words: 'graph.clientId',
  },
  'the certificate’s file is not there': {
    change: ({ tenant, env }) => {
      tenant.graph.credential = 'certificate';
      Object.assign(env, { CLAWBACK_SANDBOX_GRAPH_PRIVATE_KEY: '/nowhere/graph.key' });
      Object.assign(env, { CLAWBACK_SANDBOX_GRAPH_CERTIFICATE: '/nowhere/graph.crt' });
    },
    check: 'graph credential',
    words: 'there is no PEM file /nowhere/graph.crt',
  },
  'the Mail role is missing': {
    seed: roles(['User.Read.All', 'ThreatHunting.Read.All']),
    check: 'graph roles',
    words: 'missing: Mail.ReadWrite',
  },
  'the hunting role is missing': {
    seed: roles(['Mail.ReadWrite', 'User.Read.All']),
    check: 'graph roles',
    words: 'missing: ThreatHunting.Read.All',
  },
  'the user role is missing': {
    seed: roles(['Mail.ReadWrite', 'ThreatHunting.Read.All']),
    check: 'graph roles',
    words: 'missing: User.ReadBasic.All',
  },
  'Graph is down': {
    seed: async ({ sandbox }) => {
      await sandbox.graph.faults.setDown('refuse');
      return () => sandbox.graph.faults.setDown('no');
    },
    check: 'graph reachable',
    words: 'does not answer: ECONNREFUSED',
  },
  'Graph is out of order': {
    seed: async ({ sandbox }) => {
      await sandbox.graph.faults.setDown('unavailable');
      return () => sandbox.graph.faults.setDown('no');
    },
    check: 'graph reachable',
    words: 'answers 503',
  },
  'a mailbox denies access': {
    seed: ({ sandbox }) => {
      const dana = sandbox.tenant.userByAddress('dana@contoso.example')?.id ?? '';
      sandbox.graph.faults.set({ access: 'denied' }, dana);
      return () => sandbox.graph.faults.clear(dana);
    },
    check: 'mailbox read',
    words: 'no access to the mailbox dana@contoso.example: 403',
  },
  'the tenant has no hunting': {
    seed: ({ sandbox }) => {
      sandbox.graph.setHunting(false);
      return () => sandbox.graph.setHunting(true);
    },
    check: 'hunting',
    words: 'this tenant has no advanced hunting',
  },
  'an approver is unknown in Entra': {
    change: ({ tenant }) => Object.assign(tenant.approvers[2], { entraId: GUID }),
    check: 'approvers in Entra',
    words: `Lena Lead (${GUID})`,
  },
  'Entra is down': {
    seed: async ({ sandbox }) => {
      await sandbox.entra.setDown('down');
      return () => sandbox.entra.setDown('no');
    },
    change: ({ tenant }) => delete tenant.teams,
    check: 'graph token',
    words: 'Entra does not answer',
  },
  'the Slack token is not valid': {
    change: ({ env }) => Object.assign(env, { CLAWBACK_SANDBOX_SLACK_BOT_TOKEN: 'xoxb-of-another-app' }),
    check: 'slack token',
    words: 'invalid_auth',
  },
  'the Slack token is of another workspace': {
    change: ({ tenant }) => Object.assign(tenant.slack, { teamId: 'T0ELSEWHERE' }),
    check: 'slack token',
    words: 'configured is T0ELSEWHERE',
  },
  'Slack is down': {
    seed: ({ sandbox }) => {
      sandbox.slack.faults.setDown(true);
      return () => sandbox.slack.faults.setDown(false);
    },
    check: 'slack token',
    words: 'Slack does not answer',
  },
  'the channel id is wrong': {
    change: ({ tenant }) => Object.assign(tenant.slack, { channel: 'C0NOWHERE' }),
    check: 'slack channel',
    words: 'there is no channel C0NOWHERE',
  },
  'the bot was not invited to the channel': {
    seed: ({ sandbox }) => {
      sandbox.slack.setBotInChannel(false);
      return () => sandbox.slack.setBotInChannel(true);
    },
    check: 'slack channel',
    words: 'the bot is not a member',
  },
  'the channel is shared with another organisation': {
    seed: ({ sandbox }) => {
      sandbox.slack.setChannelFlags({ is_ext_shared: true });
      return () => sandbox.slack.setChannelFlags({});
    },
    check: 'slack channel',
    words: 'is shared with another organisation',
  },
  'the signing secret is something else': {
    change: ({ env }) => Object.assign(env, { CLAWBACK_SANDBOX_SLACK_SIGNING_SECRET: 'xoxb-pasted-here' }),
    check: 'slack signing secret',
    words: 'is no Slack signing secret',
  },
  'an approver is unknown in Slack': {
    change: ({ tenant }) => Object.assign(tenant.approvers[1], { slackId: 'U0NOBODY' }),
    check: 'approvers in Slack',
    words: 'Omar Analyst (U0NOBODY) is unknown in this workspace',
  },
  'an approver is a guest in Slack': {
    change: ({ tenant }) => Object.assign(tenant.approvers[1], { slackId: bench.sandbox.slack.users['gus']?.id }),
    check: 'approvers in Slack',
    words: 'is a guest',
  },
  'an approver is a guest in Teams': {
    change: ({ tenant }) => tenant.approvers.push({ name: 'Gus', entraId: '00000000-0000-4000-8000-0000000000d4' }),
    check: 'approvers in Teams',
    words: 'Gus is a guest',
  },
  'the bot’s secret is wrong': {
    change: ({ env }) => Object.assign(env, { CLAWBACK_SANDBOX_BOT_SECRET: 'not-the-secret' }),
    check: 'bot token',
    words: 'the client secret is wrong (AADSTS7000215)',
  },
  'the bot is not installed in the team': {
    seed: ({ sandbox }) => {
      sandbox.teams.setInstalled(false);
      return () => sandbox.teams.setInstalled(true);
    },
    check: 'teams team',
    words: 'the bot is not installed in the team',
  },
  'the team id is wrong': {
    change: ({ tenant }) => Object.assign(tenant.teams, { teamId: '19:nobody@thread.tacv2' }),
    check: 'teams team',
    words: 'there is no team 19:nobody@thread.tacv2',
  },
  'the Teams channel id is wrong': {
    change: ({ tenant }) => Object.assign(tenant.teams, { channelId: '19:nobody@thread.tacv2' }),
    check: 'teams channel',
    words: 'the team has no channel 19:nobody@thread.tacv2',
  },
  'the connector is down': {
    seed: ({ sandbox }) => {
      sandbox.teams.faults.setDown(true);
      return () => sandbox.teams.faults.setDown(false);
    },
    check: 'teams connector',
    words: 'does not answer',
  },
  'the service URL is at a host that is not allowed': {
    change: ({ tenant }) => Object.assign(tenant.teams, { hosts: ['smba.trafficmanager.net'] }),
    check: 'teams connector',
    words: 'is at no host of teams.hosts',
  },
  'the OpenID metadata is down': {
    seed: ({ sandbox }) => {
      sandbox.teams.faults.fail('metadata', { answer: { status: 503 } });
      return () => sandbox.teams.faults.clear();
    },
    check: 'openid metadata',
    words: 'answers 503',
  },
  'the clock is ten minutes fast': { clock: 600_000, check: 'clock', words: '10 min ahead of' },
  'the clock is ten minutes slow': { clock: -600_000, check: 'clock', words: '10 min behind' },
  'the database server is dead': {
    change: ({ env }) => Object.assign(env, { DATABASE_URL: 'postgres://clawback@127.0.0.1:9/clawback' }),
    check: 'database',
    words: 'DATABASE_URL does not answer',
  },
  'the data folder cannot be written': {
    change: ({ config, folder }) => {
      writeFileSync(join(folder, 'taken'), '');
      config.data = join(folder, 'taken');
    },
    check: 'data folder',
    words: 'is not a folder',
  },
  'something else listens where Clawback should': {
    change: ({ config }) => Object.assign(config.listen, { port: Number(new URL(bench.sandbox.slack.url).port) }),
    check: 'endpoint',
    words: 'something else answers',
  },
  'too few approvers can press a button': {
    change: ({ tenant }) => {
      delete tenant.teams;
      tenant.approvers = tenant.approvers.slice(0, 2);
      delete tenant.approvers[1].slackId;
    },
    check: 'quorum',
    words: 'only 1 approvers can press a button (purge needs 2',
  },
};

describe('the doctor names the one thing that is wrong', () => {
  it.each(Object.entries(FAULTS))('%s', async (_name, { change, seed, clock, check, words }) => {
    const mend = (await seed?.(bench)) ?? nothing;
    try {
      const look = clock === undefined ? {} : { now: () => Date.now() + clock };
      const findings = await bench.examined(change, look);
      const failing = complaints(findings, 'fail').map((line) => line.split(': ')[0]);
      expect([failing, complaints(findings, 'fail').join()]).toEqual([[check], expect.stringContaining(words)]);
    } finally {
      await mend();
    }
  });

  it('every failing line says how to mend it', async () => {
    const findings = await bench.examined(({ tenant }) => Object.assign(tenant.slack, { channel: 'C0NOWHERE' }));
    expect(findings.filter(({ state, mend }) => (state === 'fail') !== (mend !== ''))).toEqual([]);
  });
});
