import { flagTerms, maySeeFlags } from '../../core/ask/flags.ts';
import type { FlagPerson } from '../../core/flag/may.ts';
import { type FlagLine, type FlagList, type FlagWhich, flagLine, rowsFor } from '../../core/tell/flags.ts';
import type { Reply } from '../../ports/desk.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { flagAsRecorded } from '../record/flag.ts';
import type { Standing } from './standing.ts';

/** Flagged mailboxes as one person sees them, each as the record has it. */

/** More are counted, and not read. */
const MOST_OPEN = 300;
const MOST_CLEARED = 50;
/** So many of a list are held against the record: more than any place shows. */
const MOST_SHOWN = 25;
const MOST_BESIDE = 8;
/** So long what was cleared is shown. */
const CLEARED_MS = 30 * 86_400_000;

export async function listOfFlags(flow: Deciding, standing: Standing, which: FlagWhich): Promise<Reply> {
  const list = await flow.store.transact((tx) => flagsFor(flow, tx, standing, which));
  return { kind: 'flags', list };
}

/** For whoever may see them, where there are any; null for others. */
export async function flagsBeside(flow: Deciding, tx: Tx, standing: Standing): Promise<FlagList | null> {
  const may = maySeeFlags(flagTerms(flow.policy().policy), standing.roles);
  const list = may ? await flagsFor(flow, tx, standing, 'open', MOST_BESIDE) : null;
  return list && list.open > 0 ? list : null;
}

/** `who`: whose mailboxes and roles count; for the operator of the machine nobody's. `most`: so many are looked at. */
export async function flagsFor(
  flow: Deciding,
  tx: Tx,
  who: FlagPerson & { readonly name: string },
  which: FlagWhich,
  most = MOST_SHOWN,
): Promise<FlagList> {
  const now = flow.clock.now();
  const terms = flagTerms(flow.policy().policy);
  const open = await tx.flagged.open(MOST_OPEN);
  const since = new Date(Date.parse(now) - CLEARED_MS).toISOString();
  const cleared = which === 'cleared' ? await tx.flagged.clearedSince(since, MOST_CLEARED) : [];
  const { rows, ...counts } = rowsFor([...open.rows, ...cleared], which, who, now);
  const lines: FlagLine[] = [];
  const differ: string[] = [];
  for (const row of rows.slice(0, most)) {
    const flag = await flagAsRecorded(tx, row);
    if (flag) lines.push(flagLine(flag, who, terms, now));
    else differ.push(row.id);
  }
  const unread = which === 'cleared' ? 0 : open.total - open.rows.length;
  const unlooked = rows.length - lines.length - differ.length + unread;
  return { ...{ tenantName: flow.tenant.name, at: now, who: who.name, which }, ...counts, lines, differ, unlooked };
}
