import { type Selectable, sql, type Transaction } from 'kysely';
import { TakenAlert } from '../../core/find/alert.ts';
import type { Incident, LastRun } from '../../core/incident/incident.ts';
import type { Held } from '../../ports/held.ts';
import type { IncidentChange, Incidents, Unfinished } from '../../ports/store.ts';
import { deliveriesOf } from './deliveries.ts';
import { alertDocument } from './documents/alert.ts';
import { askersDocument } from './documents/askers.ts';
import { readingRow } from './documents/document.ts';
import { elsewhereDocument } from './documents/elsewhere.ts';
import { stateDocument } from './documents/state.ts';
import { takenInDocument } from './documents/taken-in.ts';
import { plansOf } from './plans.ts';
import type { Tables } from './schema.ts';
import { idsAfter } from './spoken-of.ts';
import type { WholePlans } from './whole-plans.ts';

export function incidentsOf(trx: Transaction<Tables>, tenant: string, whole: WholePlans): Incidents {
  /** With what its last run does or did. */
  const one = () => trx.selectFrom('incident').selectAll().select(LAST_RUN.as('last_run')).where('tenant', '=', tenant);
  return {
    ...plansOf(trx, tenant, whole),
    ...deliveriesOf(trx, tenant),

    async filedUnder(keys) {
      if (keys.length === 0) return [];
      const filed = trx
        .selectFrom('incident_key')
        .select('incident as id')
        .where('tenant', '=', tenant)
        .where('key', 'in', keys);
      const named = trx
        .selectFrom('incident')
        .select('id')
        .where('tenant', '=', tenant)
        .where('dedupe_key', 'in', keys);
      const rows = await one()
        // Each by its own index: an `or` of both would read every incident.
        .where('id', 'in', filed.union(named))
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(MOST_FILED)
        .execute();
      return rows.map(fromRow);
    },

    async holdKeys(keys) {
      if (keys.length === 0) return;
      const held = [...new Set(keys)].sort().map((key) => `${tenant} ${key}`);
      await sql`
        select pg_advisory_xact_lock(hashtextextended(key, 0))
          from (select key from unnest(${held}::text[]) with ordinality as k(key, n) order by n) as sorted`.execute(
        trx,
      );
    },

    async file(id, keys) {
      if (keys.length === 0) return;
      await trx
        .insertInto('incident_key')
        .values(keys.map((key) => ({ tenant, key, incident: id })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    async keysOf(ids) {
      if (ids.length === 0) return new Map();
      const rows = await trx
        .selectFrom('incident_key')
        .select(['incident', 'key'])
        .where('tenant', '=', tenant)
        .where('incident', 'in', ids)
        .orderBy('key')
        .execute();
      const keys = new Map<string, string[]>();
      for (const { incident, key } of rows) keys.set(incident, [...(keys.get(incident) ?? []), key]);
      return keys;
    },

    async createOrRepeat(fresh) {
      const row = await trx
        .insertInto('incident')
        .values(toRow(fresh))
        .onConflict((conflict) =>
          conflict.columns(['tenant', 'dedupe_key']).doUpdateSet({
            alerts: sql`incident.alerts + 1`,
            revision: sql`incident.revision + 1`,
            updated_at: fresh.updatedAt,
          }),
        )
        .returningAll()
        .returning(LAST_RUN.as('last_run'))
        .executeTakeFirstOrThrow();
      return { incident: fromRow(row), created: row.id === fresh.id };
    },

    async saveAlert(id, alert, askers) {
      await trx
        .updateTable('incident')
        .set({ alert: alertDocument.write(alert), askers: askersDocument.write(askers) })
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .execute();
    },

    async child(dedupeKey) {
      const row = await one().where('dedupe_key', '=', dedupeKey).executeTakeFirst();
      return row ? fromRow(row) : null;
    },

    async get(id) {
      const row = await one().where('id', '=', id).executeTakeFirst();
      return row ? fromRow(row) : null;
    },

    async lock(id) {
      await trx
        .selectFrom('incident')
        .select('id')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .forUpdate()
        .execute();
      // Read once it is held: a statement that had to wait for the row sees every other table as it was before.
      return (await this.get(id)) as Held<Incident> | null;
    },

    async save(id, change, at) {
      await trx
        .updateTable('incident')
        .set({
          ...changedColumns(change),
          revision: sql`revision + 1`,
          updated_at: at,
        })
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .execute();
    },

    async breach(id) {
      const row = await trx
        .selectFrom('incident')
        .select('breach')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .executeTakeFirst();
      return row?.breach ?? null;
    },

    idsAfter: (after, limit) => idsAfter(trx, tenant, after, limit),

    async list(limit) {
      const rows = await one().orderBy('created_at', 'desc').orderBy('id').limit(limit).execute();
      return rows.map(fromRow);
    },

    async unfinished(now, quietSince) {
      // Each by its own index: an `or` would read all that is open. Nothing is done any more about what was tampered with.
      const { rows } = await sql<Unfinished>`
        (select id, state from incident
          where tenant = ${tenant} and state = 'received' and breach is null and updated_at <= ${quietSince}
          order by updated_at, id limit ${MOST_UNFINISHED})
        union all
        (select id, state from incident
          where tenant = ${tenant} and state = 'open' and breach is null and deadline <= ${now}
          order by deadline limit ${MOST_UNFINISHED})
        union all
        (select id, state from incident
          where tenant = ${tenant} and state = 'open' and breach is null and nudge_at <= ${now}
          order by nudge_at limit ${MOST_UNFINISHED})`.execute(trx);
      return [...new Map(rows.map((row) => [row.id, row])).values()];
    },
  };
}

/** In the place of one that cannot be read: it says nothing that could be looked for. */
const NO_ALERT = TakenAlert.parse({
  id: 'unreadable',
  source: 'unknown',
  verdict: 'suspicious',
  detectedAt: '1970-01-01T00:00:00Z',
  message: {},
});
/** Of one mail that came back again and again, the last ones are enough to tell what is new. */
const MOST_FILED = 20;
const MOST_UNFINISHED = 500;
const COLUMNS = {
  state: 'state',
  planDigest: 'plan_digest',
  askedAt: 'asked_at',
  deadline: 'deadline',
  nudges: 'nudges',
  nudgeAt: 'nudge_at',
  runId: 'run_id',
  closedBy: 'closed_by',
  reason: 'reason',
  breach: 'breach',
} as const satisfies Record<Exclude<keyof IncidentChange, 'takenIn' | 'elsewhere'>, keyof Tables['incident']>;

export const LAST_RUN = sql<string | null>`(
  select json_build_object('action', r.action, 'mode', r.mode, 'planDigest', r.plan_digest)::text from run r
   where r.tenant = incident.tenant and r.id = incident.run_id)`;

function changedColumns({
  takenIn,
  elsewhere,
  ...plain
}: Partial<IncidentChange>): Partial<Selectable<Tables['incident']>> {
  const changed = Object.entries(plain).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(changed.map(([name, value]) => [COLUMNS[name as keyof typeof COLUMNS], value])),
    ...(takenIn ? { taken_in: takenInDocument.write(takenIn) } : {}),
    ...(elsewhere ? { elsewhere: elsewhereDocument.write(elsewhere) } : {}),
  };
}

function toRow(incident: Incident) {
  return {
    tenant: incident.tenant,
    id: incident.id,
    dedupe_key: incident.dedupeKey,
    alert: alertDocument.write(incident.alert),
    alerts: incident.alerts,
    state: incident.state,
    revision: incident.revision,
    plan_digest: incident.planDigest,
    asked_at: incident.askedAt,
    deadline: incident.deadline,
    nudges: incident.nudges,
    nudge_at: incident.nudgeAt,
    parent: incident.parent,
    askers: askersDocument.write(incident.askers),
    taken_in: takenInDocument.write(incident.takenIn),
    elsewhere: elsewhereDocument.write(incident.elsewhere),
    breach: incident.breach,
    previous: incident.previous,
    campaign: incident.campaign,
    clicked: incident.clicked,
    run_id: incident.runId,
    closed_by: incident.closedBy,
    reason: incident.reason,
    created_at: incident.createdAt,
    updated_at: incident.updatedAt,
  };
}

export function fromRow(row: Selectable<Tables['incident']> & { readonly last_run: string | null }): Incident {
  const reading = readingRow({ tenant: row.tenant, id: row.id });
  return {
    tenant: row.tenant,
    id: row.id,
    dedupeKey: row.dedupe_key,
    alert: reading.take(alertDocument, row.alert, NO_ALERT),
    alerts: row.alerts,
    // The column holds the bare word.
    state: reading.take(stateDocument, JSON.stringify(row.state), 'closed'),
    revision: row.revision,
    planDigest: row.plan_digest,
    askedAt: row.asked_at,
    deadline: row.deadline,
    nudges: row.nudges,
    nudgeAt: row.nudge_at,
    parent: row.parent,
    askers: reading.take(askersDocument, row.askers, []),
    takenIn: reading.take(takenInDocument, row.taken_in, []),
    elsewhere: reading.take(elsewhereDocument, row.elsewhere, []),
    breach: row.breach,
    previous: row.previous,
    campaign: row.campaign,
    clicked: row.clicked,
    runId: row.run_id,
    lastRun: row.last_run === null ? null : (JSON.parse(row.last_run) as LastRun),
    closedBy: row.closed_by,
    reason: row.reason,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...reading.marks(),
  };
}
