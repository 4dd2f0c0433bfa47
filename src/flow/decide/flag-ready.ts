import { flagTerms } from '../../core/ask/flags.ts';
import type { Flag } from '../../core/flag/flag.ts';
import { whyNot } from '../../core/flag/may.ts';
import type { Answer } from '../../core/tell/answer.ts';
import { storable } from '../../core/text.ts';
import type { FlagCall, Reply } from '../../ports/desk.ts';
import type { FlagRow } from '../../ports/flags.ts';
import type { Held } from '../../ports/held.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { flagAsRecorded } from '../record/flag.ts';
import { personOf, record } from '../record/record.ts';
import { said } from './decision.ts';
import type { Standing } from './standing.ts';

/** Whether a press on a flagged mailbox may have an effect. */

export type FlagDo = Extract<FlagCall['asks'], { readonly is: 'do' }>;

export type Ready = { readonly flag: Flag; readonly row: Held<FlagRow> } | { readonly reply: Reply };

/** What is there, if it is what the record says, what was shown, and theirs to decide; refusals are written down. */
export async function readyFlag(
  flow: Deciding,
  tx: Tx,
  standing: Standing,
  call: FlagCall,
  { flag: typed, verb, seen }: FlagDo,
): Promise<Ready> {
  const id = flagIdIn(typed);
  const row = await tx.flagged.lock(id);
  const flag = row && (await flagAsRecorded(tx, row));
  const no = async (outcome: string, answer: Answer): Promise<Ready> => {
    const about = { incident: row?.incident ?? null, actor: personOf(standing), platform: call.by.platform, outcome };
    flow.observe({ what: 'press', verb: `flag ${verb}`, result: outcome });
    await record(flow, tx, [{ ...about, type: 'flag.refused', detail: { flag: id, verb, roles: standing.roles } }]);
    return { reply: said(answer) };
  };
  if (!row) return no('flag-not-known', { code: 'flag-not-known', asked: id });
  if (!flag) return no('flag-differs', { code: 'flag-differs', flag: id });
  const why = whyNot(verb, flag, standing, flagTerms(flow.policy().policy));
  // Whose mailbox it is, and what a role is for, does not change: it is said before anything is said of the flag.
  if (why === 'own-mailbox' || why === 'no-role') return no(why, { code: 'flag-refused', flag: id, why });
  if (flag.version !== seen) return no('flag-changed', { code: 'flag-changed', flag: id });
  return why === null ? { flag, row } : no(why, { code: 'flag-refused', flag: id, why });
}

/** An id as somebody typed it. */
const flagIdIn = (typed: string): string => storable(typed).trim().toUpperCase().slice(0, 40);
