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
    },
  });
  const { store, json, profile = null } = values;
  if (store !== 'embedded' && !/^postgres(?:ql)?:\/\//.test(store))
    throw new Error(`--store is 'embedded' or postgres://…, not ${store}`);
  const number = (name: 'copies' | 'service' | 'wide', least: number) => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < least) throw new Error(`--${name} is a whole number from ${least}`);
    return value;
  };
  return {
    copies: number('copies', 1),
    store,
    serviceMs: number('service', 0),
    wide: number('wide', 1),
    json,
    profile,
  };
}
