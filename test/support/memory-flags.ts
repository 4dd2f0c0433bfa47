import type { FlagRow, FlagRows } from '../../src/ports/flags.ts';
import type { Held } from '../../src/ports/held.ts';
import { by, createTable, type Journal } from './memory-table.ts';

/** Mailboxes that people look after, in memory. */
export function createFlagRows(journal: Journal): {
  readonly flagged: FlagRows;
  /** Whether a flag that is not cleared is filed under it. */
  readonly isLookedAfter: (incident: string) => boolean;
  readonly forget: (incident: string) => void;
} {
  const rows = createTable<FlagRow>(journal);
  const all = () => [...rows.rows()].sort(by(({ id }) => id));
  const isOpen = ({ state }: FlagRow) => state !== 'cleared';
  const isTaken = ({ mailbox, id }: FlagRow) =>
    rows.rows().some((row) => row.mailbox === mailbox && row.id !== id && isOpen(row));
  return {
    flagged: {
      async add(some) {
        const kept = some.filter((row) => !(isOpen(row) && isTaken(row)) && rows.add(row.id, row));
        return new Set(kept.map(({ id }) => id));
      },
      async get(id) {
        return rows.get(id) ?? null;
      },
      async lock(id) {
        return (rows.get(id) as Held<FlagRow> | undefined) ?? null;
      },
      async save({ id }, change) {
        const row = rows.get(id);
        if (!row) return false;
        const changed = { ...row, ...change };
        if (isOpen(changed) && isTaken(changed)) return false;
        rows.set(id, changed);
        return true;
      },
      async put(row) {
        for (const other of all())
          if (other.mailbox === row.mailbox && isOpen(other) && isOpen(row)) rows.remove(other.id);
        rows.set(row.id, row);
      },
      async openOf(mailboxes) {
        return all().filter((row) => mailboxes.includes(row.mailbox) && isOpen(row));
      },
      async open(limit) {
        const open = all()
          .filter(isOpen)
          .sort(by(({ dueAt }) => dueAt));
        return { rows: open.slice(0, limit), total: open.length };
      },
      async clearedSince(since, limit) {
        const cleared = all().filter((row) => !isOpen(row) && row.updatedAt >= since);
        return cleared
          .sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : a.updatedAt > b.updatedAt ? -1 : 0))
          .slice(0, limit);
      },
      async ofIncident(incident) {
        return all().filter((row) => row.incident === incident);
      },
      async due(now, limit) {
        const due = all().filter((row) => isOpen(row) && row.nextAt !== null && row.nextAt <= now);
        return due
          .sort(by(({ nextAt }) => nextAt ?? ''))
          .slice(0, limit)
          .map(({ id }) => id);
      },
      async forget(before) {
        for (const row of all())
          if (!isOpen(row) && row.incident === null && row.updatedAt < before) rows.remove(row.id);
      },
    },
    isLookedAfter: (incident) => rows.rows().some((row) => row.incident === incident && isOpen(row)),
    forget(incident) {
      for (const row of all()) if (row.incident === incident) rows.remove(row.id);
    },
  };
}
