import { isUndo } from '../../core/action/action.ts';
import { isAction } from '../../core/ask/ask.ts';
import type { Vote } from '../../core/ask/tally.ts';
import type { Retracted } from '../../core/find/alert.ts';
import { advance, type Incident, type Situation, situationOf } from '../../core/incident/incident.ts';
import type { Held } from '../../ports/held.ts';
import type { Tx } from '../../ports/store.ts';
import { withdraw } from '../decide/again.ts';
import { spendWords } from '../decide/close.ts';
import type { Deciding } from '../flow.ts';
import { childrenOf } from '../record/lists.ts';
import { announce, type Note, record } from '../record/record.ts';
import { NOT_WAITING } from '../record/wait.ts';

/**
 * A source takes back what it said of a mail. What people said before, they said without knowing it: they are asked anew, with
 * a new list. What is removed already stays removed until people decide; the card offers the undo. Of what other sources said
 * nothing is taken back.
 */

/** A removal is being asked for, or its confirmation is. */
const ASKED: ReadonlySet<Situation> = new Set(['open', 'flagged', 'contained']);

/** Of one list: whose words do not count any more. */
interface Void {
  readonly incident: Held<Incident>;
  readonly votes: readonly Vote[];
}

/** Its own list, and those that grew out of it in which somebody has approved. */
export interface Voided {
  readonly own: Void;
  readonly grown: readonly Void[];
}

/** Before anything is written down: whoever is held is held before the record. Null where nothing can be asked any more. */
export async function heldForTakingBack(tx: Tx, id: string): Promise<Voided | null> {
  const own = await voidIn(tx, id);
  if (!own) return null;
  const grown: Void[] = [];
  for (const child of await childrenOf(tx, id)) {
    const one = await voidIn(tx, child);
    if (one && one.votes.length > 0) grown.push(one);
  }
  return { own, grown };
}

/** In the transaction that takes the alert in. */
export async function takeBack(
  flow: Deciding,
  tx: Tx,
  { own, grown }: Voided,
  { source, says, at }: Retracted,
): Promise<void> {
  for (const { incident, votes } of [own, ...grown])
    await record(flow, tx, [
      {
        type: 'word.taken-back',
        incident: incident.id,
        planDigest: incident.planDigest,
        detail: { source, says, at, votes: votes.length },
      },
      ...(await withdrawn(tx, incident.id, votes)),
    ]);
  for (const { incident } of grown) await announce(flow, tx, incident.id);
  await askAnew(flow, tx, own, source);
}

async function voidIn(tx: Tx, id: string): Promise<Void | null> {
  const incident = await tx.incidents.lock(id);
  if (!incident || incident.breach !== null) return null;
  if (!ASKED.has(situationOf(incident))) return { incident, votes: [] };
  const said = await tx.decisions.list(id);
  const votes = said.filter(
    ({ action, planDigest }) => isAction(action) && !isUndo(action) && planDigest === (incident.planDigest ?? ''),
  );
  return { incident, votes };
}

const withdrawn = (tx: Tx, id: string, votes: readonly Vote[]): Promise<readonly Note[]> =>
  withdraw(
    tx,
    id,
    votes.map((vote) => ({ vote, why: 'taken-back' as const })),
  );

/** Where somebody had approved already and nothing is done yet: a new list, a new deadline, and whoever is on call. */
async function askAnew(flow: Deciding, tx: Tx, { incident, votes }: Void, source: string): Promise<void> {
  const state = votes.length > 0 ? advance(situationOf(incident), 'reopened') : null;
  if (!state) return announce(flow, tx, incident.id);
  const spent = await spendWords(tx, incident);
  const why = `${source} took back what it had said of the mail`;
  await record(flow, tx, [
    ...spent,
    {
      type: 'incident.reopened',
      incident: incident.id,
      planDigest: incident.planDigest,
      detail: { seats: [], approvedBy: [], why },
    },
  ]);
  await announce(flow, tx, incident.id, { state, closedBy: null, reason: null, ...NOT_WAITING });
  await tx.jobs.send({ queue: 'scope', incident: incident.id });
}
