import type { Selectable, Transaction } from 'kysely';
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

    list: async (incident) => (await votesOf(trx, tenant, [incident])).get(incident) ?? [],
  };
}

/** Of each of these incidents that has any, in the order in which they were given. */
export async function votesOf(
  trx: Transaction<Tables>,
  tenant: string,
  incidents: readonly string[],
): Promise<ReadonlyMap<string, readonly Vote[]>> {
  if (incidents.length === 0) return new Map();
  const rows = await trx
    .selectFrom('decision')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('incident', 'in', incidents)
    .orderBy('ord')
    .execute();
  const votes = new Map<string, Vote[]>();
  for (const row of rows) votes.set(row.incident, [...(votes.get(row.incident) ?? []), voteFrom(row)]);
  return votes;
}

function voteFrom(row: Selectable<Tables['decision']>): Vote {
  const reading = readingRow({ tenant: row.tenant, id: `${row.incident}, by ${row.person}` });
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
