import { webApi } from '@slack/bolt';
import { z } from 'zod';
import { ClawbackError } from '../../core/error.ts';
import { type Fresh, keepFresh } from '../../core/fresh.ts';
import type { ChatAccount, ChatPeople } from '../../ports/people.ts';
import { slackCode } from './failure.ts';
import { SLACK } from './platform.ts';
import { isForeign, workspacesOf } from './sharing.ts';

export interface SlackPeopleOptions {
  /** One attempt per call, and a short time limit: a person waits for the answer. */
  readonly client: webApi.WebClient;
  /** The workspace that is home. */
  readonly teamId: string;
  /** The token is the company’s: then it has to be said which workspace is meant. */
  readonly orgWide?: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const SECONDS = 1_000;
const PEOPLE = { lifetimeMs: 15 * SECONDS, most: 5_000 };
const CHANNELS = { lifetimeMs: 15 * SECONDS, most: 100 };
/** usergroups.users.list takes about 20 calls a minute [docs.slack.dev]. */
const GROUPS = { lifetimeMs: 300 * SECONDS, most: 500 };
/** Slack wants its acknowledgement within 3 s, and the person an answer. */
const LONGEST_WAIT_MS = 2 * SECONDS;
/** Said to be no bot by users.info, although it is one [docs.slack.dev, user object]. */
const SLACKBOT = 'USLACKBOT';

const Flag = z.boolean().optional();
const Ids = z.array(z.string());
// `is_app_user` is not read: it marks people who have authorised the app, not bots [docs.slack.dev, user object].
const UserAnswer = z.object({
  user: z.object({
    id: z.string(),
    team_id: z.string().optional(),
    deleted: Flag,
    is_bot: Flag,
    is_workflow_bot: Flag,
    is_connector_bot: Flag,
    is_restricted: Flag,
    is_ultra_restricted: Flag,
    is_stranger: Flag,
    enterprise_user: z.object({ enterprise_id: z.string().optional(), teams: Ids.optional() }).optional(),
    profile: z.object({ email: z.string().nullish() }).optional(),
  }),
});
type SlackUser = z.infer<typeof UserAnswer>['user'];
const ChannelAnswer = z.object({
  channel: z.object({
    id: z.string(),
    is_ext_shared: z.boolean(),
    is_org_shared: Flag,
    is_pending_ext_shared: Flag,
    is_shared: Flag,
    pending_shared: Ids.optional(),
    pending_connected_team_ids: Ids.optional(),
  }),
});
const MembersAnswer = z.object({ users: Ids });
const TeamsAnswer = z.object({ teams: z.array(z.object({ id: z.string() })) });
type Ask = <T>(method: string, args: Readonly<Record<string, string>>, shape: z.ZodType<T>) => Promise<T>;

/**
 * The people of one workspace, asked of Slack itself. What Slack does not say clearly counts against the account.
 * Needs the scopes users:read (with users:read.email for addresses), channels:read or groups:read, usergroups:read;
 * the words of the error name the one that is missing.
 */
export function createSlackPeople({ client, teamId, orgWide = false, now, sleep }: SlackPeopleOptions): ChatPeople {
  const ask = askerOf(client, sleep);
  const workspaces = () =>
    workspacesOf({ teamId, orgWide }, async (method, args) =>
      (await ask(method, args, TeamsAnswer)).teams.map(({ id }) => id),
    );
  return peopleFrom(
    teamId,
    keepFresh<ChatAccount | null>({ ...PEOPLE, now }, async (id) => {
      try {
        const { user } = await ask('users.info', { user: id }, UserAnswer);
        if (user.id !== id) throw unclear('users.info');
        return accountOf(user, teamId);
      } catch (error) {
        if (error instanceof ClawbackError && slackCode(error.cause) === 'user_not_found') return null;
        throw error;
      }
    }),
    keepFresh({ ...CHANNELS, now }, async (id) => {
      const { channel } = await ask('conversations.info', { channel: id }, ChannelAnswer);
      if (channel.id !== id) throw unclear('conversations.info');
      return isForeign(channel);
    }),
    keepFresh<ReadonlySet<string>>({ ...GROUPS, now }, async (id) => {
      let unknown: unknown = unclear('auth.teams.list');
      for (const where of await workspaces()) {
        try {
          return new Set((await ask('usergroups.users.list', { usergroup: id, ...where }, MembersAnswer)).users);
        } catch (error) {
          if (!(error instanceof ClawbackError) || slackCode(error.cause) !== 'no_such_subteam') throw error;
          unknown = error;
        }
      }
      throw unknown;
    }),
  );
}

function peopleFrom(
  home: string,
  account: Fresh<ChatAccount | null>,
  isShared: Fresh<boolean>,
  groupMembers: Fresh<ReadonlySet<string>>,
): ChatPeople {
  return {
    platform: SLACK.platform,
    home,
    knownBy: 'link',
    groupsOf: ({ slackUserGroups }) => slackUserGroups,
    // Every answer is for the asker alone here.
    answersAreSeen: () => false,
    account,
    isShared,
    groupMembers,
    anew: () => peopleFrom(home, account.anew(), isShared.anew(), groupMembers.anew()),
  };
}

function accountOf(user: SlackUser, teamId: string): ChatAccount {
  const isBot = user.is_bot !== false || user.is_workflow_bot === true || user.is_connector_bot === true;
  // In an Enterprise Grid a person's own team may be another workspace of the same company.
  const { teams = [], enterprise_id } = user.enterprise_user ?? {};
  const isAtHome = user.team_id === teamId || teams.includes(teamId) || enterprise_id === teamId;
  return {
    active: user.deleted === false,
    bot: isBot || user.id === SLACKBOT,
    guest: user.is_restricted !== false || user.is_ultra_restricted === true,
    stranger: user.is_stranger === true || !isAtHome,
    address: user.profile?.email || null,
  };
}

function askerOf(client: webApi.WebClient, sleep: (ms: number) => Promise<void>): Ask {
  const patient = async (method: string, args: Readonly<Record<string, string>>) => {
    try {
      return await client.apiCall(method, args);
    } catch (error) {
      const waitMs = error instanceof webApi.WebAPIRateLimitedError ? error.retryAfter * SECONDS : Number.NaN;
      if (!(waitMs <= LONGEST_WAIT_MS)) throw error;
      await sleep(waitMs);
      return client.apiCall(method, args);
    }
  };
  return async (method, args, shape) => {
    const answer = await patient(method, args).catch((cause: unknown) => {
      throw new ClawbackError('unavailable', whyNot(method, cause), { cause });
    });
    const read = shape.safeParse(answer);
    if (!read.success) throw unclear(method, read.error);
    return read.data;
  };
}

/** For the log and for whoever runs Clawback: Slack's own code, and the scope that is missing. */
function whyNot(method: string, cause: unknown): string {
  if (cause instanceof webApi.WebAPIRateLimitedError) return `Slack asks to wait with ${method}`;
  if (!(cause instanceof webApi.WebAPIPlatformError)) return `Slack did not answer ${method}`;
  const plain = (word: unknown) =>
    String(word)
      .replace(/[^\w:.,-]/g, '?')
      .slice(0, 100);
  const { error, needed }: { error: string; needed?: unknown } = cause.data;
  if (error === 'missing_scope') return `Slack refuses ${method}: the app lacks the scope ${plain(needed)}`;
  return `Slack answered ${plain(error)} to ${method}`;
}

function unclear(method: string, cause?: unknown): ClawbackError {
  return new ClawbackError('unavailable', `Slack’s answer to ${method} is not clear`, { cause });
}
