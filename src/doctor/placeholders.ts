import type { Tenant } from '../config/schema.ts';

/** Values that `clawback init` writes for what is not known yet. They have the right shape and belong to nobody. */
export const PLACEHOLDER = {
  app: 'ffffffff-ffff-4fff-bfff-ffffffffffff',
  slackTeam: 'T00PLACEHOLDER',
  slackChannel: 'C00PLACEHOLDER',
  thread: '19:placeholder@thread.tacv2',
} as const;

/** Keys that still hold such a value, by the vendor they belong to. */
export function placeholdersIn({
  graph,
  slack,
  teams,
  signIn,
}: Tenant): Readonly<Record<'graph' | 'slack' | 'teams' | 'signIn', string[]>> {
  const keys = (of: string, held: Readonly<Record<string, string>>) =>
    Object.entries(held)
      .filter(([, value]) => (Object.values(PLACEHOLDER) as string[]).includes(value))
      .map(([key]) => `${of}.${key}`);
  return {
    graph: keys('graph', { clientId: graph.clientId }),
    slack: slack ? keys('slack', { teamId: slack.teamId, channel: slack.channel }) : [],
    teams: teams ? keys('teams', { appId: teams.appId, teamId: teams.teamId, channelId: teams.channelId }) : [],
    signIn: signIn ? keys('signIn', { clientId: signIn.clientId }) : [],
  };
}
