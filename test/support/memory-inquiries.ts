import { foundDocument, soughtDocument } from '../../src/adapters/store/documents/found.ts';
import type { Inquiries, NewInquiry } from '../../src/ports/inquiries.ts';
import { createTable, by as inOrder, type Journal, keyOf } from './memory-table.ts';

interface Row extends NewInquiry {
  readonly heldBy: string | null;
  readonly until: number;
  readonly found: string | null;
}

interface Kept {
  readonly inquiry: string;
  readonly question: string;
  readonly sought: string;
}

/** Searches of people, in memory. */
export function createInquiries(journal: Journal, now: () => number): Inquiries {
  const rows = createTable<Row>(journal);
  const answers = createTable<Kept>(journal);
  const held = (id: string, by: string) => {
    const row = rows.get(id);
    return row?.heldBy === by && row.until > now() && row.found === null ? row : undefined;
  };
  const isFree = ({ waits, found, until }: Row) => !waits && found === null && until <= now();
  const change = (row: Row | undefined, changed: Partial<Row>) => {
    if (row) rows.set(row.id, { ...row, ...changed });
    return row !== undefined;
  };
  const drop = (id: string) => {
    for (const { inquiry, question } of answers.rows()) if (inquiry === id) answers.remove(keyOf(inquiry, question));
  };
  return {
    async ask(asked, { most, since }) {
      const lately = rows.rows().filter(({ person, at }) => person === asked.person && at > since);
      if (lately.length >= most) return false;
      return rows.add(asked.id, { ...asked, heldBy: null, until: 0, found: null });
    },
    async get(id) {
      const row = rows.get(id);
      if (!row) return null;
      const { heldBy: _by, until: _until, found, ...asked } = row;
      const read = found === null ? null : foundDocument.look(found, { tenant: '', id });
      return { ...asked, found: read && 'value' in read ? read.value : null, isAnswered: found !== null };
    },
    async allow(id) {
      const row = rows.get(id);
      return change(row?.waits ? row : undefined, { waits: false });
    },
    async claim(id, by, leaseMs) {
      const row = rows.get(id);
      return change(row && isFree(row) ? row : undefined, { heldBy: by, until: now() + leaseMs });
    },
    async extend(id, by, leaseMs) {
      return change(held(id, by), { until: now() + leaseMs });
    },
    async release(id, by) {
      change(held(id, by), { until: 0 });
    },
    async keep(id, by, question, sought) {
      if (!held(id, by)) return false;
      answers.set(keyOf(id, question), { inquiry: id, question, sought: soughtDocument.write(sought) });
      return true;
    },
    async kept(id) {
      const own = answers.rows().filter(({ inquiry }) => inquiry === id);
      return new Map(
        own.map(({ question, sought }) => [question, soughtDocument.read(sought, { tenant: '', id })] as const),
      );
    },
    async answer(id, by, found) {
      if (!change(held(id, by), { found: foundDocument.write(found), until: 0 })) return false;
      drop(id);
      return true;
    },
    async open() {
      const free = [...rows.rows().filter(isFree)].sort(inOrder(({ id }) => id));
      return free.sort(inOrder(({ at }) => at)).map(({ id }) => id);
    },
    async forget(before) {
      for (const { id, at } of rows.rows()) {
        if (at >= before) continue;
        drop(id);
        rows.remove(id);
      }
    },
  };
}
