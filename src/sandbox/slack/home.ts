import { findElement, pressed, withBlockIds } from './elements.ts';
import { type Delivered, type Json, list, record } from './loopback.ts';
import type { CallOptions, SeatedPerson } from './types.ts';
import type { Views } from './views.ts';

/** A person at the Home tab of the app. */
export interface HomeDriver {
  /** Opens it: the app hears of it, with what it published there before. */
  openHome(user: string, options?: CallOptions): Promise<Delivered>;
  clickInHome(user: string, actionId: string, options?: CallOptions & AtHome): Promise<Delivered>;
}

interface AtHome {
  /** Chooses among several buttons with one action_id. */
  readonly block?: string;
  /** The view as this client last drew it, where another one was published since. */
  readonly drawn?: Json;
}

interface Client {
  readonly deps: {
    readonly views: Views;
    readonly homeTab: { readonly isOn: boolean };
    readonly carrier: { interactive(payload: Json, options: CallOptions): Promise<Delivered> };
    readonly mintTs: () => string;
    person(key: string): SeatedPerson;
  };
  common(person: SeatedPerson, options: CallOptions): Json;
  event(body: Json, options?: CallOptions): Promise<Delivered>;
  fine(delivered: Delivered, user: string): boolean;
}

/** Every method throws when a real user could not do it. */
export function createHome({ deps, common, event, fine }: Client): HomeDriver {
  return {
    openHome(user, options = {}) {
      const person = deps.person(user);
      if (!deps.homeTab.isOn) {
        throw new Error('the app has no Home tab: a real user could not open it');
      }
      // docs.slack.dev, app_home_opened: `view` is there once something was published.
      const view = deps.views.home(person.id);
      const opened = { type: 'app_home_opened', user: person.id, channel: `D${person.id.slice(1)}`, tab: 'home' };
      return event({ ...opened, ...(view === null ? {} : { view }) }, options);
    },
    async clickInHome(user, actionId, options = {}) {
      const person = deps.person(user);
      const view = options.drawn ?? deps.views.home(person.id);
      const blocks = withBlockIds(list(record(view)['blocks']).map(record));
      const inBlock = blocks.filter((one) => options.block === undefined || one['block_id'] === options.block);
      const found = view === null ? null : findElement(inBlock, actionId);
      if (found === null) {
        throw new Error(`the Home tab has no ${actionId}: a real user could not click it`);
      }
      const delivered = await deps.carrier.interactive(
        {
          type: 'block_actions',
          ...common(person, options),
          container: { type: 'view', view_id: record(view)['id'] },
          trigger_id: deps.views.trigger(person.id, ''),
          view: { ...view, blocks },
          actions: [pressed(found, options.choose, deps.mintTs())],
        },
        options,
      );
      fine(delivered, person.id);
      return delivered;
    },
  };
}
