import { sql, type Transaction } from 'kysely';
import { noOutcomes, type Outcome } from '../../core/action/outcome.ts';
import { CLOSED, NOT_CLOSED } from '../../core/incident/incident.ts';
import type { Board } from '../../ports/board.ts';
import { votesOf } from './decisions.ts';
import { fromRow, LAST_RUN } from './incidents.ts';
import type { Tables } from './schema.ts';

/** Written out, so that the index of what is open is seen to fit. */
const IS_OPEN = sql<boolean>`state in (${sql.join(NOT_CLOSED.map((state) => sql.lit(state)))})`;

export function boardOf(trx: Transaction<Tables>, tenant: string): Board {
  const all = () => trx.selectFrom('incident').selectAll().select(LAST_RUN.as('last_run')).where('tenant', '=', tenant);
  const counted = () => trx.selectFrom('incident').select(sql<string>`count(*)`.as('n')).where('tenant', '=', tenant);
  return {
    async open(limit) {
      const [rows, total] = [
        await all().where(IS_OPEN).orderBy('rank', 'desc').orderBy('id').limit(limit).execute(),
        await counted().where(IS_OPEN).executeTakeFirstOrThrow(),
      ];
      return { incidents: rows.map(fromRow), total: Number(total.n) };
    },

    async openAfter(after, limit) {
      const rows = await all().where(IS_OPEN).where('id', '>', after).orderBy('id').limit(limit).execute();
      return rows.map((row) => ({ incident: fromRow(row), rank: row.rank }));
    },

    async rank(incident, rank) {
      await trx.updateTable('incident').set({ rank }).where('tenant', '=', tenant).where('id', '=', incident).execute();
    },

    async clicked(incident, people) {
      await trx
        .updateTable('incident')
        .set({ clicked: people })
        .where('tenant', '=', tenant)
        .where('id', '=', incident)
        .where('clicked', '<', people)
        .execute();
    },

    async ended(since, limit) {
      const isMeant = sql<boolean>`(updated_at >= ${since} or breach is not null)
        and (state = 'settled' or closed_by is null or breach is not null)`;
      const [rows, total] = [
        await all()
          .where('state', 'in', CLOSED)
          .where(isMeant)
          .orderBy('updated_at', 'desc')
          .orderBy('id')
          .limit(limit)
          .execute(),
        await counted().where('state', 'in', CLOSED).where(isMeant).executeTakeFirstOrThrow(),
      ];
      return { incidents: rows.map(fromRow), total: Number(total.n) };
    },

    async named(ids) {
      if (ids.length === 0) return [];
      const rows = await all()
        .where('id', '=', sql<string>`any(${[...ids]}::text[])`)
        .execute();
      return rows.map(fromRow);
    },

    votes: (incidents) => votesOf(trx, tenant, incidents),

    async outcomes(runs) {
      if (runs.length === 0) return new Map();
      const { rows } = await sql<{ run: string; outcome: Outcome; n: string }>`
        select run, outcome, count(*)::text as n from work_item
         where tenant = ${tenant} and run = any(${[...runs]}::text[]) and outcome is not null group by run, outcome`.execute(
        trx,
      );
      const found = new Map<string, ReturnType<typeof noOutcomes>>();
      for (const { run, outcome, n } of rows) {
        const counts = found.get(run) ?? noOutcomes();
        counts[outcome] += Number(n);
        found.set(run, counts);
      }
      return found;
    },
  };
}
