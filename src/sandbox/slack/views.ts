import type { Emulated } from './emulator.ts';
import { type Json, record, text } from './loopback.ts';

// docs.slack.dev, views.publish: a view of more than 250 kB is view_too_large.
const VIEW_BYTES_MAX = 250_000;

// docs.slack.dev/interactivity/handling-user-interaction: a trigger expires three seconds after it was issued.
const TRIGGER_LIFE_MS = 3000;

interface Trigger {
  readonly user: string;
  readonly view: string;
  readonly at: number;
  used: boolean;
}

export interface Views {
  /** A trigger id for `user`; `view` is the open modal it came from, or empty. */
  trigger(user: string, view: string): string;
  /** views.open, views.push, views.update, views.publish with the arguments already validated. */
  answer(method: string, args: Json): Promise<Json>;
  top(user: string): Json | null;
  home(user: string): Json | null;
  /** Replaces the modal on top, as `response_action: update` does. */
  replaceTop(user: string, view: Json): Promise<void>;
  /** Closes the top modal, or all of them. */
  close(user: string, all: boolean): Promise<void>;
}

/** The emulator keeps the views; who has which modal open, and the three seconds, are kept here on the own clock. */
export function createViews(
  emulator: Emulated,
  clock: () => number,
  random: () => number,
  changed: (kind: 'modal' | 'home', view: string, user: string) => void,
  home: { readonly isOn: boolean },
): Views {
  const triggers = new Map<string, Trigger>();
  const stacks = new Map<string, Json[]>();
  const homes = new Map<string, Json>();

  const stackOf = (user: string) => stacks.get(user) ?? [];
  const idOf = (view: Json | undefined) => text(view?.['id']);
  const ownerOf = (viewId: string) =>
    [...stacks].find(([, open]) => open.some((view) => idOf(view) === viewId))?.[0] ?? null;

  function spend(id: string): { trigger: Trigger } | { error: string } {
    const trigger = triggers.get(id);
    if (trigger === undefined) {
      return { error: 'invalid_trigger_id' };
    }
    if (clock() - trigger.at > TRIGGER_LIFE_MS) {
      return { error: 'expired_trigger_id' };
    }
    if (trigger.used) {
      return { error: 'exchanged_trigger_id' };
    }
    trigger.used = true;
    return { trigger };
  }

  async function show(method: string, args: Json): Promise<Json> {
    const spent = spend(text(args['trigger_id']) || text(args['interactivity_pointer']));
    if ('error' in spent) {
      return { ok: false, error: spent.error };
    }
    const { user, view } = spent.trigger;
    const fresh = await emulator.inside('views.generateTriggerId', {
      user_id: user,
      ...(view ? { view_id: view } : {}),
    });
    const answer = await emulator.call(method, { ...args, trigger_id: text(fresh['trigger_id']) });
    if (answer['ok'] === true) {
      const shown = record(answer['view']);
      stacks.set(user, method === 'views.push' ? [...stackOf(user), shown] : [shown]);
      changed('modal', idOf(shown), user);
    }
    return answer;
  }

  async function update(args: Json): Promise<Json> {
    const wanted = text(args['external_id']);
    const open = [...stacks.values()].flat();
    const named = wanted === '' ? undefined : open.find((view) => view['external_id'] === wanted);
    const viewId = text(args['view_id']) || idOf(named);
    const user = ownerOf(viewId);
    if (user === null) {
      return { ok: false, error: 'not_found' };
    }
    const answer = await emulator.call('views.update', { ...args, view_id: viewId });
    if (answer['ok'] === true) {
      const shown = record(answer['view']);
      const swapped = stackOf(user).map((view) => (idOf(view) === viewId ? shown : view));
      stacks.set(user, swapped);
      changed('modal', viewId, user);
    }
    return answer;
  }

  /** A view without a hash goes over whatever is there; one with a hash only over what the caller has seen. */
  async function publish(args: Json): Promise<Json> {
    if (!home.isOn) return { ok: false, error: 'not_enabled' };
    if (record(args['view'])['type'] !== 'home') return { ok: false, error: 'invalid_arguments' };
    if (Buffer.byteLength(JSON.stringify(args['view'])) > VIEW_BYTES_MAX) return { ok: false, error: 'view_too_large' };
    const answer = await emulator.call('views.publish', args);
    if (answer['ok'] === true) {
      const user = text(args['user_id']);
      homes.set(user, record(answer['view']));
      changed('home', idOf(record(answer['view'])), user);
    }
    return answer;
  }

  return {
    trigger(user, view) {
      const at = clock();
      const id = `${Math.floor(at / 1000)}.${Math.floor(random() * 1e9)}.${triggers.size}`;
      triggers.set(id, { user, view, at, used: false });
      return id;
    },
    answer(method, args) {
      if (method === 'views.update') {
        return update(args);
      }
      return method === 'views.publish' ? publish(args) : show(method, args);
    },
    top: (user) => stackOf(user).at(-1) ?? null,
    home: (user) => homes.get(user) ?? null,
    async replaceTop(user, view) {
      await update({ view_id: idOf(stackOf(user).at(-1)), view });
    },
    async close(user, all) {
      const open = stackOf(user);
      const gone = all ? open : open.slice(-1);
      stacks.set(user, all ? [] : open.slice(0, -1));
      for (const view of gone) {
        // The emulator never forgets a view; without this a second modal with the same external_id would be refused.
        const { title, close, submit, blocks } = view;
        const bare = { type: 'modal', title, close, submit, blocks };
        await emulator.inside('views.update', { view_id: idOf(view), view: bare });
        changed('modal', idOf(view), user);
      }
    },
  };
}
