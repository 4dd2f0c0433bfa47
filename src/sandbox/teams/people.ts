import { type Delivered, deliver, type Json, record, type Sent, text } from '../slack/loopback.ts';
import { filledData, findExecute, type Inputs } from './card-actions.ts';
import { cardProblems } from './card-rules.ts';
import type { Issuer, TokenOptions } from './issuer.ts';
import { CARD_TYPE, cardOf, shownActivity, type Threads } from './threads.ts';
import type { Acted, ActOptions, SeatedMember, ShownActivity, TeamsChange, TeamsSeen, Toast } from './types.ts';
import type { Whispers } from './whispers.ts';

// msteams-docs issue 6461: a card action gets no answer after 10 to 15 s. A bot has to stay far below.
const PATIENCE_MS = 15_000;

export interface PeopleDeps {
  readonly threads: Threads;
  readonly issuer: Issuer;
  readonly whispers: Whispers;
  readonly tenantId: string;
  readonly appId: string;
  readonly botName: string;
  readonly teamId: string;
  readonly teamName: string;
  readonly channelId: string;
  readonly serviceUrl: string;
  readonly clock: () => number;
  readonly random: () => number;
  readonly changed: (change: TeamsChange) => void;
  member(key: string): SeatedMember;
  readonly memberCount: number;
}

/** A person at the Teams client. Every method throws when a real user could not do it. */
export interface People {
  connect(app: { readonly messagesUrl: string }): void;
  install(user: string, options?: ActOptions): Promise<readonly Acted[]>;
  uninstall(user: string, options?: ActOptions): Promise<readonly Acted[]>;
  click(user: string, activityId: string, verb: string, inputs?: Inputs, options?: ClickOptions): Promise<Acted>;
  clickPrivate(user: string, activityId: string, verb: string, inputs?: Inputs, options?: ClickOptions): Promise<Acted>;
  /** What the client does by itself when it shows a card with `refresh`. */
  refresh(user: string, activityId: string, options?: ActOptions): Promise<Acted>;
  /** The invoke a click would send, unsent: the start of a forgery. */
  draft(user: string, activityId: string, verb: string, inputs?: Inputs, options?: ClickOptions): Json;
  /** A message that mentions the bot; a new thread unless `conversationId` names one. `replies` came before the answer. */
  say(
    user: string,
    words: string,
    options?: ActOptions,
  ): Promise<
    Acted & { readonly conversationId: string; readonly activityId: string; readonly replies: ShownActivity[] }
  >;
  /** Any body with any token. */
  raw(activity: Json | string, token?: TokenOptions): Promise<Delivered>;
  /** The identical request once more. */
  again(sent: Sent): Promise<Delivered>;
  seenBy(user: string): TeamsSeen;
}

interface ClickOptions extends ActOptions {
  /** Chooses among several actions with one verb. */
  readonly title?: string;
}

export function createTeamsPeople(deps: PeopleDeps): People & { forget(activityId: string): void } {
  const cards = new Map<string, Map<string, Json>>();
  const toasts = new Map<string, Toast[]>();
  let messagesUrl = '';

  const cardsOf = (user: string) => cards.get(user) ?? new Map<string, Json>();

  async function raw(activity: Json | string, options: TokenOptions = {}): Promise<Delivered> {
    if (messagesUrl === '') {
      throw new Error('connect() the app first');
    }
    const token = await deps.issuer.token(options);
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    };
    const body = typeof activity === 'string' ? activity : JSON.stringify(activity);
    return deliver({ url: messagesUrl, headers, body }, PATIENCE_MS);
  }

  async function send(activity: Json, options: ActOptions): Promise<Acted> {
    const whole = options.patch?.(activity) ?? activity;
    return { ...(await raw(whole)), activity: whole };
  }

  function envelope(member: SeatedMember, conversation: string, channelId: string, options: ActOptions): Json {
    const tenantId = options.tenantId ?? deps.tenantId;
    return {
      timestamp: new Date(deps.clock()).toISOString(),
      id: `f:${Math.floor(deps.random() * 1e12).toString(16)}-${deps.threads.mintId()}`,
      channelId: 'msteams',
      serviceUrl: deps.serviceUrl,
      from: { id: member.id, name: member.name, aadObjectId: member.aadObjectId },
      conversation: {
        isGroup: true,
        conversationType: 'channel',
        tenantId,
        id: options.conversationId ?? conversation,
      },
      recipient: { id: `28:${deps.appId}`, name: deps.botName },
      entities: [{ locale: 'en-US', country: 'US', platform: 'Web', timezone: 'Europe/Berlin', type: 'clientInfo' }],
      channelData: {
        channel: { id: channelId },
        team: { id: deps.teamId, name: deps.teamName },
        tenant: { id: tenantId },
        source: { name: 'message' },
      },
      locale: 'en-US',
    };
  }

  function base(activityId: string) {
    const found = deps.threads.all
      .flatMap((thread) => thread.activities.map((held) => ({ thread, held })))
      .find((one) => one.held.id === activityId && !one.held.deleted);
    if (found === undefined) {
      throw new Error(`there is no message ${activityId}: a real user could not click it`);
    }
    return found;
  }

  function invoke(member: SeatedMember, activityId: string, action: Json, trigger: string, options: ActOptions): Json {
    const { thread } = base(activityId);
    return {
      type: 'invoke',
      name: 'adaptiveCard/action',
      ...envelope(member, thread.conversationId, thread.channelId, options),
      replyToId: activityId,
      value: { action, trigger },
    };
  }

  function clicked(
    user: string,
    activityId: string,
    card: Json | null,
    verb: string,
    inputs: Inputs,
    options: ClickOptions,
  ) {
    const found = card === null ? null : findExecute(card, verb, options.title);
    if (found === null) {
      throw new Error(`the card of ${activityId} has no ${verb}: a real user could not click it`);
    }
    const { id, title } = found.action;
    const named = { ...(id === undefined ? {} : { id }), ...(title === undefined ? {} : { title }) };
    const data = filledData(found, inputs, options.force ?? false);
    return invoke(deps.member(user), activityId, { type: 'Action.Execute', ...named, verb, data }, 'manual', options);
  }

  function toast(user: string, activityId: string, kind: Toast['kind'], said: string): void {
    toasts.set(user, [...(toasts.get(user) ?? []), { kind, text: said, activityId }]);
    deps.changed({ kind: 'toast', conversationId: '', activityId, user });
  }

  function showPrivate(user: string, activityId: string, card: Json): void {
    if (cardProblems(card).length > 0) {
      toast(user, activityId, 'failed', `card refused: ${cardProblems(card).join(' ')}`);
      return;
    }
    cards.set(user, new Map([...cardsOf(user), [activityId, card]]));
    deps.changed({ kind: 'private-card', conversationId: '', activityId, user });
  }

  function take(user: string, activityId: string, acted: Acted): Acted {
    const answer = record(acted.body);
    const kind = `${answer['statusCode']} ${text(answer['type'])}`;
    if (acted.status !== 200 || typeof answer['statusCode'] !== 'number') {
      toast(user, activityId, 'failed', `Something went wrong. (${acted.status})`);
    } else if (kind === `200 ${CARD_TYPE}`) {
      showPrivate(user, activityId, record(answer['value']));
    } else if (kind === '200 application/vnd.microsoft.activity.message') {
      toast(user, activityId, 'message', text(answer['value']));
    } else if (text(answer['type']) === 'application/vnd.microsoft.error') {
      toast(user, activityId, 'error', text(record(answer['value'])['message']));
    } else {
      toast(user, activityId, 'failed', `unknown answer ${kind}`);
    }
    return acted;
  }

  function draft(
    user: string,
    activityId: string,
    verb: string,
    inputs: Inputs = {},
    options: ClickOptions = {},
  ): Json {
    return clicked(user, activityId, cardOf(base(activityId).held.activity), verb, inputs, options);
  }

  async function membership(user: string, action: 'add' | 'remove', options: ActOptions): Promise<readonly Acted[]> {
    const member = deps.member(user);
    const common = envelope(member, deps.teamId, deps.channelId, options);
    const from = { id: member.id, aadObjectId: member.aadObjectId };
    const bot = [{ id: `28:${deps.appId}` }];
    const eventType = action === 'add' ? 'teamMemberAdded' : 'teamMemberRemoved';
    const channelData = {
      ...record(common['channelData']),
      eventType,
      settings: { selectedChannel: { id: deps.channelId } },
    };
    const members = action === 'add' ? { membersAdded: bot } : { membersRemoved: bot };
    // At team level Teams sends `from` without a name.
    const update = await send({ ...common, from, channelData, type: 'conversationUpdate', ...members }, options);
    return [update, await send({ ...common, from, channelData, type: 'installationUpdate', action }, options)];
  }

  return {
    raw,
    draft,
    connect(app) {
      messagesUrl = app.messagesUrl;
    },
    install: (user, options = {}) => membership(user, 'add', options),
    uninstall: (user, options = {}) => membership(user, 'remove', options),
    async click(user, activityId, verb, inputs = {}, options = {}) {
      return take(user, activityId, await send(draft(user, activityId, verb, inputs, options), options));
    },
    async clickPrivate(user, activityId, verb, inputs = {}, options = {}) {
      const card = cardsOf(user).get(activityId) ?? null;
      return take(user, activityId, await send(clicked(user, activityId, card, verb, inputs, options), options));
    },
    async refresh(user, activityId, options = {}) {
      const member = deps.member(user);
      const refresh = record(cardOf(base(activityId).held.activity)?.['refresh']);
      const named = Array.isArray(refresh['userIds']) ? refresh['userIds'].includes(member.id) : deps.memberCount <= 60;
      if (refresh['action'] === undefined || !named) {
        throw new Error(`the card of ${activityId} is not refreshed for ${user}`);
      }
      const action = invoke(member, activityId, record(refresh['action']), 'automatic', options);
      return take(user, activityId, await send(action, options));
    },
    async say(user, words, options = {}) {
      const member = deps.member(user);
      const mention = `<at>${deps.botName}</at>`;
      const message = { type: 'message', text: `${mention} ${words}`, textFormat: 'plain' };
      const open = options.conversationId === undefined ? null : deps.threads.thread(options.conversationId);
      const held =
        open === null ? deps.threads.start(deps.channelId, user, message) : deps.threads.append(open, user, message);
      const thread = open ?? deps.threads.all.at(-1);
      if (held === null || thread === undefined) {
        throw new Error('the team has no such channel');
      }
      const mentioned = { id: `28:${deps.appId}`, name: deps.botName };
      const common = envelope(member, thread.conversationId, thread.channelId, options);
      const entities = [{ type: 'mention', text: mention, mentioned }, ...(common['entities'] as Json[])];
      const acted = await send({ ...common, ...message, id: held.id, entities }, options);
      const later = thread.activities.slice(thread.activities.findIndex((one) => one.id === held.id) + 1);
      return {
        ...acted,
        conversationId: thread.conversationId,
        activityId: held.id,
        replies: later.filter((one) => one.from === 'bot').map(shownActivity),
      };
    },
    again: (sent) => deliver(sent, PATIENCE_MS),
    seenBy: (user) => ({
      cards: cardsOf(deps.member(user).key),
      toasts: toasts.get(user) ?? [],
      whispers: deps.whispers.heardBy(user),
    }),
    forget(activityId) {
      for (const seen of cards.values()) {
        seen.delete(activityId);
      }
    },
  };
}
