import { createAutomation } from './adapters/defender/automation.ts';
import type { HuntingOptions } from './adapters/defender/hunt.ts';
import { createHunting } from './adapters/defender/hunting.ts';
import { huntingSeeker } from './adapters/defender/seek.ts';
import { traceSeeker } from './adapters/graph/trace.ts';
import type { Tenant } from './config/schema.ts';
import type { Automation } from './ports/automation.ts';
import type { Finder } from './ports/finder.ts';
import type { Seeker } from './ports/seeker.ts';

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

/** Who is asked what was taken out without anybody's decision; nothing where nobody wants to know. */
export function automationOf({ tenant, toGraph }: FinderSetup): { readonly automation?: Automation } {
  const { list, samples } = tenant.automation;
  if (!list) return {};
  return { automation: createAutomation({ ...toGraph, isOn: tenant.graph.hunting, samples }) };
}

/** Whom people's own searches are put to, asked all at once; what each can vouch for is told with what it found. */
const SEEKERS = {
  hunting: ({ tenant, toGraph }) => huntingSeeker({ ...toGraph, isOn: tenant.graph.hunting }),
  trace: ({ tenant, toGraph }) => traceSeeker({ ...toGraph, isOn: tenant.graph.messageTrace }),
} as const satisfies Readonly<Record<string, (setup: FinderSetup) => Seeker>>;

export function seekersOf(setup: FinderSetup): readonly Seeker[] {
  return Object.values(SEEKERS).map((make) => make(setup));
}
