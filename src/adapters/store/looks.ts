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
      for (const kind of kinds)
        await sql`
          insert into finding_end (tenant, kind, incident, ended)
          select ${tenant}, ${kind}, ${incident},
                 (select ended from finding_end where tenant = ${tenant} and incident = ${incident} limit 1)
          on conflict do nothing`.execute(trx);
    },

    async ended(incident, how) {
      await sql`
        update finding_end set ended = ${how} where tenant = ${tenant} and incident = ${incident}`.execute(trx);
    },

    async counts() {
      const { rows } = await sql<{ kind: string; malicious: number; harmless: number }>`
        select kind, count(*) filter (where ended = 'malicious')::int as malicious,
               count(*) filter (where ended = 'harmless')::int as harmless
          from finding_end where tenant = ${tenant} and ended is not null group by kind`.execute(trx);
      return FINDING_KINDS.flatMap((kind): KindCount[] => {
        const row = rows.find((one) => one.kind === kind);
        return row ? [{ ...row, kind }] : [];
      });
    },
  };
}
