import { imageDocument, measureListDocument } from '../../src/adapters/store/documents/measures.ts';
import type { MeasureLists, StoredList } from '../../src/ports/measure-lists.ts';
import { createTable, by as inOrder, type Journal, keyOf } from './memory-table.ts';

interface Row extends Pick<StoredList, 'id' | 'incident' | 'at'> {
  readonly list: string | null;
  readonly untilAt: string | null;
  readonly isOpen: boolean;
  readonly heldBy: string | null;
  readonly heldUntil: number;
  readonly notBefore: number;
  readonly remindAt: string | null;
}

/** Lists of measures, in memory. `forget`: those of an incident that is let go of. */
export function createMeasures(
  journal: Journal,
  now: () => number,
): { readonly measures: MeasureLists; readonly forget: (incident: string) => readonly string[] } {
  const rows = createTable<Row>(journal);
  const images = createTable<{ readonly list: string; readonly image: string }>(journal);
  const change = (row: Row | undefined, changed: Partial<Row>) => {
    if (row) rows.set(row.id, { ...row, ...changed });
    return row !== undefined;
  };
  const isFree = ({ isOpen, notBefore, heldUntil }: Row) => isOpen && notBefore <= now() && heldUntil <= now();
  const held = (id: string, by: string) => {
    const row = rows.get(id);
    return row?.heldBy === by && row.heldUntil > now() ? row : undefined;
  };
  const measures: MeasureLists = {
    async add({ id, incident, at }) {
      const row = {
        id,
        incident,
        at,
        list: null,
        untilAt: null,
        isOpen: true,
        heldBy: null,
        heldUntil: 0,
        notBefore: 0,
        remindAt: null,
      };
      if (!rows.add(id, row)) throw new Error('there is such a list already');
    },
    async get(id) {
      const row = rows.get(id);
      if (!row) return null;
      const list = row.list === null ? null : measureListDocument.read(row.list, { tenant: '', id });
      return { id, incident: row.incident, at: row.at, list };
    },
    lock: (id) => measures.get(id),
    async freeze(list) {
      const row = rows.get(list.id);
      const isFresh = row?.list === null;
      const written = { list: measureListDocument.write(list), untilAt: list.until, isOpen: false };
      return change(isFresh ? row : undefined, written);
    },
    async ofIncident(incident) {
      const own = rows.rows().filter((row) => row.incident === incident);
      return [...own].sort(inOrder(({ at, id }) => `${at} ${id}`)).map(({ id }) => id);
    },
    async open(id, isOpen) {
      change(rows.get(id), { isOpen, notBefore: 0, untilAt: null });
    },
    async waiting(at) {
      const due = rows
        .rows()
        .filter(
          (row) =>
            isFree(row) || (row.untilAt !== null && row.untilAt <= at) || (row.remindAt !== null && row.remindAt <= at),
        );
      return [...due].sort(inOrder((row) => `${row.at} ${row.id}`)).map(({ id }) => id);
    },
    async claim(id, by, leaseMs) {
      const row = rows.get(id);
      return change(row && isFree(row) ? row : undefined, { heldBy: by, heldUntil: now() + leaseMs });
    },
    async extend(id, by, leaseMs) {
      return change(held(id, by), { heldUntil: now() + leaseMs });
    },
    async release(id, by, restMs) {
      change(held(id, by), { heldUntil: 0, notBefore: now() + restMs });
    },
    async remindAt(id, at) {
      change(rows.get(id), { remindAt: at });
    },
    async toRemind(id) {
      return rows.get(id)?.remindAt ?? null;
    },
    async keepImage(id, n, when, image) {
      images.set(keyOf(id, n, when), { list: id, image: imageDocument.write(image) });
    },
    async image(id, n, when) {
      const row = images.get(keyOf(id, n, when));
      return row ? imageDocument.read(row.image, { tenant: '', id }) : null;
    },
  };
  return {
    measures,
    forget(incident) {
      const own = rows.rows().filter((row) => row.incident === incident);
      for (const { id } of own) {
        for (const key of images.keys()) if (images.get(key)?.list === id) images.remove(key);
        rows.remove(id);
      }
      return own.map(({ id }) => id);
    },
  };
}
