import { setTimeout as pause } from 'node:timers/promises';
import { record } from '../../src/flow/record/record.ts';
import type { Tx } from '../../src/ports/store.ts';
import type { Night } from '../support/desk-of-the-night.ts';

/** Long enough for others to come as far as they get while something is held. */
const MEANWHILE_MS = 400;

export function holding(tonight: () => Night) {
  /** Whoever writes to the record waits for whoever wrote last: nobody gets past that, and everybody up to it. */
  const theRecord = (tx: Tx) =>
    record(tonight().flow, tx, [
      {
        type: 'stray',
        actor: { kind: 'service', id: 'test', name: 'test' },
        platform: null,
        detail: { what: 'a pause' },
      },
    ]);

  return {
    theRecord,

    /** Others begin while a transaction holds what `hold` takes, and go on when it is over. */
    async whileHeld<T>(hold: (tx: Tx) => Promise<unknown>, others: readonly (() => Promise<T>)[]): Promise<T[]> {
      let begun: Promise<T[]> = Promise.resolve([]);
      await tonight().flow.store.transact(async (tx) => {
        await hold(tx);
        begun = Promise.all(others.map((other) => other()));
        begun.catch(() => undefined);
        await pause(MEANWHILE_MS);
      });
      return begun;
    },
  };
}
