import { sql, type Transaction } from 'kysely';
import { formKey } from '../../core/find/mail-form.ts';
import type { EvidenceShelf, KeptEvidence } from '../../ports/evidence.ts';
import type { Tables } from './schema.ts';

export function evidenceOf(trx: Transaction<Tables>, tenant: string): EvidenceShelf {
  return {
    async keep(incident, evidence, content) {
      const { kind, networkMessageId, internetMessageId, mailbox, message, digest, bytes, at } = evidence;
      const { rows } = await sql`
        insert into evidence (tenant, incident, form, kind, network_message_id, internet_message_id, mailbox, message,
                              digest, bytes, at, content)
        values (${tenant}, ${incident}, ${formKey(evidence)}, ${kind}, ${networkMessageId}, ${internetMessageId},
                ${mailbox}, ${message}, ${digest}, ${bytes}::int, ${at}, ${content})
        on conflict do nothing returning incident`.execute(trx);
      return rows.length > 0;
    },

    async of(incident) {
      const { rows } = await sql<KeptEvidence>`
        select kind, network_message_id as "networkMessageId", internet_message_id as "internetMessageId", mailbox,
               message, digest, bytes, at
          from evidence where tenant = ${tenant} and incident = ${incident}
         order by at, form collate "C", kind collate "C"`.execute(trx);
      return rows;
    },

    async content(incident, evidence) {
      const { rows } = await sql<{ content: string }>`
        select content from evidence
         where tenant = ${tenant} and incident = ${incident} and form = ${formKey(evidence)}
           and kind = ${evidence.kind}`.execute(trx);
      return rows[0]?.content ?? null;
    },

    async olderThan(before, after, limit) {
      const { rows } = await sql<{ incident: string }>`
        select distinct incident from evidence where tenant = ${tenant} and at < ${before} and incident > ${after}
         order by incident limit ${limit}::int`.execute(trx);
      return rows.map(({ incident }) => incident);
    },

    async remove(incident, before) {
      const old = before === undefined ? sql`true` : sql`at < ${before}`;
      await sql`delete from evidence where tenant = ${tenant} and incident = ${incident} and ${old}`.execute(trx);
    },
  };
}
