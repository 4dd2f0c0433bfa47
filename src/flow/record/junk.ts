import { storable } from '../../core/text.ts';
import type { Bookkeeping } from '../flow.ts';
import { record } from './record.ts';

/**
 * Requests that were turned away before anything was done. Anybody can send them, so they are counted in memory, by
 * place and reason, and the record gets the numbers: a flood is one line a minute.
 */
export interface Refusals {
  /** Both are names of ours, never what was sent. */
  count(where: string, why: string): void;
  /** Puts the numbers on record: `in time` once they are a minute old, `now` whatever there is. */
  tell(when: 'in time' | 'now'): Promise<void>;
}

const MINUTE_MS = 60_000;
/** There are fewer places and reasons; a net, should one of them ever not be a name of ours. */
const MOST_KINDS = 200;
const REST = 'anything else';

export function createRefusals(flow: Bookkeeping, told: (counts: Readonly<Record<string, number>>) => void): Refusals {
  let counts = new Map<string, number>();
  let since: string | null = null;
  const add = (kind: string, more: number) => {
    const known = counts.has(kind) || counts.size < MOST_KINDS ? kind : REST;
    counts.set(known, (counts.get(known) ?? 0) + more);
  };
  const isDue = () => since !== null && Date.parse(flow.clock.now()) - Date.parse(since) >= MINUTE_MS;

  async function write(): Promise<void> {
    const [before, written] = [since, counts];
    if (before === null) return;
    [since, counts] = [null, new Map()];
    const kinds = [...written].map(([kind, count]) => ({ kind, count }));
    const requests = kinds.reduce((sum, { count }) => sum + count, 0);
    try {
      await flow.store.transact((tx) =>
        record(flow, tx, [{ type: 'request.refused', platform: 'web', detail: { since: before, requests, kinds } }]),
      );
    } catch (error) {
      // Not told, so still to be told.
      for (const [kind, count] of written) add(kind, count);
      since = before;
      throw error;
    }
    told(Object.fromEntries(written));
  }

  return {
    count(where, why) {
      since ??= flow.clock.now();
      add(storable(`${where}, ${why}`.slice(0, 200)), 1);
    },
    async tell(when) {
      if (when === 'now' || isDue()) await write();
    },
  };
}
