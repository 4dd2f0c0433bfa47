import { sql, type Transaction } from 'kysely';
import { FINDING_KINDS } from '../../core/intelligence/finding.ts';
import type { KindCount } from '../../core/intelligence/precision.ts';
import type { KeptLook, Looks } from '../../ports/looks.ts';
import { lookDocument } from './documents/look.ts';
import type { Tables } from './schema.ts';

interface Row {
  readonly nth: number;
  readonly list: string;
  readonly at: string;
  readonly digest: string;
  readonly body: string;
}

export function looksOf(trx: Transaction<Tables>, tenant: string): Looks {
  const kept = (incident: string, { body, ...row }: Row): KeptLook => {
    const seen = lookDocument.look(body, { tenant, id: incident });
    return { ...row, look: 'value' in seen ? seen.value : null };
  };
  const rowsOf = (incident: string) =>
    trx
      .selectFrom('people_look')
      .select(['nth', 'list', 'at', 'digest', 'body'])
      .where('tenant', '=', tenant)
      .where('incident', '=', incident);
  /** Open ones are not counted. */
  async function counted(kind: string, ended: string | null, by: 1 | -1): Promise<void> {
    if (ended !== 'malicious' && ended !== 'harmless') return;
    const [malicious, harmless] = ended === 'malicious' ? [by, 0] : [0, by];
    await sql`
      insert into finding_count (tenant, kind, malicious, harmless)
      values (${tenant}, ${kind}, ${malicious}::int, ${harmless}::int)
      on conflict (tenant, kind) do update
         set malicious = finding_count.malicious + ${malicious}::int, harmless = finding_count.harmless + ${harmless}::int`.execute(
      trx,
    );
  }
  return {
    async add(incident, { list, digest, look }) {
      const { rows } = await sql<{ nth: number }>`
        insert into people_look (tenant, incident, nth, list, at, digest, body)
        select ${tenant}, ${incident}, coalesce(max(nth) + 1, 0), ${list}, ${look.at}, ${digest}, ${lookDocument.write(look)}
          from people_look where tenant = ${tenant} and incident = ${incident} returning nth`.execute(trx);
      return rows[0]?.nth ?? 0;
    },

    async newest(incident) {
      const row = await rowsOf(incident).orderBy('nth', 'desc').limit(1).executeTakeFirst();
      return row ? kept(incident, row) : null;
    },

    async of(incident) {
      return (await rowsOf(incident).orderBy('nth').execute()).map((row) => kept(incident, row));
    },

    async spoke(incident, kinds) {
      for (const kind of kinds) {
        const { rows } = await sql<{ ended: string | null }>`
          insert into finding_end (tenant, kind, incident, ended)
          select ${tenant}, ${kind}, ${incident},
                 (select ended from finding_end where tenant = ${tenant} and incident = ${incident} limit 1)
          on conflict do nothing returning ended`.execute(trx);
        const [row] = rows;
        if (row) await counted(kind, row.ended, 1);
      }
    },

    async ended(incident, how) {
      const { rows } = await sql<{ kind: string; ended: string | null }>`
        select kind, ended from finding_end
         where tenant = ${tenant} and incident = ${incident} and ended is distinct from ${how}::text
         order by kind for update`.execute(trx);
      for (const { kind, ended } of rows) {
        await counted(kind, ended, -1);
        await counted(kind, how, 1);
      }
      await sql`
        update finding_end set ended = ${how}::text where tenant = ${tenant} and incident = ${incident}`.execute(trx);
    },

    async counts() {
      const rows = await trx
        .selectFrom('finding_count')
        .select(['kind', 'malicious', 'harmless'])
        .where('tenant', '=', tenant)
        .execute();
      return FINDING_KINDS.flatMap((kind): KindCount[] => {
        const row = rows.find((one) => one.kind === kind);
        return row && row.malicious + row.harmless > 0 ? [{ ...row, kind }] : [];
      });
    },
  };
}
