import { type Flag, type FlagState, isOverdue } from '../../core/flag/flag.ts';
import type { FlagsOnCard } from '../../core/tell/flags-line.ts';
import type { FlagRow } from '../../ports/flags.ts';
import type { Tx } from '../../ports/store.ts';
import { flagsAsRecorded } from '../record/flag.ts';

/** So many are held against the record for a card. An approved flag may be about thousands of mailboxes: of those only numbers are told. */
const MOST_READ = 50;

/** The flags of an incident, for a line on its card; null for none. `now`: ISO time. */
export async function flagsShown(tx: Tx, incident: string, now: string): Promise<FlagsOnCard | null> {
  const rows = await tx.flagged.ofIncident(incident);
  if (rows.length === 0) return null;
  if (rows.length > MOST_READ) return { ...summed(rows, now), owners: null, differ: 0 };
  const flags = (await flagsAsRecorded(tx, incident, rows)).filter((flag) => flag !== null);
  const names = flags.flatMap(({ owner, state }) => (owner && state !== 'cleared' ? [owner.name] : []));
  return { ...summed(flags, now), owners: [...new Set(names)], differ: rows.length - flags.length };
}

function summed(flags: readonly Pick<Flag | FlagRow, 'state' | 'dueAt'>[], now: string) {
  const states: Record<FlagState, number> = { raised: 0, 'in review': 0, contained: 0, cleared: 0 };
  for (const { state } of flags) states[state] += 1;
  const open = flags.filter(({ state }) => state !== 'cleared');
  const [dueAt = null] = open.map((flag) => flag.dueAt).sort();
  return { states, dueAt, overdue: open.filter((flag) => isOverdue(flag, now)).length };
}
