import { blockProblems, tableCount, viewProblems } from './block-kit.ts';
import type { Channel } from './channel.ts';
import type { Emulated } from './emulator.ts';
import { type Json, list, parseJson, record, text } from './loopback.ts';
import type { Grid, SeatedPerson } from './types.ts';
import type { Uploads } from './uploads.ts';
import type { Views } from './views.ts';

export interface Workspace {
  readonly emulator: Emulated;
  readonly channel: Channel;
  readonly views: Views;
  readonly uploads: Uploads;
  readonly teamId: string;
  readonly scopes: readonly string[];
  readonly people: ReadonlyMap<string, SeatedPerson>;
  /** By user id. */
  readonly firstEmails: ReadonlyMap<string, string>;
  readonly groups: Map<string, { handle: string; users: readonly string[] }>;
  /** is_ext_shared and its like, per channel id. */
  readonly channelFlags: Map<string, Json>;
  readonly socketUrl: () => string | null;
  /** Channels the bot was taken out of. */
  readonly left: Set<string>;
  readonly archived: Set<string>;
  /** What chat.update answers for messages that are there all the same. */
  readonly unchangeable: () => string | null;
  readonly grid: Grid | null;
}

const NESTED = ['blocks', 'attachments', 'metadata', 'view'];

/** WebClient sends forms whose nested values are JSON texts. An undecodable one stays text and is refused later. */
export function methodArgs(contentType: string, raw: string): Json {
  if (contentType.includes('application/json')) {
    return record(parseJson(raw));
  }
  const form = Object.fromEntries(new URLSearchParams(raw));
  const decoded = NESTED.filter((name) => typeof form[name] === 'string').map((name) => [
    name,
    parseJson(String(form[name])) ?? form[name],
  ]);
  return { ...form, ...Object.fromEntries(decoded) };
}

function invalid(error: string, messages: readonly string[]): Json {
  return { ok: false, error, response_metadata: { messages } };
}

/** null when Slack would take what is to be shown. */
export function refusedContent(method: string, args: Json): Json | null {
  if (args['view'] !== undefined) {
    const problems = viewProblems(args['view']);
    const blocks = problems.some((problem) => problem.includes(':/view/blocks'));
    return problems.length > 0 ? invalid(blocks ? 'invalid_blocks' : 'invalid_arguments', problems) : null;
  }
  if (!['chat.postMessage', 'chat.update', 'chat.postEphemeral'].includes(method)) {
    return null;
  }
  if (args['blocks'] !== undefined) {
    const problems = blockProblems(args['blocks'], 'message');
    if (problems.length > 0) {
      return invalid('invalid_blocks', problems);
    }
    if (tableCount(args['blocks']) > 1) {
      return invalid('invalid_attachments', ['[ERROR] only_one_table_allowed']);
    }
  }
  // Slack only warns (missing_text_in_message), but then notifications and screen readers get nothing.
  if (text(args['text']) === '') {
    return { ok: false, error: 'no_text' };
  }
  // docs.slack.dev/reference/methods/chat.postMessage: text is cut at 40,000 characters; the emulator agrees.
  return text(args['text']).length > 40_000 ? { ok: false, error: 'msg_too_long' } : null;
}

/** slackapi/bolt-js#1875: which workspaces of the company somebody is in stands nowhere else. */
function inGrid(person: SeatedPerson | undefined, grid: Grid | null, teamId: string): Json {
  if (!grid || person?.stranger === true) return {};
  const teams = person?.gridTeams ?? [person?.teamId ?? teamId];
  return { enterprise_user: { id: person?.id ?? '', enterprise_id: grid.enterpriseId, teams } };
}

function userFields(person: SeatedPerson | undefined, { teamId, grid }: Workspace, user: Json, botUser: string): Json {
  const profile = record(user['profile']);
  return {
    ...user,
    // The emulator tells an address only to a token that may see it; here it is the one of today.
    ...(person && 'email' in profile ? { profile: { ...profile, email: person.email } } : {}),
    team_id: person?.teamId ?? teamId,
    is_bot: user['id'] === botUser || person?.isBot === true,
    deleted: person?.deleted ?? false,
    is_restricted: (person?.restricted ?? false) || (person?.ultraRestricted ?? false),
    is_ultra_restricted: person?.ultraRestricted ?? false,
    ...(person?.stranger === true ? { is_stranger: true } : {}),
    ...inGrid(person, grid, teamId),
  };
}

function groupAnswer(method: string, args: Json, space: Workspace): Json {
  if (!space.scopes.includes('usergroups:read')) {
    return { ok: false, error: 'missing_scope', needed: 'usergroups:read', provided: space.scopes.join(',') };
  }
  // docs.slack.dev, usergroups.*: team_id, of a workspace, is required with the token of an organisation.
  if (space.grid?.orgWide && !text(args['team_id']).startsWith('T')) {
    return { ok: false, error: 'missing_argument' };
  }
  if (space.grid?.orgWide && args['team_id'] !== space.teamId) {
    return method === 'usergroups.list' ? { ok: true, usergroups: [] } : { ok: false, error: 'no_such_subteam' };
  }
  if (method === 'usergroups.users.list') {
    const group = space.groups.get(text(args['usergroup']));
    return group === undefined ? { ok: false, error: 'no_such_subteam' } : { ok: true, users: group.users };
  }
  const usergroups = [...space.groups].map(([id, group]) => ({
    id,
    team_id: space.teamId,
    is_usergroup: true,
    name: group.handle,
    handle: group.handle,
    date_delete: 0,
    user_count: group.users.length,
    ...(args['include_users'] === 'true' || args['include_users'] === true ? { users: group.users } : {}),
  }));
  return { ok: true, usergroups };
}

/** The emulator knows only the address somebody started with; whoever left is not found. */
function emulatedArgs(method: string, args: Json, space: Workspace): Json {
  if (method !== 'users.lookupByEmail') {
    return args;
  }
  const email = text(args['email']).toLowerCase();
  const found = [...space.people.values()].find((one) => one.email.toLowerCase() === email && one.deleted !== true);
  return { ...args, email: found === undefined ? '' : (space.firstEmails.get(found.id) ?? '') };
}

async function peopleAnswer(method: string, args: Json, space: Workspace): Promise<Json> {
  const answer = await space.emulator.call(method, emulatedArgs(method, args, space));
  const botUser = space.emulator.userId('clawback');
  const patched = (user: Json) => userFields(space.people.get(text(user['id'])), space, user, botUser);
  return {
    ...answer,
    ...(answer['user'] === undefined ? {} : { user: patched(record(answer['user'])) }),
    ...(answer['members'] === undefined ? {} : { members: list(answer['members']).map((one) => patched(record(one))) }),
  };
}

async function channelAnswer(args: Json, space: Workspace): Promise<Json> {
  const answer = await space.emulator.call('conversations.info', args);
  if (answer['ok'] !== true) {
    return answer;
  }
  const channel = record(answer['channel']);
  const id = text(channel['id']);
  const closed = { is_shared: false, is_ext_shared: false, is_org_shared: false, is_pending_ext_shared: false };
  const own = {
    ...closed,
    context_team_id: space.teamId,
    is_member: !space.left.has(id),
    is_archived: space.archived.has(id),
  };
  const flags = space.channelFlags.get(id) ?? {};
  // docs.slack.dev: is_shared is true for a channel shared with anybody, outside or in the same organisation.
  const shared = flags['is_ext_shared'] === true || flags['is_org_shared'] === true;
  return { ok: true, channel: { ...channel, ...own, is_shared: shared, ...flags } };
}

/** docs.slack.dev, chat.getPermalink: the address of one message in its channel. */
async function permalinkAnswer(args: Json, space: Workspace): Promise<Json> {
  const [channel, ts] = [text(args['channel']), text(args['message_ts'])];
  const shown = await space.channel.shown(channel);
  if (!shown.some((message) => message.ts === ts)) {
    return { ok: false, error: 'message_not_found' };
  }
  const permalink = `https://sandbox.slack.com/archives/${channel}/p${ts.replace('.', '')}`;
  return { ok: true, channel, permalink };
}

async function ephemeralAnswer(args: Json, space: Workspace): Promise<Json> {
  const answer = await space.emulator.call('chat.postEphemeral', args);
  if (answer['ok'] !== true) {
    return answer;
  }
  return { ok: true, message_ts: space.channel.whisper(text(args['user']), text(args['channel']), args) };
}

async function authAnswer(space: Workspace): Promise<Json> {
  const answer = await space.emulator.call('auth.test', {});
  return {
    ...answer,
    team_id: space.grid?.tokenTeam === 'enterprise' ? space.grid.enterpriseId : space.teamId,
    bot_id: space.emulator.botId,
    ...(space.grid ? { enterprise_id: space.grid.enterpriseId } : {}),
    is_enterprise_install: space.grid?.orgWide ?? false,
  };
}

const WRITES = ['chat.postMessage', 'chat.update', 'chat.delete'];

/** In a channel, or in the messages between somebody and the app. */
async function written(method: string, args: Json, space: Workspace): Promise<Json> {
  const isAlone = method === 'chat.postMessage' && text(args['channel']).startsWith('D');
  return isAlone ? space.uploads.answer(method, args) : space.channel.answer(method, args);
}

/** One Web API method after authentication, limits and validation. */
export async function runMethod(method: string, args: Json, space: Workspace): Promise<Json> {
  if ((method.startsWith('chat.') || method.endsWith('.history')) && space.left.has(text(args['channel']))) {
    return { ok: false, error: 'not_in_channel' };
  }
  if (method.startsWith('chat.') && space.archived.has(text(args['channel']))) {
    return { ok: false, error: 'is_archived' };
  }
  const unchangeable = method === 'chat.update' ? space.unchangeable() : null;
  if (unchangeable !== null) {
    return { ok: false, error: unchangeable };
  }
  if (WRITES.includes(method)) {
    return written(method, args, space);
  }
  if (method === 'conversations.history' || method === 'conversations.replies') {
    return space.channel.history(method, args);
  }
  if (method.startsWith('views.') && method !== 'views.generateTriggerId') {
    return space.views.answer(method, args);
  }
  if (method.startsWith('users.')) {
    return peopleAnswer(method, args, space);
  }
  if (method === 'usergroups.list' || method === 'usergroups.users.list') {
    return groupAnswer(method, args, space);
  }
  return runSingle(method, args, space);
}

async function runSingle(method: string, args: Json, space: Workspace): Promise<Json> {
  switch (method) {
    case 'auth.test':
      return authAnswer(space);
    // docs.slack.dev, auth.teams.list: the workspaces that an app of the whole organisation was approved for.
    case 'auth.teams.list':
      return {
        ok: true,
        teams: [
          { id: 'T0OTHERWS', name: 'another' },
          { id: space.teamId, name: 'home' },
        ],
      };
    case 'chat.postEphemeral':
      return ephemeralAnswer(args, space);
    case 'chat.getPermalink':
      return permalinkAnswer(args, space);
    case 'conversations.open':
    case 'files.getUploadURLExternal':
    case 'files.completeUploadExternal':
      return space.uploads.answer(method, args);
    case 'conversations.info':
      return channelAnswer(args, space);
    case 'views.generateTriggerId':
      return { ok: false, error: 'unknown_method' };
    default:
      return space.emulator.call(method, args);
  }
}

export function openConnection(space: Workspace): Json {
  const url = space.socketUrl();
  return url === null ? { ok: false, error: 'socket_mode_not_enabled' } : { ok: true, url };
}
