import { type RawBuilder, sql, type Transaction } from 'kysely';
import { type KindCount, MEASURED } from '../../core/intelligence/precision.ts';
import type { Judged } from '../../core/signal/facts.ts';
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

    async spokenIn(incidents) {
      if (incidents.length === 0) return new Map();
      const rows = await trx
        .selectFrom('finding_end')
        .select(['incident', 'kind'])
        .where('tenant', '=', tenant)
        .where('incident', 'in', incidents)
        .orderBy('kind')
        .execute();
      const own = Map.groupBy(rows, (row) => row.incident);
      return new Map([...own].map(([incident, kinds]) => [incident, kinds.map(({ kind }) => kind)]));
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
      return MEASURED.flatMap((kind): KindCount[] => {
        const row = rows.find((one) => one.kind === kind);
        return row && row.malicious + row.harmless > 0 ? [{ ...row, kind }] : [];
      });
    },

    async judge(incident, { address, domain }, how) {
      await sql`
        insert into sender_end (tenant, incident, address, domain, ended)
        values (${tenant}, ${incident}, ${address}, ${domain}, ${how}::text)
        on conflict (tenant, incident) do update
           set address = excluded.address, domain = excluded.domain, ended = excluded.ended`.execute(trx);
    },

    async judged({ address, domain }, but) {
      const closed = async (where: RawBuilder<unknown>): Promise<Judged> => {
        const { rows } = await sql<Judged>`
          select count(*) filter (where ended = 'malicious')::int as malicious,
                 count(*) filter (where ended = 'harmless')::int as harmless
            from sender_end where tenant = ${tenant} and ended is not null and incident <> ${but} and ${where}`.execute(
          trx,
        );
        return rows[0] ?? { malicious: 0, harmless: 0 };
      };
      return {
        address: await closed(sql`address = ${address}`),
        domain: await closed(sql`domain = ${domain} and address <> ${address}`),
      };
    },
  };
}
