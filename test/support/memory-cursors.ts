import { hoursOf, untilFree } from '../../src/core/find/allowance.ts';
import { counted as addedUp } from '../../src/core/find/silence.ts';
import type { CursorKey, CursorState, Cursors } from '../../src/ports/cursors.ts';
import { createTable, type Journal, keyOf } from './memory-table.ts';

interface Row extends CursorState {
  readonly cursor: string | null;
  readonly fence: number;
  readonly leaseUntil: number;
  readonly notBefore: number;
}

const NEW: Row = {
  cursor: null,
  fence: 0,
  leaseUntil: 0,
  notBefore: 0,
  failingSince: null,
  failures: 0,
  why: null,
  heardAt: null,
  days: [],
  silentAt: null,
};

/** How far each source that is asked has been read, in memory. */
export function createCursors(journal: Journal, now: () => number): Cursors {
  const rows = createTable<Row>(journal);
  const calls = createTable<number>(journal);
  const nameOf = ({ source, vendor }: CursorKey) => keyOf(source, vendor);
  const rowOf = (key: CursorKey) => rows.get(nameOf(key)) ?? NEW;
  const change = (key: CursorKey, changed: Partial<Row>) => rows.set(nameOf(key), { ...rowOf(key), ...changed });
  const isDue = (key: CursorKey) => Math.max(rowOf(key).leaseUntil, rowOf(key).notBefore) <= now();
  return {
    async isDue(key) {
      return isDue(key);
    },
    async claim(key, leaseMs) {
      if (!isDue(key)) return null;
      const { cursor, failures, fence } = rowOf(key);
      change(key, { fence: fence + 1, leaseUntil: now() + leaseMs });
      return { cursor, failures, fence: fence + 1 };
    },
    async hold(key, fence, leaseMs) {
      const isHeld = rowOf(key).fence === fence;
      if (isHeld) change(key, { leaseUntil: now() + leaseMs });
      return isHeld;
    },
    async move(key, { cursor, heard, restMs }, at) {
      const { heardAt: before, days } = rowOf(key);
      const told = { heardAt: heard > 0 ? at : before, days: addedUp(days, heard, at) };
      const well = { failures: 0, failingSince: null, why: null, ...told };
      change(key, { cursor, ...well, leaseUntil: 0, notBefore: now() + restMs });
    },
    async failed(key, { why, restMs, cursor }, at) {
      const { failures, failingSince } = rowOf(key);
      const told = { failures: failures + 1, failingSince: failingSince ?? at, why };
      const place = cursor === undefined ? {} : { cursor };
      change(key, { ...told, ...place, leaseUntil: 0, notBefore: now() + restMs });
    },
    async hurry(key, anyhow = false) {
      if (anyhow || rowOf(key).failures === 0) change(key, { notBefore: 0 });
    },
    async silent(key, at) {
      change(key, { silentAt: at });
    },
    async spend({ vendor, credential, most }, at) {
      const { hour, oldest } = hoursOf(at);
      const own = keyOf(vendor, credential, '');
      const counted = [...calls.keys()]
        .filter((key) => key.startsWith(own))
        .map((key) => ({ key, hour: key.slice(own.length) }));
      for (const one of counted) if (one.hour < oldest) calls.remove(one.key);
      const late = counted.filter((one) => one.hour >= oldest).sort((a, b) => (a.hour < b.hour ? -1 : 1));
      const asked = late.reduce((sum, { key }) => sum + (calls.get(key) ?? 0), 0);
      if (asked >= most) return untilFree(late[0]?.hour ?? hour, at);
      const key = `${own}${hour}`;
      calls.set(key, (calls.get(key) ?? 0) + 1);
      return null;
    },
    async state(key) {
      const row = rows.get(nameOf(key));
      if (!row) return null;
      const { failingSince, failures, why, heardAt, days, silentAt } = row;
      return { failingSince, failures, why, heardAt, days, silentAt };
    },
  };
}
