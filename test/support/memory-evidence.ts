import { formKey, type MailForm } from '../../src/core/find/mail-form.ts';
import type { EvidenceShelf, KeptEvidence } from '../../src/ports/evidence.ts';
import { by, createTable, type Journal, keyOf } from './memory-table.ts';

interface Row {
  readonly incident: string;
  readonly evidence: KeptEvidence;
  readonly content: string;
}

/** What is kept of mails, in memory. */
export function createShelf(journal: Journal): {
  readonly evidence: EvidenceShelf;
  readonly forget: (incident: string) => void;
} {
  const rows = createTable<Row>(journal);
  const of = (incident: string) => rows.rows().filter((row) => row.incident === incident);
  const keyIn = (incident: string, one: MailForm & Pick<KeptEvidence, 'kind'>) =>
    keyOf(incident, formKey(one), one.kind);
  const remove = (incident: string, before: string | null) => {
    for (const { evidence } of of(incident))
      if (before === null || evidence.at < before) rows.remove(keyIn(incident, evidence));
  };
  const evidence: EvidenceShelf = {
    async keep(incident, one, content) {
      return rows.add(keyIn(incident, one), { incident, evidence: one, content });
    },
    async of(incident) {
      return of(incident)
        .map((row) => row.evidence)
        .toSorted(by((one) => keyOf(one.at, formKey(one), one.kind)));
    },
    async content(incident, one) {
      return rows.get(keyIn(incident, one))?.content ?? null;
    },
    async olderThan(before, after, limit) {
      const old = rows.rows().filter(({ incident, evidence: { at } }) => at < before && incident > after);
      return [...new Set(old.map(({ incident }) => incident))].sort().slice(0, limit);
    },
    async remove(incident, before) {
      remove(incident, before ?? null);
    },
  };
  return { evidence, forget: (incident) => remove(incident, null) };
}
