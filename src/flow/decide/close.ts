import { isAction } from '../../core/ask/ask.ts';
import { advance, type Incident, situationOf } from '../../core/incident/incident.ts';
import { storable } from '../../core/text.ts';
import type { Reply } from '../../ports/desk.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { endReached } from '../record/ended.ts';
import { announce, type Note, personOf, record } from '../record/record.ts';
import { NOT_WAITING } from '../record/wait.ts';
import { withdraw } from './again.ts';
import { type Agreed, said } from './decision.ts';

/** Not malicious, where nothing was removed: whatever was approved so far does not start any more. */
export async function reject(flow: Deciding, tx: Tx, agreed: Agreed): Promise<Reply> {
  const { press, facts, standing, people, seats, notes } = agreed;
  const { incident } = facts;
  const state = advance(situationOf(incident), 'rejected');
  if (!state) throw new Error(`what is ${situationOf(incident)} cannot be rejected`);
  const reason = wordsOf(press.reason ?? '');
  await record(flow, tx, [
    ...notes,
    {
      type: 'decision.rejected',
      incident: incident.id,
      actor: personOf(standing),
      platform: press.by.platform,
      planDigest: incident.planDigest,
      detail: { reason, roles: standing.roles, seats, approvedBy: idsOf(people) },
    },
  ]);
  const closedBy = people.map(({ name }) => name).join(', ');
  await announce(flow, tx, incident.id, { state, closedBy, reason, ...NOT_WAITING });
  await endReached(flow, tx, incident.id);
  return said({ code: 'rejected', incident: incident.id, touched: facts.runs.length > 0 });
}

export const idsOf = (people: Agreed['people']) => people.map(({ person }) => person);

const wordsOf = (reason: string) => storable(reason.trim());

/** A new list: what was approved, and what was said but not decided, is void. */
export async function reopen(flow: Deciding, tx: Tx, agreed: Agreed): Promise<Reply> {
  const { press, facts, standing, people, seats, notes } = agreed;
  const { incident } = facts;
  const state = advance(situationOf(incident), 'reopened');
  if (!state) throw new Error(`what is ${situationOf(incident)} cannot be looked for again`);
  const spent = await spendWords(tx, incident);
  await record(flow, tx, [
    ...notes,
    ...spent,
    {
      type: 'incident.reopened',
      incident: incident.id,
      actor: personOf(standing),
      platform: press.by.platform,
      planDigest: incident.planDigest,
      detail: { seats, approvedBy: idsOf(people), why: null },
    },
  ]);
  await announce(flow, tx, incident.id, { state, closedBy: null, reason: null, ...NOT_WAITING });
  await tx.jobs.send({ queue: 'scope', incident: incident.id });
  return said({ code: 'reopened', incident: incident.id });
}

/** The list stays the same until there is a new one: a word that was not enough before would count on it once more. */
export async function spendWords(tx: Tx, { id, planDigest }: Incident): Promise<readonly Note[]> {
  const said = await tx.decisions.list(id);
  const half = said.filter((vote) => !isAction(vote.action) && vote.planDigest === (planDigest ?? ''));
  return withdraw(
    tx,
    id,
    half.map((vote) => ({ vote, why: 'reopened' })),
  );
}
