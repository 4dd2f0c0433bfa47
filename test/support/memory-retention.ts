import type { Incident } from '../../src/core/incident/incident.ts';
import { isClosed } from '../../src/core/incident/incident.ts';
import type { Tie } from '../../src/core/record/retention.ts';
import type { Retention } from '../../src/ports/retention.ts';
import type { Run } from '../../src/ports/runs.ts';
import { by, type Table } from './memory-table.ts';

/** Letting go of old incidents, in memory. `forget`: how each kind of row is deleted with its incident. */
export function createRetention(
  incidents: Table<Incident>,
  runs: Table<Run>,
  itemsOf: (run: string) => readonly { readonly mailbox: string; readonly message: string }[],
  forget: readonly ((incident: string) => void)[],
  isLookedAfter: (incident: string) => boolean,
): Retention {
  const placeOf = ({ updatedAt, id }: { readonly updatedAt: string; readonly id: string }) => `${updatedAt} ${id}`;
  const copiesOf = (incident: string) =>
    runs
      .rows()
      .filter((run) => run.incident === incident)
      .flatMap(({ id }) => itemsOf(id).map(({ mailbox, message }) => `${mailbox} ${message}`));

  function tiesOf(id: string): readonly Tie[] {
    const others = incidents.rows().filter((other) => other.id !== id);
    const own = new Set(copiesOf(id));
    return others.flatMap((other) => {
      const open = !isClosed(other.state);
      const bonds: readonly (readonly [Tie['bond'], boolean])[] = [
        ['parent', other.parent === id],
        ['previous', other.previous === id],
        ['campaign', other.campaign === id],
        ['child', incidents.get(id)?.parent === other.id],
        ['elsewhere', open && other.elsewhere.some(({ incident }) => incident === id)],
        ['copies', open && copiesOf(other.id).some((copy) => own.has(copy))],
      ];
      return bonds.flatMap(([bond, holds]) => (holds ? [{ incident: id, bond, state: other.state }] : []));
    });
  }

  return {
    async due(before, after, limit) {
      const old = incidents
        .rows()
        .filter(({ state, breach, updatedAt }) => isClosed(state) && breach === null && updatedAt < before)
        .filter(({ id }) => !isLookedAfter(id))
        .filter((row) => after === null || placeOf(row) > placeOf(after));
      const places = old.map(({ id, updatedAt }) => ({ id, updatedAt }));
      return places.sort(by(placeOf)).slice(0, limit);
    },
    async ties(ids) {
      return ids.flatMap(tiesOf);
    },
    async remove(id) {
      for (const one of forget) one(id);
    },
  };
}
