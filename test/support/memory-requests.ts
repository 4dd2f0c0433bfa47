import type { Segment, Segments } from '../../src/ports/requests.ts';
import { by, createTable, type Journal } from './memory-table.ts';

/** Segments of the log of requests, in memory. */
export function createSegments(journal: Journal): Segments {
  const rows = createTable<Segment>(journal);
  const place = ({ from, id }: Pick<Segment, 'from' | 'id'>) => `${from} ${id}`;
  return {
    async keep(segment) {
      return rows.add(segment.id, segment);
    },
    async list(after, limit) {
      const later = rows.rows().filter((row) => after === null || place(row) > place(after));
      return later
        .sort(by(place))
        .slice(0, limit)
        .map(({ text: _, ...head }) => head);
    },
    async text(id) {
      return rows.get(id)?.text ?? null;
    },
    async forget(before) {
      const old = rows.rows().filter(({ until }) => until < before);
      for (const { id } of old) rows.remove(id);
      return old.length;
    },
  };
}
