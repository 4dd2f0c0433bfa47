import type { Transaction } from 'kysely';
import type { Incidents } from '../../ports/store.ts';
import type { Tables } from './schema.ts';

/** What came in before, and what it was answered with. */
export function deliveriesOf(
  trx: Transaction<Tables>,
  tenant: string,
): Pick<Incidents, 'claimDelivery' | 'bindDelivery' | 'forgetDeliveries'> {
  return {
    async claimDelivery({ source, id }, body, at) {
      const added = await trx
        .insertInto('delivery')
        .values({ tenant, source, delivery_id: id, incident: null, at, body, created: null })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (Number(added.numInsertedOrUpdatedRows) > 0) return { fresh: true };
      const seen = await trx
        .selectFrom('delivery')
        .select(['incident', 'body', 'created'])
        .where('tenant', '=', tenant)
        .where('source', '=', source)
        .where('delivery_id', '=', id)
        .executeTakeFirst();
      // Of deliveries from before bodies were remembered nothing else is known than that they came.
      const sameBody = (seen?.body ?? body) === body;
      return {
        fresh: false,
        sameBody,
        first: { incident: seen?.incident ?? null, created: seen?.created ?? false },
      };
    },

    async bindDelivery({ source, id }, { incident, created }) {
      await trx
        .updateTable('delivery')
        .set({ incident, created })
        .where('tenant', '=', tenant)
        .where('source', '=', source)
        .where('delivery_id', '=', id)
        .execute();
    },

    async forgetDeliveries(before) {
      await trx.deleteFrom('delivery').where('tenant', '=', tenant).where('at', '<', before).execute();
    },
  };
}
