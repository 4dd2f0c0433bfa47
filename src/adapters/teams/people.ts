import { z } from 'zod';
import { ClawbackError } from '../../core/error.ts';
import { type Fresh, keepFresh } from '../../core/fresh.ts';
import type { ChatAccount, ChatPeople } from '../../ports/people.ts';
import type { Connector, ConnectorAnswer } from './connector.ts';
import { TEAMS } from './platform.ts';

/**
 * The ids of people as this bot sees them (`29:…`), by Entra object id. The roster of Teams finds people by either; that
 * of Microsoft's Agents Playground only by the first.
 */
export interface MemberIds {
  get(entraId: string): Promise<string | null>;
  set(entraId: string, id: string): Promise<void>;
}

export interface TeamsRoster {
  readonly members: MemberIds;
  readonly connector: Connector;
  readonly tenantId: string;
  readonly teamId: string;
  /** The channel of the cards: who is not in it has no account here. */
  readonly channelId: string;
  /** Used until the channel itself has told us its service URL. */
  readonly serviceUrl: string;
  /** What the channel told us last, or null. */
  reference(): Promise<string | null>;
  /** Milliseconds since 1970. */
  now(): number;
}

const LIFETIME_MS = 15_000;
const MOST_ACCOUNTS = 1_000;
const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Entra's object id has two spellings here: `objectId` in the documents, `aadObjectId` in newer answers. */
const Member = z.object({
  objectId: z.string().nullish(),
  aadObjectId: z.string().nullish(),
  tenantId: z.string().min(1),
  userRole: z.string().min(1),
});
const Channels = z.object({
  conversations: z.array(z.object({ id: z.string(), type: z.string().nullish() })),
});

/**
 * Who is in the channel of the cards, asked of the Bot Connector; answers are 15 s old at most. The directory knows the
 * rest: whether the account is enabled, and its addresses.
 */
export function createTeamsPeople(options: TeamsRoster): ChatPeople {
  const { tenantId, channelId, now, members } = options;
  const ask = (path: string) => asked(options, path);
  const account = keepFresh({ lifetimeMs: LIFETIME_MS, now, most: MOST_ACCOUNTS }, async (id) => {
    const known = await members.get(id).catch(() => null);
    const called = (name: string) =>
      `v3/conversations/${encodeURIComponent(channelId)}/members/${encodeURIComponent(name)}`;
    const kept = known === null ? null : await ask(called(known));
    // A name that was kept is only a way to ask: whom it belongs to is for the roster to say.
    return accountIn(kept && !namesAnother(kept, id) ? kept : await ask(called(id)), id, tenantId);
  });
  const channels = keepFresh({ lifetimeMs: LIFETIME_MS, now, most: 1 }, async (team) =>
    channelsIn(await ask(`v3/teams/${encodeURIComponent(team)}/conversations`)),
  );
  return peopleFrom(options, account, channels);
}

function peopleFrom(
  roster: Pick<TeamsRoster, 'teamId' | 'tenantId'>,
  account: Fresh<ChatAccount | null>,
  channels: Fresh<readonly Channel[]>,
): ChatPeople {
  const { teamId, tenantId } = roster;
  return {
    platform: TEAMS.platform,
    home: tenantId,
    knownBy: 'entra-id',
    groupsOf: () => [],
    // A command’s answer stands in the thread, for everybody who can read the channel.
    answersAreSeen: (channel) => channel.startsWith('19:'),
    account: (id) => (GUID.test(id) ? account(id.toLowerCase()) : Promise.resolve(null)),
    isShared: async (channel) => isSharedIn(await channels(teamId), channel.split(';')[0] ?? '', teamId),
    groupMembers: () => Promise.reject(unavailable('Teams has no groups of accounts: name an Entra group instead')),
    anew: () => peopleFrom(roster, account.anew(), channels.anew()),
  };
}

/** For as long as the process lives. */
export function memberIdsInMemory(): MemberIds {
  const ids = new Map<string, string>();
  return {
    get: (entraId) => Promise.resolve(ids.get(entraId) ?? null),
    set: (entraId, id) => Promise.resolve(void ids.set(entraId, id)),
  };
}

/** Whatever goes wrong here means that nobody can tell, and that is a no. */
async function asked({ connector, serviceUrl, reference }: TeamsRoster, path: string): Promise<ConnectorAnswer> {
  try {
    return await connector.ask((await reference()) ?? serviceUrl, path);
  } catch (cause) {
    throw unavailable('Teams cannot be asked now', cause);
  }
}

/** Nobody is called so any more, or somebody else is. */
function namesAnother({ status, code, body }: ConnectorAnswer, id: string): boolean {
  if (status === 404) return code === 'MemberNotFoundInConversation';
  return status === 200 && entraIdIn(Member.safeParse(body).data) !== id;
}

function entraIdIn(member: z.infer<typeof Member> | undefined): string {
  return (member?.aadObjectId ?? member?.objectId ?? '').toLowerCase();
}

function accountIn({ status, code, body }: ConnectorAnswer, id: string, tenantId: string): ChatAccount | null {
  // Not the 404 of a conversation: then nobody can tell who is in it.
  if (status === 404 && code === 'MemberNotFoundInConversation') return null;
  if (status !== 200) throw unavailable(`the roster of Teams answered ${status} ${code}`);
  const member = Member.safeParse(body).data;
  if (!member || entraIdIn(member) !== id) throw unavailable('the roster of Teams gave no such member');
  return {
    active: true,
    bot: false,
    // user, guest or anonymous; whatever else there may be one day is no plain user either.
    guest: member.userRole.toLowerCase() !== 'user',
    stranger: member.tenantId.toLowerCase() !== tenantId.toLowerCase(),
    address: null,
  };
}

type Channel = z.infer<typeof Channels>['conversations'][number];

function channelsIn({ status, code, body }: ConnectorAnswer): readonly Channel[] {
  const list = Channels.safeParse(body).data;
  if (status !== 200 || !list) throw unavailable(`the channel list of Teams answered ${status} ${code}`);
  return list.conversations;
}

/**
 * Documented lists name no types at all. Where that is so, the app model answers: an app gets into shared and private
 * channels only when its manifest declares `supportsChannelFeatures`, and ours does not [learn: apps for shared and
 * private channels]. A list that names some types and not this one tells nothing.
 */
function isSharedIn(channels: readonly Channel[], channel: string, teamId: string): boolean {
  const found = channels.find(({ id }) => id === channel);
  // The General channel is standard, has the id of its team and is sometimes left out of the list.
  const listed = found ?? (channel === teamId ? { id: teamId, type: 'standard' } : undefined);
  if (!listed) throw unavailable('the channel is not in the team');
  const type = listed.type ?? (channels.every((one) => !one.type) ? 'standard' : 'unknown');
  if (!['standard', 'private', 'shared'].includes(type)) throw unavailable(`Teams knows no channel type ${type}`);
  return type === 'shared';
}

function unavailable(message: string, cause?: unknown): ClawbackError {
  return new ClawbackError('unavailable', message, { cause });
}
