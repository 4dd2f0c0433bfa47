import { type Selectable, sql, type Transaction } from 'kysely';
import type { Held } from '../../ports/held.ts';
import type { Brake, Brakes } from '../../ports/store.ts';
import { readingRow } from './documents/document.ts';
import { rolesDocument } from './documents/roles.ts';
import type { Tables } from './schema.ts';

const OFF: Brake = { number: 0, stopped: false, by: null, reason: null, at: null };

export function brakesOf(trx: Transaction<Tables>, tenant: string): Brakes {
  const own = () => trx.selectFrom('brake').selectAll().where('tenant', '=', tenant);
  return {
    async read() {
      const row = await own().executeTakeFirst();
      return row ? toBrake(row) : OFF;
    },

    async lock() {
      await trx
        .insertInto('brake')
        .values({ tenant, ...OFF })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return toBrake(await own().forUpdate().executeTakeFirstOrThrow()) as Held<Brake>;
    },

    async stop(_held, by, reason, at) {
      // The first stop stays on record: a second one while it holds changes nothing.
      await trx
        .updateTable('brake')
        .set({ number: sql`number + 1`, stopped: true, by, reason, at })
        .where('tenant', '=', tenant)
        .where('stopped', '=', false)
        .execute();
    },

    async lift() {
      await trx
        .updateTable('brake')
        .set({ stopped: false, by: null, reason: null, at: null })
        .where('tenant', '=', tenant)
        .execute();
    },

    async addLiftVote(number, { person, name, roles, platform, account }, at) {
      const added = await trx
        .insertInto('lift_vote')
        .values({ tenant, number, person, name, roles: rolesDocument.write(roles), platform, account, at })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return Number(added.numInsertedOrUpdatedRows) > 0;
    },

    async withdrawLiftVote(number, person) {
      await trx
        .deleteFrom('lift_vote')
        .where('tenant', '=', tenant)
        .where('number', '=', number)
        .where('person', '=', person)
        .execute();
    },

    async liftVotes(number) {
      const rows = await trx
        .selectFrom('lift_vote')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('number', '=', number)
        .orderBy('ord')
        .execute();
      return rows.map(({ person, name, roles, platform, account }) => ({
        person,
        name,
        // Not as the record has them: such a vote does not count.
        roles: readingRow({ tenant, id: `stop ${number}, by ${person}` }).take(rolesDocument, roles, []),
        platform,
        account,
      }));
    },
  };
}

function toBrake({ number, stopped, by, reason, at }: Selectable<Tables['brake']>): Brake {
  return { number, stopped, by, reason, at };
}
