import { viewProblems } from './block-kit.ts';
import type { Carrier } from './carrier.ts';
import type { Channel } from './channel.ts';
import { findElement, pressed, statefulValues, stateValues, withBlockIds } from './elements.ts';
import { createHome, type HomeDriver } from './home.ts';
import { type Delivered, type Json, list, record, type Sent, text } from './loopback.ts';
import type { Responses } from './responses.ts';
import { createShortcuts, type Sharing, type ShortcutDriver } from './shortcuts.ts';
import type { CallOptions, Grid, SeatedPerson, Seen } from './types.ts';
import type { Uploads } from './uploads.ts';
import type { Views } from './views.ts';

// docs.slack.dev/interactivity: an app has three seconds to acknowledge.
const ACK_MS = 3000;

export interface Deps extends Sharing {
  readonly carrier: Carrier;
  readonly appId: string;
  readonly teamId: string;
  readonly teamDomain: string;
  readonly grid: Grid | null;
  readonly channelId: string;
  readonly channelName: string;
  readonly baseUrl: string;
  readonly clock: () => number;
  readonly mintTs: () => string;
  readonly random: () => number;
  readonly channel: Channel;
  readonly views: Views;
  readonly homeTab: { readonly isOn: boolean };
  readonly responses: Responses;
  readonly uploads: Uploads;
  person(key: string): SeatedPerson;
}

/** A person at the Slack client. Every method throws when a real user could not do it. */
export interface People extends HomeDriver, ShortcutDriver {
  click(user: string, ts: string, actionId: string, options?: CallOptions): Promise<Delivered>;
  clickInModal(user: string, actionId: string, options?: CallOptions): Promise<Delivered>;
  submitModal(
    user: string,
    values: Readonly<Record<string, string | readonly string[]>>,
    options?: CallOptions,
  ): Promise<Delivered>;
  /** Closes the modal on top by its close button; tells the app only if it asked for that. */
  closeModal(user: string, options?: CallOptions): Promise<Delivered | null>;
  slash(user: string, command: string, words: string, options?: CallOptions): Promise<Delivered>;
  /** An Events API delivery; `body` may be the inner event or a whole envelope (event_callback, url_verification). */
  event(body: Json, options?: CallOptions): Promise<Delivered>;
  /** The identical bytes once more. */
  again(sent: Sent): Promise<Delivered>;
  seenBy(user: string): Seen;
}

function userOf(person: SeatedPerson, options: CallOptions): Json {
  const team = options.userTeam ?? person.teamId;
  return { id: person.id, username: person.key, name: person.key, team_id: team };
}

function inCompany(grid: Grid | null): Record<string, string> {
  return grid ? { enterprise_id: grid.enterpriseId } : {};
}

/** Slack escapes these three in the words of a command and in message texts. */
function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function createPeople(deps: Deps): People {
  const trouble = new Map<string, string[]>();
  const modalErrors = new Map<string, Record<string, string>>();

  function troubled(user: string, what: string): void {
    trouble.set(user, [...(trouble.get(user) ?? []), what]);
  }

  function fine(delivered: Delivered, user: string): boolean {
    if (delivered.status === 200 && delivered.ms <= ACK_MS) {
      return true;
    }
    troubled(user, delivered.status === 200 ? 'operation_timeout' : `http_${delivered.status}`);
    return false;
  }

  function common(person: SeatedPerson, options: CallOptions): Json {
    return {
      user: userOf(person, options),
      api_app_id: deps.appId,
      token: 'verification-token-of-the-sandbox',
      team: deps.grid?.orgWide ? null : { id: deps.teamId, domain: deps.teamDomain, ...inCompany(deps.grid) },
      enterprise: deps.grid ? { id: deps.grid.enterpriseId, name: 'The company' } : null,
      is_enterprise_install: deps.grid?.orgWide ?? false,
    };
  }

  async function click(user: string, ts: string, actionId: string, options: CallOptions = {}): Promise<Delivered> {
    const person = deps.person(user);
    const own = deps.channel.ephemerals(person.id).find((one) => one.ts === ts);
    const held = own ?? (await deps.channel.raw(deps.channelId)).find((one) => one['ts'] === ts);
    if (held === undefined) {
      throw new Error(`there is no message ${ts} in the channel: a real user could not click it`);
    }
    const blocks = withBlockIds(list(record(held)['blocks']).map(record));
    const found = findElement(blocks, actionId);
    if (found === null) {
      throw new Error(`message ${ts} has no ${actionId}: a real user could not click it`);
    }
    const channelId = options.channel ?? deps.channelId;
    const chosen = options.choose === undefined ? {} : { [actionId]: options.choose };
    const { metadata, ...message } = record(held);
    const delivered = await deps.carrier.interactive(
      {
        type: 'block_actions',
        ...common(person, options),
        container: { type: 'message', message_ts: ts, channel_id: channelId, is_ephemeral: own !== undefined },
        trigger_id: deps.views.trigger(person.id, ''),
        channel: { id: channelId, name: deps.channelName },
        // For an ephemeral Slack sends no message, only the container.
        ...(own === undefined ? { message: { ...message, blocks } } : {}),
        // docs.slack.dev, block_actions payload: of a message too it holds what stands in its menus by then.
        state: { values: statefulValues(blocks, chosen) },
        response_url: deps.baseUrl + deps.responses.open(person.id, channelId, ts),
        actions: [pressed(found, options.choose, deps.mintTs())],
      },
      options,
    );
    fine(delivered, person.id);
    return delivered;
  }

  function modalOf(person: SeatedPerson): Json {
    const view = deps.views.top(person.id);
    if (view === null) {
      throw new Error(`${person.key} has no modal open: a real user could not use it`);
    }
    return { ...view, blocks: withBlockIds(list(view['blocks']).map(record)) };
  }

  async function clickInModal(user: string, actionId: string, options: CallOptions = {}): Promise<Delivered> {
    const person = deps.person(user);
    const view = modalOf(person);
    const found = findElement(list(view['blocks']).map(record), actionId);
    if (found === null) {
      throw new Error(`the modal has no ${actionId}: a real user could not click it`);
    }
    // docs.slack.dev, block_actions payload: the view comes with what stands in its inputs and menus by then.
    const chosen = options.choose === undefined ? {} : { [actionId]: options.choose };
    const values = statefulValues(list(view['blocks']).map(record), { ...options.filled, ...chosen });
    const delivered = await deps.carrier.interactive(
      {
        type: 'block_actions',
        ...common(person, options),
        container: { type: 'view', view_id: view['id'] },
        trigger_id: deps.views.trigger(person.id, text(view['id'])),
        view: { ...view, state: { values } },
        actions: [pressed(found, options.choose, deps.mintTs())],
      },
      options,
    );
    fine(delivered, person.id);
    return delivered;
  }

  async function applyUpdate(person: SeatedPerson, view: Json): Promise<void> {
    if (viewProblems(view).length > 0) {
      troubled(person.id, 'invalid_view');
      return;
    }
    await deps.views.replaceTop(person.id, view);
  }

  async function applySubmission(person: SeatedPerson, view: Json, answer: Json): Promise<void> {
    switch (text(answer['response_action'])) {
      case 'errors': {
        const inputs = list(view['blocks']).map((block) => record(block)['block_id']);
        const errors = Object.entries(record(answer['errors'])).map(([id, said]) => [id, text(said)] as const);
        if (errors.length === 0 || errors.some(([id]) => !inputs.includes(id))) {
          troubled(person.id, 'errors_for_unknown_block');
          return;
        }
        modalErrors.set(person.id, Object.fromEntries(errors));
        return;
      }
      case 'update':
        return applyUpdate(person, record(answer['view']));
      case 'push':
        troubled(person.id, 'push_not_simulated');
        return;
      default:
        return deps.views.close(person.id, answer['response_action'] === 'clear');
    }
  }

  async function submitModal(
    user: string,
    values: Readonly<Record<string, string | readonly string[]>>,
    options: CallOptions = {},
  ): Promise<Delivered> {
    const person = deps.person(user);
    const view = modalOf(person);
    if (view['submit'] === null || view['submit'] === undefined) {
      throw new Error('the modal has no submit button: a real user could not send it');
    }
    const filled = stateValues(list(view['blocks']).map(record), values, options.force ?? false);
    const trigger_id = deps.views.trigger(person.id, text(view['id']));
    const menus = statefulValues(list(view['blocks']).map(record), {});
    const sent = { ...view, state: { values: { ...menus, ...filled } } };
    const delivered = await deps.carrier.interactive(
      { type: 'view_submission', ...common(person, options), trigger_id, view: sent, response_urls: [] },
      options,
    );
    modalErrors.delete(person.id);
    if (fine(delivered, person.id)) {
      await applySubmission(person, view, record(delivered.body));
    }
    return delivered;
  }

  async function closeModal(user: string, options: CallOptions = {}): Promise<Delivered | null> {
    const person = deps.person(user);
    const view = modalOf(person);
    await deps.views.close(person.id, false);
    modalErrors.delete(person.id);
    return view['notify_on_close'] === true
      ? deps.carrier.interactive({ type: 'view_closed', ...common(person, options), view, is_cleared: false }, options)
      : null;
  }

  async function slash(user: string, command: string, words: string, options: CallOptions = {}): Promise<Delivered> {
    const person = deps.person(user);
    const channelId = options.channel ?? deps.channelId;
    const form = {
      token: 'verification-token-of-the-sandbox',
      team_id: options.userTeam ?? person.teamId,
      team_domain: deps.teamDomain,
      ...inCompany(deps.grid),
      channel_id: channelId,
      channel_name: deps.channelName,
      user_id: person.id,
      user_name: person.key,
      command,
      text: escaped(words),
      api_app_id: deps.appId,
      is_enterprise_install: String(deps.grid?.orgWide ?? false),
      response_url: deps.baseUrl + deps.responses.open(person.id, channelId, ''),
      trigger_id: deps.views.trigger(person.id, ''),
    };
    const delivered = await deps.carrier.command(form, options);
    if (fine(delivered, person.id) && delivered.body !== '') {
      const said = typeof delivered.body === 'string' ? { text: delivered.body } : record(delivered.body);
      await deps.responses.apply(person.id, channelId, said);
    }
    return delivered;
  }

  async function event(body: Json, options: CallOptions = {}): Promise<Delivered> {
    const whole = ['event_callback', 'url_verification'].includes(text(body['type']))
      ? body
      : {
          token: 'verification-token-of-the-sandbox',
          team_id: deps.teamId,
          context_team_id: deps.teamId,
          api_app_id: deps.appId,
          event: { event_ts: deps.mintTs(), ...body },
          type: 'event_callback',
          event_id: `Ev${Math.floor(deps.random() * 1e12)
            .toString(36)
            .toUpperCase()}`,
          event_time: Math.floor(deps.clock() / 1000),
          authorizations: [{ enterprise_id: null, team_id: deps.teamId, is_bot: true, is_enterprise_install: false }],
        };
    return deps.carrier.event(whole, options);
  }

  return {
    click,
    clickInModal,
    ...createHome({ deps, common, event, fine }),
    ...createShortcuts({ deps, common, fine }),
    submitModal,
    closeModal,
    slash,
    event,
    again: deps.carrier.again,
    seenBy(user) {
      const { id } = deps.person(user);
      return {
        ephemerals: deps.channel.ephemerals(id),
        files: deps.uploads.filesOf(id),
        words: deps.uploads.wordsOf(id),
        modal: deps.views.top(id),
        modalErrors: modalErrors.get(id) ?? {},
        home: deps.views.home(id),
        trouble: trouble.get(id) ?? [],
      };
    },
  };
}
