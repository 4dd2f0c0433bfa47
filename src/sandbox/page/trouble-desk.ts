import type { Sandbox } from '../sandbox.ts';
import type { Act, TroubleSection } from './shapes.ts';

type Switch = Extract<Act, { readonly do: 'trouble' }>;

export interface TroubleDesk {
  set(what: Switch['what'], on: boolean): Promise<void>;
  state(): TroubleSection;
}

/** Nearly every second request gets a 429 for one or two seconds: a tenant whose quota somebody else eats. */
const STORM = { share: 0.45, retryAfter: [1, 2] } as const;

export function createTroubleDesk({ graph, tenant, employees }: Sandbox): TroubleDesk {
  const address = employees[6] ?? 'emma';
  const victim = tenant.userByAddress(address)?.id ?? '';
  return {
    async set(what, on) {
      if (what === 'storm') graph.faults.set({ throttled: on ? STORM : null });
      else if (what === 'graphDown') await graph.faults.setDown(on ? 'unavailable' : 'no');
      else if (on) graph.faults.set({ access: 'denied' }, victim);
      else graph.faults.clear(victim);
    },
    state: () => ({
      storm: graph.faults.of(null).throttled !== null,
      graphDown: graph.faults.down() !== 'no',
      denied: graph.faults.of(victim).access === 'denied' ? address : null,
    }),
  };
}
