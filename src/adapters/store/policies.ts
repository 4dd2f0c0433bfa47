import type { Transaction } from 'kysely';
import type { Policy } from '../../core/ask/policy.ts';
import type { Policies, Replays } from '../../ports/store.ts';
import { policyDocument } from './documents/policy.ts';
import type { Tables } from './schema.ts';

export function policiesOf(trx: Transaction<Tables>, tenant: string): Policies {
  async function stored(digest: string): ReturnType<Policies['stored']> {
    const row = await trx
      .selectFrom('policy_version')
      .select('body')
      .where('tenant', '=', tenant)
      .where('digest', '=', digest)
      .executeTakeFirst();
    return row ? policyDocument.look(row.body, { tenant, id: digest.slice(0, 8) }) : null;
  }

  async function get(digest: string): Promise<Policy | null> {
    const found = await stored(digest);
    return found && 'value' in found ? found.value : null;
  }

  return {
    stored,
    get,

    async digests() {
      const rows = await trx
        .selectFrom('policy_version')
        .select('digest')
        .where('tenant', '=', tenant)
        .orderBy('digest')
        .execute();
      return rows.map(({ digest }) => digest);
    },

    async adopt(digest, policy, at) {
      await trx
        .insertInto('policy_version')
        .values({ tenant, digest, body: policyDocument.write(policy), at })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const first = await trx
        .insertInto('policy_current')
        .values({ tenant, digest, at })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (Number(first.numInsertedOrUpdatedRows) > 0) return null;
      // Held, so that of two processes that start with the same new policy only one finds another before it.
      const current = await trx
        .selectFrom('policy_current')
        .select('digest')
        .where('tenant', '=', tenant)
        .forUpdate()
        .executeTakeFirstOrThrow();
      if (current.digest !== digest)
        await trx.updateTable('policy_current').set({ digest, at }).where('tenant', '=', tenant).execute();
      const before = await get(current.digest);
      return before && { digest: current.digest, policy: before };
    },
  };
}

export function replaysOf(trx: Transaction<Tables>, tenant: string): Replays {
  return {
    async claim(kind, key, at) {
      const added = await trx
        .insertInto('replay')
        .values({ tenant, kind, key, at })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return Number(added.numInsertedOrUpdatedRows) > 0;
    },

    async forget(before) {
      await trx.deleteFrom('replay').where('tenant', '=', tenant).where('at', '<', before).execute();
    },
  };
}
