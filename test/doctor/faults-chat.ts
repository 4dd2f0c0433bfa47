import { accountOf, type Faults } from './fault.ts';

/** Slack, Teams and the bot. */
export const CHAT_FAULTS: Faults = {
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
  'another organisation is invited to the channel': {
    seed: ({ sandbox }) => {
      sandbox.slack.setChannelFlags({ pending_shared: ['T0FABRIKAM'] });
      return () => sandbox.slack.setChannelFlags({});
    },
    check: 'slack channel',
    words: 'is shared with another organisation',
  },
  'the policy names a user group that Slack does not know': {
    change: ({ policy }) => Object.assign(policy.roles.lead, { slackUserGroups: ['S0NOBODY'] }),
    check: 'slack user groups',
    words: 'Slack knows no user group S0NOBODY (roles.lead)',
  },
  'accounts are to be linked by address, and Slack may not tell addresses': {
    change: ({ policy }) => Object.assign(policy, { linkByEmail: true }),
    check: 'slack scopes',
    words: 'missing: users:read.email',
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
    change: ({ tenant, sandbox }) => Object.assign(tenant.approvers[1], { slackId: sandbox.slack.users['gus']?.id }),
    check: 'approvers in Slack',
    words: 'is a guest',
  },
  'an approver is a guest in Teams': {
    // Entra takes him for a member, so that Teams alone knows better.
    seed: accountOf('gus', { userType: 'Member' }),
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
  'the Teams channel is a shared one': {
    seed: ({ sandbox }) => {
      sandbox.teams.setChannelType('shared');
      return () => sandbox.teams.setChannelType('standard');
    },
    check: 'teams channel',
    words: 'is a shared channel',
  },
  'Teams does not say who is in the channel': {
    seed: ({ sandbox }) => {
      const body = { error: { code: 'BotNotInConversationRoster', message: 'no' } };
      sandbox.teams.faults.fail('members', { answer: { status: 403, body } });
      return () => sandbox.teams.faults.clear();
    },
    check: 'teams roster',
    words: 'Teams does not say who is in the channel, so no press there can count: 403 BotNotInConversationRoster',
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
};
