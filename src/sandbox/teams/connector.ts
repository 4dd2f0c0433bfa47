import { type Answer, type Incoming, type Json, list, parseJson, record, text } from '../slack/loopback.ts';
import { MEMBERS_WINDOWS, SEND_WINDOWS } from './limits.ts';
import { messageProblem, refusal } from './message-rules.ts';
import type { Held, Thread, Threads } from './threads.ts';
import type { SeatedMember, TeamsChannel } from './types.ts';

export interface ConnectorDeps {
  readonly threads: Threads;
  readonly members: readonly SeatedMember[];
  readonly tenantId: string;
  readonly teamId: string;
  readonly teamName: string;
  /** Of the group in Entra behind the team. */
  readonly groupId: string;
  readonly channels: () => readonly TeamsChannel[];
  readonly installed: () => boolean;
  /** Seconds to wait, 0 to pass. */
  readonly wait: (key: string, windows: typeof SEND_WINDOWS) => number;
  /** The bot wrote to one person only. False when that person is not here. */
  readonly whisper: (thread: Thread | null, memberId: string, activity: Json) => Held | null;
  /** A message was replaced: what single people saw in its place is gone. */
  readonly replaced: (activityId: string) => void;
  readonly habits: Habits;
}

/** Where services differ from tenant to tenant, or where nobody documents what they do. */
export interface Habits {
  /** [belief] Now and then an update is answered so although the message is there; null: it is not. */
  updateLie: () => { readonly status: 403 | 404; readonly code: string } | null;
  /** Microsoft's Agents Playground finds nobody by an Entra object id; Teams does. */
  rosterByEntraId: boolean;
  /** [belief] Messages for one person in a channel are in public preview: a tenant may not have them. */
  targeted: boolean;
  /** Whether the app is installed for the people themselves: else they cannot be written to alone. */
  personal: boolean;
}

export interface Route {
  readonly operation: string;
  readonly run: (body: Json, query: URLSearchParams) => Answer;
}

const GONE = refusal(404, 'ConversationNotFound', 'Conversation not found.');

function memberAnswer(member: SeatedMember, tenantId: string): Json {
  const [givenName = '', ...rest] = member.name.split(' ');
  return {
    id: member.id,
    name: member.name,
    // Both spellings: the connector sends objectId, newer payloads aadObjectId.
    objectId: member.aadObjectId,
    aadObjectId: member.aadObjectId,
    givenName,
    surname: rest.join(' '),
    email: member.upn,
    userPrincipalName: member.upn,
    tenantId,
    userRole: member.guest === true ? 'guest' : 'user',
  };
}

/** The Bot Connector REST API of one team. `route` is null for a path that it does not have. */
export function createConnector(deps: ConnectorDeps): { route(request: Incoming): Route | null } {
  const { threads } = deps;

  function limited(key: string, windows: typeof SEND_WINDOWS, run: () => Answer): Answer {
    const seconds = deps.wait(key, windows);
    return seconds === 0
      ? run()
      : {
          ...refusal(429, 'TooManyRequests', 'API calls quota exceeded.'),
          headers: { 'retry-after': String(seconds) },
        };
  }

  function write(conversation: string, activity: Json | null, run: () => Answer): Answer {
    if (!deps.installed()) {
      return refusal(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.');
    }
    return limited(
      `send ${conversation}`,
      SEND_WINDOWS,
      () => (activity === null ? null : messageProblem(activity, deps.members)) ?? run(),
    );
  }

  /** learn: "create a conversation"; without a personal installation the answer is 403. */
  function createPersonal(memberId: string): Answer {
    // By the Entra object id as well [learn: send-proactive-messages].
    if (!deps.members.some((one) => one.id === memberId || one.aadObjectId === memberId)) {
      return refusal(400, 'BadSyntax', 'Bad format of conversation ID');
    }
    return deps.habits.personal
      ? { status: 201, body: { id: `a:${memberId}` } }
      : refusal(403, 'ForbiddenOperationException', "The bot is not installed in user's personal scope");
  }

  function create(body: Json): Answer {
    const [member] = list(body['members']).map(record);
    if (member !== undefined && body['isGroup'] !== true) {
      return createPersonal(text(member['id']));
    }
    const channelId = text(record(record(body['channelData'])['channel'])['id']);
    if (channelId === '') {
      return refusal(400, 'BadSyntax', 'Only new threads in a channel are simulated.');
    }
    return write(`new in ${channelId}`, record(body['activity']), () => {
      const root = threads.start(channelId, 'bot', record(body['activity']));
      return root === null ? GONE : { status: 201, body: { id: root.conversationId, activityId: root.id } };
    });
  }

  function into(thread: Thread, activity: Json, query: URLSearchParams): Answer {
    const target = query.get('isTargetedActivity') === 'true' ? text(record(activity['recipient'])['id']) : '';
    if (target !== '' && !deps.habits.targeted) {
      return refusal(400, 'BadArgument', 'Targeted messages are not supported.');
    }
    const held = target === '' ? threads.append(thread, 'bot', activity) : deps.whisper(thread, target, activity);
    return held === null ? GONE : { status: 201, body: { id: held.id } };
  }

  function send(conversation: string, activity: Json, query: URLSearchParams): Answer {
    return write(conversation, activity, () => {
      if (conversation.startsWith('a:')) {
        const held = deps.whisper(null, conversation.slice('a:'.length), activity);
        return held === null ? GONE : { status: 201, body: { id: held.id } };
      }
      const thread = threads.thread(conversation);
      if (thread !== null) {
        return into(thread, activity, query);
      }
      const root = threads.start(conversation, 'bot', activity);
      return root === null ? GONE : { status: 201, body: { id: root.id } };
    });
  }

  function own(conversation: string, id: string, change: (thread: Thread, held: Held) => Answer): Answer {
    const found = threads.find(conversation, id);
    if (found === null) {
      const known = threads.thread(conversation) !== null || threads.isChannel(conversation);
      return known ? refusal(404, 'ActivityNotFoundInConversation', 'The activity was not found.') : GONE;
    }
    return found.held.from === 'bot'
      ? change(found.thread, found.held)
      : refusal(403, 'Forbidden', 'The bot may change its own messages only.');
  }

  function update(conversation: string, id: string, activity: Json): Answer {
    return write(conversation, activity, () =>
      own(conversation, id, (thread, held) => {
        const lie = deps.habits.updateLie();
        if (lie !== null) {
          return refusal(lie.status, lie.code, 'The activity cannot be changed.');
        }
        threads.update(thread, held, activity);
        deps.replaced(held.id);
        return { status: 200, body: { id: held.id } };
      }),
    );
  }

  function remove(conversation: string, id: string): Answer {
    return write(conversation, null, () =>
      own(conversation, id, (thread, held) => {
        threads.remove(thread, held);
        return { status: 200 };
      }),
    );
  }

  function inRoster(conversation: string, run: () => Answer): Answer {
    const known =
      conversation === deps.teamId || threads.isChannel(conversation) || threads.thread(conversation) !== null;
    if (!known) {
      return GONE;
    }
    return deps.installed()
      ? limited(`members ${conversation}`, MEMBERS_WINDOWS, run)
      : refusal(403, 'BotNotInConversationRoster', 'The bot is not part of the conversation roster.');
  }

  function page(conversation: string, query: URLSearchParams): Answer {
    return inRoster(conversation, () => {
      const from = Number(query.get('continuationToken') ?? 0) || 0;
      const size = Math.min(Number(query.get('pageSize')) || 200, 500);
      const members = deps.members.slice(from, from + size).map((one) => memberAnswer(one, deps.tenantId));
      const more = from + size < deps.members.length;
      return { status: 200, body: { members, ...(more ? { continuationToken: String(from + size) } : {}) } };
    });
  }

  function member(conversation: string, id: string): Answer {
    return inRoster(conversation, () => {
      const found = deps.members.find(
        (one) => one.id === id || (deps.habits.rosterByEntraId && one.aadObjectId === id),
      );
      return found === undefined
        ? refusal(404, 'MemberNotFoundInConversation', 'The member was not found.')
        : { status: 200, body: memberAnswer(found, deps.tenantId) };
    });
  }

  function team(id: string, body: Json): Answer {
    if (id !== deps.teamId) {
      return refusal(404, 'TeamNotFound', 'Team not found.');
    }
    return { status: 200, body };
  }

  function wholeRoute(at: string, id: string): Route | null {
    switch (at) {
      case 'POST activities':
        return { operation: 'send', run: (body, query) => send(id, body, query) };
      case 'GET pagedmembers':
        return { operation: 'members', run: (_body, query) => page(id, query) };
      default:
        return null;
    }
  }

  function itemRoute(at: string, id: string, item: string): Route | null {
    switch (at) {
      case 'POST activities':
        return { operation: 'send', run: (body, query) => send(id, body, query) };
      case 'PUT activities':
        return { operation: 'update', run: (body) => update(id, item, body) };
      case 'DELETE activities':
        return { operation: 'delete', run: () => remove(id, item) };
      case 'GET members':
        return { operation: 'members', run: () => member(id, item) };
      default:
        return null;
    }
  }

  function conversationRoute(method: string, id: string, tail: readonly string[]): Route | null {
    const [kind, item, ...more] = tail;
    if (more.length > 0) {
      return null;
    }
    const at = `${method} ${kind ?? ''}`;
    return item === undefined ? wholeRoute(at, id) : itemRoute(at, id, item);
  }

  function teamRoute(id: string, tail: readonly string[]): Route | null {
    if (tail.length === 0) {
      // learn: "get team details"; what a group is called in Entra stands in `aadGroupId`.
      const { teamName: name, groupId: aadGroupId } = deps;
      const counts = { channelCount: deps.channels().length, memberCount: deps.members.length };
      return { operation: 'team', run: () => team(id, { id, name, aadGroupId, type: 'standard', ...counts }) };
    }
    return tail.length === 1 && tail[0] === 'conversations'
      ? { operation: 'channels', run: () => team(id, { conversations: deps.channels() }) }
      : null;
  }

  return {
    route(request) {
      const [version, kind, id, ...tail] = request.path.split('/').slice(1);
      if (version !== 'v3') {
        return null;
      }
      if (kind === 'conversations') {
        const creates = id === undefined && request.method === 'POST';
        return creates ? { operation: 'create', run: create } : conversationRoute(request.method, id ?? '', tail);
      }
      return kind === 'teams' && id !== undefined && request.method === 'GET' ? teamRoute(id, tail) : null;
    },
  };
}

/** undefined when the body is not a JSON object. */
export function jsonBody(request: Incoming): Json | undefined {
  if (request.body.length === 0) {
    return {};
  }
  const body = parseJson(request.body.toString('utf8'));
  return body !== null && typeof body === 'object' && !Array.isArray(body) ? (body as Json) : undefined;
}
