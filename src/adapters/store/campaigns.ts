import { sql, type Transaction } from 'kysely';
import type { Campaigns } from '../../ports/campaigns.ts';
import { readingRow } from './documents/document.ts';
import { shownWavesDocument } from './documents/shown-waves.ts';
import { fromRow, LAST_RUN } from './incidents.ts';
import type { Tables } from './schema.ts';

/** A card that is drawn anew may still be pressed as it was before, and before that. */
const MOST_SHOWN = 20;
/** By the clock of the database, which all processes share. */
const SHOWN_AT = sql<string>`to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

export function campaignsOf(trx: Transaction<Tables>, tenant: string): Campaigns {
  return {
    async take(pairs, lead) {
      if (pairs.length === 0) return new Map();
      // A pair that another transaction is just taking is waited for: the row that is changed to itself is read as it is then.
      const { rows } = await sql<{ pair: string; lead: string }>`
        insert into campaign_pair (tenant, pair, lead)
        select ${tenant}, pair, ${lead} from unnest(${[...pairs].sort()}::text[]) as pair
            on conflict (tenant, pair) do update set lead = campaign_pair.lead
        returning pair, lead`.execute(trx);
      return new Map(rows.map((row) => [row.pair, row.lead]));
    },

    async hand(pairs, lead) {
      if (pairs.length === 0) return;
      await sql`
        update campaign_pair set lead = ${lead}
         where tenant = ${tenant} and pair = any(${[...pairs]}::text[])`.execute(trx);
    },

    async tie(incident, lead) {
      await trx
        .updateTable('incident')
        .set({ campaign: lead })
        .where('tenant', '=', tenant)
        .where('id', '=', incident)
        .execute();
    },

    async waves(lead) {
      const rows = await trx
        .selectFrom('incident')
        .selectAll()
        .select(LAST_RUN.as('last_run'))
        .where('tenant', '=', tenant)
        .where('campaign', '=', lead)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(fromRow);
    },

    async show(lead, digest, waves) {
      await sql`
        insert into campaign_shown (tenant, lead, digest, at, waves)
        values (${tenant}, ${lead}, ${digest}, ${SHOWN_AT}, ${shownWavesDocument.write(waves)})
            on conflict (tenant, lead, digest) do update set at = excluded.at`.execute(trx);
      await sql`
        delete from campaign_shown where tenant = ${tenant} and lead = ${lead}
           and digest in (select digest from campaign_shown where tenant = ${tenant} and lead = ${lead}
                           order by at desc, digest offset ${MOST_SHOWN}::int)`.execute(trx);
    },

    async shown(lead, digest) {
      const row = await trx
        .selectFrom('campaign_shown')
        .select('waves')
        .where('tenant', '=', tenant)
        .where('lead', '=', lead)
        .where('digest', '=', digest)
        .executeTakeFirst();
      return row ? readingRow({ tenant, id: lead }).take(shownWavesDocument, row.waves, null as never) : null;
    },
  };
}
