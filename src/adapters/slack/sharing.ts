/** Who else than the own company sees a channel, and where user groups are asked for. */

export interface Sharing {
  readonly is_shared?: boolean | undefined;
  readonly is_ext_shared?: boolean | undefined;
  readonly is_org_shared?: boolean | undefined;
  readonly is_pending_ext_shared?: boolean | undefined;
  readonly pending_shared?: readonly string[] | undefined;
  readonly pending_connected_team_ids?: readonly string[] | undefined;
}

/**
 * Whether another organisation sees the channel, or may soon. Slack calls a channel shared as well that several workspaces
 * of one company have in common, and says so with `is_org_shared` [docs.slack.dev, conversation object]; who of them may
 * press is decided person by person.
 */
export function isForeign(channel: Sharing): boolean {
  const { is_shared, is_ext_shared, is_org_shared, is_pending_ext_shared } = channel;
  const invited = [...(channel.pending_shared ?? []), ...(channel.pending_connected_team_ids ?? [])];
  const isWithinCompany = is_org_shared === true;
  return (
    is_ext_shared === true ||
    is_pending_ext_shared === true ||
    invited.length > 0 ||
    (is_shared === true && !isWithinCompany)
  );
}

/** More workspaces than any company is told to have; one page of auth.teams.list [docs.slack.dev]. */
const MOST_WORKSPACES = '1000';

/**
 * Where to ask for a user group: with the token of a company it has to be said (`team_id`), and where the configuration
 * names the company, the group may be of any of its workspaces.
 */
export async function workspacesOf(
  { teamId, orgWide }: { readonly teamId: string; readonly orgWide: boolean },
  ask: (method: string, args: Readonly<Record<string, string>>) => Promise<readonly string[]>,
): Promise<readonly Readonly<Record<string, string>>[]> {
  if (!orgWide) return [{}];
  const ids = teamId.startsWith('T') ? [teamId] : await ask('auth.teams.list', { limit: MOST_WORKSPACES });
  return ids.map((id) => ({ team_id: id }));
}
