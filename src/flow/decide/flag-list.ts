import { flagTerms, maySeeFlags } from '../../core/ask/flags.ts';
import type { FlagPerson } from '../../core/flag/may.ts';
import { type FlagList, type FlagWhich, linesFor } from '../../core/tell/flags.ts';
import type { Reply } from '../../ports/desk.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { flagsAsRecorded } from '../record/flag.ts';
import type { Standing } from './standing.ts';

/** Flagged mailboxes as one person sees them, each as the record has it. */

/** More are counted, and not looked at one by one. */
const MOST_OPEN = 300;
const MOST_CLEARED = 50;
/** So long what was cleared is shown. */
const CLEARED_MS = 30 * 86_400_000;

export async function listOfFlags(flow: Deciding, standing: Standing, which: FlagWhich): Promise<Reply> {
  const list = await flow.store.transact((tx) => flagsFor(flow, tx, standing, which));
  return { kind: 'flags', list };
}

/** For whoever may see them, where there are any; null for others. */
export async function flagsBeside(flow: Deciding, tx: Tx, standing: Standing): Promise<FlagList | null> {
  const may = maySeeFlags(flagTerms(flow.policy().policy), standing.roles);
  const list = may ? await flagsFor(flow, tx, standing, 'open') : null;
  return list && list.open + list.differ.length > 0 ? list : null;
}

/** `who`: whose mailboxes and roles count; for the operator of the machine nobody's. */
export async function flagsFor(
  flow: Deciding,
  tx: Tx,
  who: FlagPerson & { readonly name: string },
  which: FlagWhich,
): Promise<FlagList> {
  const now = flow.clock.now();
  const open = await tx.flagged.open(MOST_OPEN);
  const since = new Date(Date.parse(now) - CLEARED_MS).toISOString();
  const cleared = which === 'cleared' ? await tx.flagged.clearedSince(since, MOST_CLEARED) : [];
  const flags = await flagsAsRecorded(tx, [...open.rows, ...cleared]);
  const whole = [...flags.values()].filter((flag) => flag !== null);
  return {
    ...{ tenantName: flow.tenant.name, at: now, who: who.name },
    ...linesFor(whole, which, who, { terms: flagTerms(flow.policy().policy), now }),
    differ: [...flags].flatMap(([id, flag]) => (flag === null ? [id] : [])),
    unlooked: open.total - open.rows.length,
  };
}
