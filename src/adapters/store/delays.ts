import type { Transaction } from 'kysely';
import { DELAYED, DELAYS, type Delay } from '../../core/tell/delay.ts';
import type { Delays } from '../../ports/delays.ts';
import type { Tables } from './schema.ts';

export function delaysOf(trx: Transaction<Tables>, tenant: string): Delays {
  return {
    async of(incident) {
      const row = await trx
        .selectFrom('delay')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('incident', '=', incident)
        .executeTakeFirst();
      return row ? toDelay(row) : null;
    },

    async put(incident, { of, why, since, until }) {
      await trx
        .insertInto('delay')
        .values({ tenant, incident, of, why, since, until })
        .onConflict((conflict) => conflict.columns(['tenant', 'incident']).doUpdateSet({ of, why, since, until }))
        .execute();
    },

    async over(incident, of) {
      const gone = await trx
        .deleteFrom('delay')
        .where('tenant', '=', tenant)
        .where('incident', '=', incident)
        .where('of', '=', of)
        .executeTakeFirst();
      return Number(gone.numDeletedRows) > 0;
    },
  };
}

/** A kind that only a newer version knows is not told here. */
function toDelay({ of, why, since, until }: Tables['delay']): Delay | null {
  const work = DELAYED.find((known) => known === of);
  const cause = DELAYS.find((known) => known === why);
  return work && cause ? { of: work, why: cause, since, until } : null;
}
