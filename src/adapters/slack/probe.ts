import { z } from 'zod';
import { isForeign, workspacesOf } from './sharing.ts';

/** `error` of one call of the Web API: null when it worked, '' when no readable answer came. */
interface SlackAsked {
  readonly error: string | null;
}

export interface SlackPersonFacts extends SlackAsked {
  readonly deleted: boolean;
  /** Guest, or of another workspace. */
  readonly outsider: boolean;
  readonly bot: boolean;
}

export interface SlackFacts {
  readonly auth: SlackAsked & { readonly teamId: string };
  /** What Slack says the token may do; null when it did not say. */
  readonly scopes: readonly string[] | null;
  readonly channel: SlackAsked & {
    readonly name: string;
    readonly member: boolean;
    readonly archived: boolean;
    /** With whom else, or to be: another organisation or another workspace of the same one. */
    readonly shared: boolean;
    readonly private: boolean;
  };
  /** By Slack user id. */
  readonly people: ReadonlyMap<string, SlackPersonFacts>;
  /** By id of the user group. */
  readonly groups: ReadonlyMap<string, SlackAsked & { readonly hasMembers: boolean }>;
  /** Whether the app token opens a Socket Mode connection; null when Socket Mode is not used. */
  readonly socket: SlackAsked | null;
}

export interface SlackQuestions {
  /** Base of the Web API, with its trailing slash. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string | null;
  readonly teamId: string;
  readonly channel: string;
  readonly people: readonly string[];
  /** Ids of user groups whose members are asked for. */
  readonly groups: readonly string[];
  readonly fetch: typeof fetch;
  readonly sleep: (ms: number) => Promise<void>;
}

const Answer = z.looseObject({ ok: z.boolean(), error: z.string().max(100).default('') });
const Auth = z.object({ team_id: z.string(), is_enterprise_install: z.boolean().catch(false).default(false) });
const Flag = z.boolean().catch(false);
const Ids = z.array(z.string()).catch([]);
const Channel = z.object({
  channel: z.object({
    name: z.string().catch(''),
    is_member: Flag,
    is_archived: Flag,
    is_shared: Flag,
    is_ext_shared: Flag,
    is_org_shared: Flag,
    is_pending_ext_shared: Flag,
    pending_shared: Ids,
    pending_connected_team_ids: Ids,
    is_private: Flag,
  }),
});
const Person = z.object({
  user: z.object({
    team_id: z.string().optional(),
    deleted: Flag,
    is_restricted: Flag,
    is_ultra_restricted: Flag,
    is_stranger: Flag,
    is_bot: Flag,
    enterprise_user: z.object({ enterprise_id: z.string().optional(), teams: Ids }).optional().catch(undefined),
  }),
});
const Teams = z.object({ teams: z.array(z.object({ id: z.string() })) });
const Members = z.object({ users: z.array(z.string()) });
type Reply = SlackAsked & { readonly body: unknown; readonly scopes: readonly string[] | null };
type Call = (method: string, args?: Readonly<Record<string, string>>, token?: string) => Promise<Reply>;

const TIMEOUT_MS = 10_000;
/** users.info takes about 100 calls a minute: with more approvers than that, Slack asks to wait. */
const MOST_WAITS = 3;
const LONGEST_WAIT_MS = 60_000;

/** Reads only; a Socket Mode address is asked for and not used. Never throws for what Slack or the network answers. */
export async function probeSlack(questions: SlackQuestions): Promise<SlackFacts> {
  const call = callerOf(questions);
  const auth = await call('auth.test');
  const who = Auth.safeParse(auth.body).data;
  // A company's token is good for each of its workspaces.
  const orgWide = who?.is_enterprise_install === true;
  const people = new Map<string, SlackPersonFacts>();
  const mayAsk = auth.error === null;
  const channel = mayAsk ? await call('conversations.info', { channel: questions.channel }) : auth;
  if (mayAsk) {
    for (const user of questions.people) people.set(user, personOf(await call('users.info', { user }), questions));
  }
  const groups = mayAsk ? await groupsOf(call, questions, orgWide) : new Map<string, never>();
  const { appToken } = questions;
  return {
    auth: { error: auth.error, teamId: orgWide ? questions.teamId : (who?.team_id ?? '') },
    scopes: auth.scopes,
    channel: channelOf(channel),
    people,
    groups,
    socket: appToken === null ? null : { error: (await call('apps.connections.open', {}, appToken)).error },
  };
}

function callerOf({ apiUrl, botToken, fetch: send, sleep }: SlackQuestions): Call {
  const once = (method: string, args: Readonly<Record<string, string>>, token: string) =>
    send(new URL(method, apiUrl), {
      method: 'POST',
      redirect: 'error',
      headers: { authorization: `Bearer ${token}` },
      body: new URLSearchParams(args),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch(() => null);
  return async (method, args = {}, token = botToken) => {
    let response = await once(method, args, token);
    for (let waits = 0; response?.status === 429 && waits < MOST_WAITS; waits += 1) {
      await sleep(Math.min(LONGEST_WAIT_MS, (Number(response.headers.get('retry-after')) || 1) * 1_000));
      response = await once(method, args, token);
    }
    const body: unknown = await response?.json().catch(() => null);
    const answer = Answer.safeParse(body).data;
    const scopes = response?.headers.get('x-oauth-scopes')?.split(',');
    return {
      error: answer?.ok ? null : (answer?.error ?? ''),
      body,
      scopes: scopes?.map((scope) => scope.trim()).filter((scope) => scope !== '') ?? null,
    };
  };
}

function channelOf({ error, body }: Reply): SlackFacts['channel'] {
  const channel = Channel.safeParse(body).data?.channel;
  return {
    error: error === null && !channel ? '' : error,
    name: channel?.name ?? '',
    member: channel?.is_member ?? false,
    archived: channel?.is_archived ?? false,
    shared: channel !== undefined && isForeign(channel),
    private: channel?.is_private ?? false,
  };
}

async function groupsOf(
  call: Call,
  { teamId, groups }: SlackQuestions,
  orgWide: boolean,
): Promise<SlackFacts['groups']> {
  const teams = async (method: string, args: Readonly<Record<string, string>>) =>
    Teams.safeParse((await call(method, args)).body).data?.teams.map(({ id }) => id) ?? [];
  const workspaces = await workspacesOf({ teamId, orgWide }, teams);
  const found = new Map<string, SlackAsked & { hasMembers: boolean }>();
  for (const usergroup of groups) {
    found.set(usergroup, { error: '', hasMembers: false });
    for (const where of workspaces) {
      found.set(usergroup, groupOf(await call('usergroups.users.list', { usergroup, ...where })));
      if (found.get(usergroup)?.error !== 'no_such_subteam') break;
    }
  }
  return found;
}

function groupOf({ error, body }: Reply): SlackAsked & { hasMembers: boolean } {
  const users = Members.safeParse(body).data?.users;
  return { error: error === null && !users ? '' : error, hasMembers: (users?.length ?? 0) > 0 };
}

function personOf({ error, body }: Reply, { teamId }: SlackQuestions): SlackPersonFacts {
  const user = Person.safeParse(body).data?.user;
  if (error !== null || !user) return { error: error ?? '', deleted: false, outsider: false, bot: false };
  const guest = user.is_restricted || user.is_ultra_restricted;
  // In an Enterprise Grid a person's own team may be another workspace of the same company.
  const { teams = [], enterprise_id } = user.enterprise_user ?? {};
  const isAtHome = user.team_id === teamId || teams.includes(teamId) || enterprise_id === teamId;
  const stranger = user.is_stranger || !isAtHome;
  return { error: null, deleted: user.deleted, outsider: guest || stranger, bot: user.is_bot };
}
