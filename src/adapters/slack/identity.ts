import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import { ClawbackError } from '../../core/error.ts';
import { slackCode } from './failure.ts';

/** Who the bot is in its workspace. */

const Identity = z.object({
  teamId: z.string().min(1),
  botUserId: z.string().min(1),
  botId: z.string(),
  /** The company that the workspace is one of, in an Enterprise Grid; else empty. */
  enterpriseId: z.string().default(''),
  /** The app is installed for the whole company and not for one workspace. */
  orgWide: z.boolean().default(false),
});
export type Identity = z.infer<typeof Identity>;

/** The identity as it was learned last, kept so that a start does not depend on Slack being up. */
export interface Installation {
  get(): Promise<unknown>;
  set(value: Identity): Promise<void>;
}

/**
 * Asked from Slack, or from `installation` while Slack cannot be reached. Throws ClawbackError `config` when Slack refuses
 * the token or the token is of another workspace.
 */
export async function learnIdentity(
  client: webApi.WebClient,
  installation: Installation,
  teamId: string,
): Promise<Identity> {
  const asked = await identify(client);
  if (asked) await installation.set(asked);
  const identity = asked ?? Identity.safeParse(await installation.get()).data;
  if (!identity)
    throw new ClawbackError('unavailable', 'Slack cannot be reached, and the bot was never seen there yet');
  proveHome(identity, teamId);
  return identity;
}

/** Null when Slack cannot say now. */
export async function identify(client: webApi.WebClient): Promise<Identity | null> {
  const who = await client.auth.test().catch((cause: unknown) => {
    if (slackCode(cause) === '') return null;
    throw new ClawbackError('config', 'Slack does not take the bot token', { cause, field: 'botToken' });
  });
  if (!who) return null;
  const { team_id: teamId, user_id: botUserId, bot_id: botId = '', enterprise_id, is_enterprise_install } = who;
  const company = { enterpriseId: enterprise_id ?? '', orgWide: is_enterprise_install === true };
  return Identity.parse({ teamId, botUserId, botId, ...company });
}

/** The token of a company is good for each of its workspaces; who is in ours is asked person by person. */
export function proveHome({ teamId, enterpriseId, orgWide }: Identity, expected: string): void {
  if (teamId === expected || (orgWide && (enterpriseId === expected || expected.startsWith('T')))) return;
  throw new ClawbackError('config', `the bot token is of workspace ${teamId}, not of ${expected}`, { field: 'teamId' });
}
