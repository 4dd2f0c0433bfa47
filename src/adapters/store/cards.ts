import { type Selectable, sql, type Transaction } from 'kysely';
import type { CardRef, Platform } from '../../ports/rooms.ts';
import type { CardRow, Cards } from '../../ports/store.ts';
import type { Tables } from './schema.ts';

/** The outbox: one row per card; what is to be sent is always the newest state, so updates collapse by themselves. */
export function cardsOf(trx: Transaction<Tables>, tenant: string, newLease: () => string): Cards {
  return {
    async ensure(incident, platform, key) {
      await trx
        .insertInto('card')
        .values({ tenant, incident, platform, key, ref: null })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    async claim(incident, platform, leaseMs) {
      const { rows } = await sql<Selectable<Tables['card']> & { revision: number; held: boolean; wait: number }>`
        select c.*, i.revision, coalesce(c.lease_until > clock_timestamp(), false) as held,
               (extract(epoch from greatest(c.not_before, clock_timestamp()) - clock_timestamp()) * 1000)::double precision as wait
          from card c join incident i on i.tenant = c.tenant and i.id = c.incident
         where c.tenant = ${tenant} and c.incident = ${incident} and c.platform = ${platform} for update of c`.execute(
        trx,
      );
      const row = rows[0];
      // Whoever holds the card looks for a newer revision when done; a job that waited for the lease would be in its way.
      if (!row || row.held || row.sent_revision >= row.revision) return { kind: 'nothing' };
      if (row.wait > 0) return { kind: 'wait', waitMs: Math.ceil(row.wait) };
      const lease = newLease();
      await sql`
        update card set lease = ${lease}, posting = posting or ref is null,
               lease_until = clock_timestamp() + make_interval(secs => ${leaseMs / 1_000}::double precision)
         where tenant = ${tenant} and incident = ${incident} and platform = ${platform}`.execute(trx);
      return { kind: 'send', card: toCard(row), lease };
    },

    async finish(incident, platform, lease, result) {
      const done = await sql`
        update card set ref = ${result.ref ? JSON.stringify(result.ref) : null}, sent_revision = ${result.sentRevision},
               posting = ${result.posting}, attempts = ${result.attempts}, lease = null, lease_until = null,
               not_before = clock_timestamp() + make_interval(secs => ${result.restMs / 1_000}::double precision)
         where tenant = ${tenant} and incident = ${incident} and platform = ${platform} and lease = ${lease}`.execute(
        trx,
      );
      return Number(done.numAffectedRows ?? 0n) > 0;
    },

    async of(incident) {
      const rows = await trx
        .selectFrom('card')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('incident', '=', incident)
        .orderBy('platform')
        .execute();
      return rows.map(toCard);
    },

    async behind() {
      const rows = await trx
        .selectFrom('card')
        .innerJoin('incident', (join) =>
          join.onRef('incident.tenant', '=', 'card.tenant').onRef('incident.id', '=', 'card.incident'),
        )
        .select(['card.incident', 'card.platform'])
        .where('incident.tenant', '=', tenant)
        .where('incident.told', '=', false)
        .whereRef('card.sent_revision', '<', 'incident.revision')
        .limit(1_000)
        .execute();
      return rows.map((row) => ({ incident: row.incident, platform: row.platform as Platform }));
    },

    async settle() {
      // Whoever changes a case at this moment holds it: it is settled the next time.
      await sql`
        update incident set told = true where tenant = ${tenant} and not told and id in (
          select i.id from incident i
           where i.tenant = ${tenant} and not i.told and not exists (
             select from card c where c.tenant = i.tenant and c.incident = i.id and c.sent_revision < i.revision)
           limit ${SETTLED_AT_ONCE} for update skip locked)`.execute(trx);
    },
  };
}

/** More wait for the next time: a transaction is short, also the first one after an update. */
const SETTLED_AT_ONCE = 2_000;

function toCard(row: Selectable<Tables['card']>): CardRow {
  return {
    incident: row.incident,
    platform: row.platform as Platform,
    key: row.key,
    ref: row.ref ? (JSON.parse(row.ref) as CardRef) : null,
    sentRevision: row.sent_revision,
    posting: row.posting,
    attempts: row.attempts,
  };
}
