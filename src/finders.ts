import { createHunting, type HuntingOptions } from './adapters/defender/hunting.ts';
import type { Tenant } from './config/schema.ts';
import type { Finder } from './ports/finder.ts';

/** The services that keep track of deliveries, each set up for one tenant. */

export interface FinderSetup {
  readonly tenant: Tenant;
  readonly toGraph: Omit<HuntingOptions, 'isOn'>;
}

/** By the name that plan, record and readiness have for each; asked all at once. */
const FINDERS = {
  hunting: ({ tenant, toGraph }) => createHunting({ ...toGraph, isOn: tenant.graph.hunting }),
} as const satisfies Readonly<Record<string, (setup: FinderSetup) => Finder>>;

export function findersOf(setup: FinderSetup): readonly Finder[] {
  return Object.values(FINDERS).map((make) => make(setup));
}
