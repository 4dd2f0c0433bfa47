import { type IncidentState, isClosed } from '../core/incident/incident.ts';
import type { Read } from '../core/record/codec.ts';
import { tellRead } from '../core/record/ledger-story.ts';
import type { EntryType } from '../core/record/payloads.ts';
import { PUT_BACK } from '../core/tell/breach.ts';
import { stop } from './decide/brake.ts';
import type { Bookkeeping } from './flow.ts';
import { restoreFlags } from './record/flag.ts';
import { mark } from './record/trust.ts';

/**
 * A database that was put back from a copy believes what was true when the copy was made. What people and runs have done
 * since is seen from entries of the record that were kept elsewhere, or it is not known: nothing is put right by guessing.
 */

/** Told of a case without changing it. */
const BESIDE: ReadonlySet<string> = new Set<EntryType>([
  'card.granted',
  'card.posted',
  'card.lost',
  'press.refused',
  'decision.reminded',
  'people.called',
  'people.uncalled',
  'people.looked',
  'incident.retired',
  'mailbox.read',
  'search.kept',
  'list.exported',
  'list.sent',
  'excerpt.asked',
  'excerpt.read',
  'inquiry.asked',
  'inquiry.about',
  'inquiry.allowed',
  'inquiry.refused',
  'inquiry.heard',
  'inquiry.answered',
  'inquiry.seen',
  'inquiry.filed',
  'measures.wanted',
  'measures.refused',
  'measures.reminded',
  'flag.raised',
  'flag.raised-again',
  'flag.taken',
  'flag.contained',
  'flag.looked',
  'flag.agreed',
  'flag.cleared',
  'flag.reopened',
  'flag.refused',
  'flag.called',
  'flag.told',
  'flag.reminded',
  'automation.listed',
  'automation.opened',
  'automation.refused',
  'report.taken',
  'report.refused',
  'ticket.issued',
  'ticket.signed-in',
  'ticket.refused',
  'stray',
  'request.refused',
  'loop.intended',
  'loop.told',
  'reporter.intended',
  'reporter.told',
  'campaign.marked',
  'campaign.followed',
]);

const IDS_AT_ONCE = 500;
const REASON = 'the database was put back from a copy: look at what is marked before you go on';

export interface Restored {
  /** Ids of the incidents that are marked from now on. */
  readonly marked: readonly string[];
  /** Incidents that entries kept elsewhere speak of, and the database does not hold. */
  readonly gone: readonly string[];
}

interface Told {
  readonly seq: number;
  readonly words: string;
  readonly endsRun: boolean;
}

/** By case, what entries tell of it that were kept elsewhere: how its last run ended, or else the last that was written. */
export type Since = Map<string, Told>;

/** There may be more entries than memory holds: what counts of each is taken over, oldest first. */
export function hear(since: Since, read: Read): void {
  if (read.is === 'changed') return;
  const { seq, incident, type } = read.is === 'read' ? read.entry : read.unread;
  if (incident === null || BESIDE.has(type)) return;
  const endsRun = type === 'run.finished';
  if (since.get(incident)?.endsRun === true && !endsRun) return;
  since.set(incident, { seq, words: tellRead(read), endsRun });
}

/**
 * Marks every case that may have gone on after the copy was made, and stops everything. `since`: what was kept elsewhere
 * from after `end`, the last entry of the copy. Call while no Clawback runs on this database.
 */
export async function afterRestore(flow: Bookkeeping, end: number, since: Since): Promise<Restored> {
  const marked: string[] = [];
  await stop(flow, { actor: OPERATOR, platform: 'operator', name: 'the operator' }, REASON);
  await flow.store.transact((tx) => restoreFlags(tx, null));
  const known = new Set<string>();
  for (let after = ''; ; ) {
    const ids = await flow.store.transact((tx) => tx.incidents.idsAfter(after, IDS_AT_ONCE));
    for (const id of ids) {
      const what = await flow.store.transact(async (tx) => {
        const incident = await tx.incidents.lock(id);
        if (!incident) return null;
        known.add(id);
        await restoreFlags(tx, id);
        const words = wordsFor(since.get(id), incident.state, end);
        if (words !== null) await mark(flow, tx, id, words);
        return words;
      });
      if (what !== null) marked.push(id);
    }
    const last = ids.at(-1);
    if (last === undefined) break;
    after = last;
  }
  return { marked, gone: [...since.keys()].filter((id) => !known.has(id)) };
}

const OPERATOR = { kind: 'service', id: 'operator', name: 'the operator' } as const;

/** Null for a closed case of which nothing more was told. What was kept elsewhere may end too early as well. */
function wordsFor(last: Told | undefined, state: IncidentState, end: number): string | null {
  if (last) return `${PUT_BACK}, which does not know entry ${last.seq} of the record: ${last.words}`;
  return isClosed(state) ? null : `${PUT_BACK}: what was done after entry ${end} of the record is not known`;
}
