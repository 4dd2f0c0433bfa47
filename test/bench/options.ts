import { parseArgs } from 'node:util';

export interface Options {
  readonly copies: number;
  /** 'embedded', or the address of a PostgreSQL server. */
  readonly store: string;
  /** What each exchange with Graph takes. */
  readonly serviceMs: number;
  /** Batches at once of the loop by hand. */
  readonly wide: number;
  readonly json: boolean;
  /** Where the profile of the purge goes; that of the plan beside it. */
  readonly profile: string | null;
  readonly extras: Extras;
}

/** What is measured beside the one purge, each only where it is asked for. */
interface Extras {
  /** Scripts that send one request after the other, and five at a time. */
  readonly peers: boolean;
  /** The limit of 4 read as one for all mailboxes together. */
  readonly readings: boolean;
  readonly storm: boolean;
  /** A small incident beside a running one of so many copies; 0: not asked for. */
  readonly beside: number;
  /** Alerts a second, for so many seconds; 0: not asked for. */
  readonly alertsPerSecond: number;
  readonly forSeconds: number;
  /** The same purge by so many processes, one after the other. */
  readonly processes: readonly number[];
  /** The whole measurement at each of these numbers of copies. */
  readonly sizes: readonly number[];
}

/** Throws for what cannot be meant. */
export function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      copies: { type: 'string', default: '5000' },
      store: { type: 'string', default: 'embedded' },
      service: { type: 'string', default: '300' },
      wide: { type: 'string', default: '16' },
      json: { type: 'boolean', default: false },
      profile: { type: 'string' },
      peers: { type: 'boolean', default: false },
      readings: { type: 'boolean', default: false },
      storm: { type: 'boolean', default: false },
      beside: { type: 'string', default: '0' },
      'alerts-per-second': { type: 'string', default: '0' },
      for: { type: 'string', default: '60' },
      processes: { type: 'string', default: '' },
      sizes: { type: 'string', default: '' },
    },
  });
  const { store, json, profile = null, peers, readings, storm } = values;
  if (store !== 'embedded' && !/^postgres(?:ql)?:\/\//.test(store))
    throw new Error(`--store is 'embedded' or postgres://…, not ${store}`);
  const whole = (text: string, least: number, name: string) => {
    const value = Number(text);
    if (text === '' || !Number.isInteger(value) || value < least)
      throw new Error(`--${name} is a whole number from ${least}`);
    return value;
  };
  const number = (name: 'copies' | 'service' | 'wide' | 'beside' | 'alerts-per-second' | 'for', least: number) =>
    whole(values[name], least, name);
  const list = (name: 'processes' | 'sizes') =>
    values[name] === '' ? [] : values[name].split(',').map((part) => whole(part, 1, name));
  const processes = list('processes');
  if (processes.length > 0 && store === 'embedded') throw new Error('--processes needs --store postgres://…');
  return {
    copies: number('copies', 1),
    store,
    serviceMs: number('service', 0),
    wide: number('wide', 1),
    json,
    profile,
    extras: {
      ...{ peers, readings, storm, processes },
      beside: number('beside', 0),
      alertsPerSecond: number('alerts-per-second', 0),
      forSeconds: number('for', 1),
      sizes: list('sizes'),
    },
  };
}

/** Whether the one purge itself is measured: not where something is asked for that brings runs of its own, and that alone. */
export function isOneMeasured({ extras }: Options): boolean {
  const { peers, readings, storm, beside, alertsPerSecond, processes, sizes } = extras;
  const onIt = peers || readings || storm || beside > 0;
  return onIt || (alertsPerSecond === 0 && processes.length === 0 && sizes.length === 0);
}

/** Copies that are worked on in all: how long it may take follows from that. */
export function copiesInAll(options: Options): number {
  const { copies, extras } = options;
  const { storm, beside, processes, sizes } = extras;
  const more = (storm ? 2 * copies : 0) + beside + processes.length * copies + sizes.reduce((sum, one) => sum + one, 0);
  return (isOneMeasured(options) ? copies : 0) + more;
}
