import { FLAG_ENTRIES, type Flag, type FlagEntry, flagFrom } from '../../core/flag/flag.ts';
import type { FlagRow } from '../../ports/flags.ts';
import type { FoundEntry, Tx } from '../../ports/store.ts';
import type { Bookkeeping } from '../flow.ts';
import { askRooms } from './record.ts';

/** What the record says of flagged mailboxes, and whether what is stored is just that. */

/** Null where the row is not what the record says, or what the record says cannot be read. */
export async function flagAsRecorded(tx: Tx, row: FlagRow): Promise<Flag | null> {
  const { id, incident } = row;
  return ifStored(flagIn(await tx.ledger.find({ incident, types: FLAG_ENTRIES, detail: ['flag', id] }), id), row);
}

/** All that the record knows under this incident, or under none; null for one that it does not tell from its beginning. */
async function recordedFlags(tx: Tx, incident: string | null): Promise<ReadonlyMap<string, Flag | null>> {
  const found = await tx.ledger.find({ incident, types: FLAG_ENTRIES });
  const ids = new Set(found.flatMap(({ entry }) => entry?.detail.flag ?? []));
  return new Map([...ids].map((id) => [id, flagIn(found, id)]));
}

/** An entry that cannot be read may be of any of them. */
function flagIn(found: readonly FoundEntry<FlagEntry['type']>[], id: string): Flag | null {
  if (found.some(({ entry }) => entry === null)) return null;
  return flagFrom(found.flatMap(({ entry }) => (entry?.detail.flag === id ? [entry] : [])));
}

/** When somebody is told next is for the row alone to say: nothing is decided by it. */
function ifStored(flag: Flag | null, row: FlagRow): Flag | null {
  const isSame =
    flag !== null &&
    flag.mailbox === row.mailbox &&
    flag.address === row.address &&
    flag.state === row.state &&
    (flag.owner?.person ?? null) === row.owner &&
    flag.dueAt === row.dueAt;
  return isSame ? flag : null;
}

/** The card of its mail counts its flags: drawn anew, which is asked for once the record is written. One that was raised by hand is on none. */
export async function flagChanged(flow: Bookkeeping, tx: Tx, incident: string | null): Promise<void> {
  if (incident === null) return;
  await tx.cards.redraw(incident);
  await askRooms(flow, tx);
}

/** Of these rows of one incident those that are what the record says; null for one that is not. */
export async function flagsAsRecorded(
  tx: Tx,
  incident: string | null,
  rows: readonly FlagRow[],
): Promise<readonly (Flag | null)[]> {
  const recorded = await recordedFlags(tx, incident);
  return rows.map((row) => ifStored(recorded.get(row.id) ?? null, row));
}

/** As the record has it, to be looked at again at once. */
function rowOf({ id, incident, mailbox, address, state, owner, dueAt, since }: Flag): FlagRow {
  return {
    ...{ id, incident, mailbox, address, state, dueAt, updatedAt: since },
    owner: owner?.person ?? null,
    nextAt: state === 'cleared' ? null : since,
  };
}

/** What is stored under an incident, or under none, and is not what the record says; and what is missing. For `audit verify`. */
export async function flagDifferences(tx: Tx, incident: string | null): Promise<string[]> {
  const recorded = await recordedFlags(tx, incident);
  const rows = new Map((await tx.flagged.ofIncident(incident)).map((row) => [row.id, row]));
  const lines: string[] = [];
  for (const [id, flag] of recorded) {
    const row = rows.get(id);
    if (flag === null) lines.push(`what the record says of flag ${id} cannot be read as a whole`);
    // What was cleared is let go of after a while.
    else if (!row && flag.state !== 'cleared') lines.push(`flag ${id} is not stored any more`);
    else if (row && !ifStored(flag, row)) lines.push(`flag ${id} is not what the record says of it: ${flag.state}`);
  }
  for (const id of rows.keys()) if (!recorded.has(id)) lines.push(`the record knows no flag ${id}`);
  return lines;
}

/** A database that was put back from a copy: rows as the record has them. */
export async function restoreFlags(tx: Tx, incident: string | null): Promise<void> {
  const rows = new Set((await tx.flagged.ofIncident(incident)).map(({ id }) => id));
  for (const flag of (await recordedFlags(tx, incident)).values())
    if (flag && (rows.has(flag.id) || flag.state !== 'cleared')) await tx.flagged.put(rowOf(flag));
}
