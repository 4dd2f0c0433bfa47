import type { Transaction } from 'kysely';
import type { Ask } from '../../core/ask/ask.ts';
import type { SignInProof, Vote } from '../../core/ask/tally.ts';
import type { Decisions } from '../../ports/store.ts';
import { addressesDocument } from './documents/addresses.ts';
import { readingRow } from './documents/document.ts';
import { rolesDocument } from './documents/roles.ts';
import { signInDocument } from './documents/sign-in.ts';
import type { Tables } from './schema.ts';

export function decisionsOf(trx: Transaction<Tables>, tenant: string): Decisions {
  return {
    async add(incident, vote, staleBefore) {
      const added = await trx
        .insertInto('decision')
        .values({
          tenant,
          incident,
          plan_digest: vote.planDigest,
          action: vote.action,
          person: vote.person,
          name: vote.name,
          platform: vote.platform,
          account: vote.account,
          at: vote.at,
          ...castAs(vote),
        })
        .onConflict((conflict) =>
          conflict
            .columns(['tenant', 'incident', 'plan_digest', 'action', 'person'])
            .doUpdateSet({
              at: vote.at,
              platform: vote.platform,
              account: vote.account,
              name: vote.name,
              ...castAs(vote),
            })
            .where('decision.at', '<', staleBefore),
        )
        .executeTakeFirst();
      return Number(added.numInsertedOrUpdatedRows) > 0;
    },

    async withdraw(incident, planDigest, action, person) {
      await trx
        .deleteFrom('decision')
        .where('tenant', '=', tenant)
        .where('incident', '=', incident)
        .where('plan_digest', '=', planDigest)
        .where('action', '=', action)
        .where('person', '=', person)
        .execute();
    },

    async list(incident) {
      const rows = await trx
        .selectFrom('decision')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('incident', '=', incident)
        .orderBy('ord')
        .execute();
      return rows.map((row) => {
        const reading = readingRow({ tenant, id: `${incident}, by ${row.person}` });
        return {
          person: row.person,
          name: row.name,
          platform: row.platform,
          account: row.account,
          action: row.action as Ask,
          planDigest: row.plan_digest,
          at: row.at,
          roles: reading.take(rolesDocument, row.roles, []),
          addresses: reading.take(addressesDocument, row.addresses, []),
          reason: row.reason,
          signIn: row.sign_in === null ? null : reading.take<SignInProof | null>(signInDocument, row.sign_in, null),
          ...reading.marks(),
        };
      });
    },
  };
}

/** How somebody stood when they voted. */
function castAs({ roles, addresses, reason, signIn }: Vote) {
  return {
    roles: rolesDocument.write(roles),
    addresses: addressesDocument.write(addresses),
    reason,
    sign_in: signIn && signInDocument.write(signIn),
  };
}
