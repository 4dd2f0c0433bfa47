import { sql, type Transaction } from 'kysely';
import { NOT_CLOSED } from '../../core/incident/incident.ts';
import { type Cards, WAITING_LIST } from '../../ports/outbox.ts';
import type { Tables } from './schema.ts';

/** How a gathering is told from an incident, whose ids have no blank. */
export const GATHERING = 'gathering ';
/** Written out, as the index of what another card tells of has it. */
const NOT_OF_MANY = sql`c.gathered not like ${sql.lit(`${GATHERING}%`)}`;
/** Written out, as the index of open incidents has them. */
const OPEN_STATES = sql.join(NOT_CLOSED.map((state) => sql.lit(state)));
/** In one look; the next one comes soon. */
const MOST_UNTOLD = 50;

/** Incidents without a card of their own: of whom another card tells, and the list of what waits. */
export function cardsToldElsewhere(trx: Transaction<Tables>, tenant: string): Pick<Cards, 'untold' | 'held'> {
  return {
    async untold(since) {
      // Whatever else changes a closed one, such as a report more, makes its card no better looked at.
      const { rows } = await sql<{ incident: string }>`
        select distinct c.incident
          from card c join incident i on i.tenant = c.tenant and i.id = c.incident
               left join incident lead on lead.tenant = c.tenant and lead.id = c.gathered
         where c.tenant = ${tenant} and c.ref is null and c.gathered is not null and ${NOT_OF_MANY}
           and i.state in (${OPEN_STATES}) and i.breach is null
           and (lead.id is null or i.campaign is distinct from lead.id or lead.breach is not null
             or lead.state not in (${OPEN_STATES})
                and not exists (select 1 from decision d
                                 where d.tenant = c.tenant and d.incident = lead.id and d.at >= ${since}))
         order by c.incident limit ${MOST_UNTOLD}`.execute(trx);
      return rows.map((row) => row.incident);
    },

    async held(platform, most) {
      const { rows } = await sql<{ incident: string; total: number }>`
        select c.incident, (count(*) over ())::int as total
          from card c join incident i on i.tenant = c.tenant and i.id = c.incident
         where c.tenant = ${tenant} and c.platform = ${platform} and c.gathered = ${WAITING_LIST} and c.ref is null
           and i.state in (${OPEN_STATES}) and i.breach is null
         order by i.rank desc, c.incident limit ${most}::int`.execute(trx);
      return { incidents: rows.map((row) => row.incident), total: rows[0]?.total ?? 0 };
    },
  };
}
