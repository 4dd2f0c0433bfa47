import type { Delay } from '../../src/core/tell/delay.ts';
import type { Delays } from '../../src/ports/delays.ts';
import { createTable, type Journal } from './memory-table.ts';

/** What the work on each incident waits for, in memory. */
export function createDelays(journal: Journal): {
  readonly delays: Delays;
  readonly forget: (incident: string) => void;
} {
  const rows = createTable<Delay>(journal);
  const delays: Delays = {
    async of(incident) {
      return rows.get(incident) ?? null;
    },
    async put(incident, delay) {
      rows.set(incident, delay);
    },
    async over(incident, of) {
      if (rows.get(incident)?.of !== of) return false;
      return rows.remove(incident);
    },
  };
  return { delays, forget: (incident) => void rows.remove(incident) };
}
