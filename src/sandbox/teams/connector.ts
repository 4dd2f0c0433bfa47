import { type Answer, type Incoming, type Json, list, parseJson, record, text } from '../slack/loopback.ts';
import { cardProblems } from './card-rules.ts';
import { MEMBERS_WINDOWS, MESSAGE_BYTES, SEND_WINDOWS } from './limits.ts';
import { CARD_TYPE, type Held, mentionsIn, type Thread, type Threads } from './threads.ts';
import type { SeatedMember, TeamsChannel } from './types.ts';

export interface ConnectorDeps {
  readonly threads: Threads;
  readonly members: readonly SeatedMember[];
  readonly tenantId: string;
  readonly teamId: string;
  readonly teamName: string;
  readonly channels: () => readonly TeamsChannel[];
  readonly installed: () => boolean;
  /** Seconds to wait, 0 to pass. */
  readonly wait: (key: string, windows: typeof SEND_WINDOWS) => number;
  /** The bot wrote to one person only. False when that person is not here. */
  readonly whisper: (thread: Thread, memberId: string, activity: Json) => Held | null;
  /** A message was replaced: what single people saw in its place is gone. */
  readonly replaced: (activityId: string) => void;
}

export interface Route {
  readonly operation: string;
  readonly run: (body: Json, query: URLSearchParams) => Answer;
}

export function refusal(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}

const GONE = refusal(404, 'ConversationNotFound', 'Conversation not found.');

/** null when Teams would take the message. */
function messageProblem(activity: Json, members: readonly SeatedMember[]): Answer | null {
  if (activity['type'] !== 'message') {
    return refusal(400, 'BadSyntax', `Activity type ${text(activity['type'])} is not simulated.`);
  }
  // The size counts in UTF-16, two bytes a unit, whatever the wire used.
  if (JSON.stringify(activity).length * 2 > MESSAGE_BYTES) {
    return refusal(413, 'MessageSizeTooBig', 'Message size too large.');
  }
  const attachments = list(activity['attachments']).map(record);
  if (text(activity['text']) === '' && attachments.length === 0) {
    return refusal(400, 'BadSyntax', 'Activity must include non empty text or attachments.');
  }
  if (attachments.some((one) => one['contentType'] !== CARD_TYPE)) {
    return refusal(400, 'BadArgument', 'Unknown attachment type.');
  }
  const mention = mentionProblem(activity, members);
  if (mention !== null) {
    return mention;
  }
  const problems = attachments.flatMap((one) => cardProblems(one['content']));
  return problems.length === 0 ? null : refusal(400, 'BadArgument', `Invalid card: ${problems.join(' ')}`);
}

/** A mention names somebody of the team, and its text stands in the message, word for word. */
function mentionProblem(activity: Json, members: readonly SeatedMember[]): Answer | null {
  for (const mention of mentionsIn(activity)) {
    const said = text(mention['text']);
    if (!/^<at>[^<]+<\/at>$/.test(said) || !text(activity['text']).includes(said)) {
      return refusal(400, 'BadArgument', `Mention text '${said}' was not found in the message text.`);
    }
    const id = text(record(mention['mentioned'])['id']);
    if (!members.some((one) => one.id === id || one.aadObjectId === id)) {
      return refusal(400, 'BadArgument', `Invalid user identity in mention: '${id}'.`);
    }
  }
  return null;
}

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

  function create(body: Json): Answer {
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
    const held = target === '' ? threads.append(thread, 'bot', activity) : deps.whisper(thread, target, activity);
    return held === null ? GONE : { status: 201, body: { id: held.id } };
  }

  function send(conversation: string, activity: Json, query: URLSearchParams): Answer {
    return write(conversation, activity, () => {
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
      const found = deps.members.find((one) => one.id === id || one.aadObjectId === id);
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
      return { operation: 'team', run: () => team(id, { id, name: deps.teamName, type: 'standard' }) };
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
