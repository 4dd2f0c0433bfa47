import type { UnsureGroup } from '../../core/find/plan.ts';
import { advance, situationOf } from '../../core/incident/incident.ts';
import type { Reply } from '../../ports/desk.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { heardDigest } from '../record/heard.ts';
import { announce, personOf, record } from '../record/record.ts';
import { NOT_WAITING } from '../record/wait.ts';
import { idsOf, spendWords } from './close.ts';
import { type Agreed, type Ready, said } from './decision.ts';

/** Which group a press means: the digest pins the plan, and the number the group in it. Null for none. */
export function groupOf({ press, plan }: Pick<Ready, 'press' | 'plan'>): UnsureGroup | null {
  return plan?.unsure[press.page] ?? null;
}

/**
 * People say that mails which agree only in part are this mail. They are looked for as copies from now on: a new list, with a
 * digest of its own, that needs approvals of its own.
 */
export async function takeIn(flow: Deciding, tx: Tx, agreed: Agreed): Promise<Reply> {
  const { press, facts, standing, people, seats, notes } = agreed;
  const { incident, plan } = facts;
  const group = groupOf({ press, plan });
  const state = advance(situationOf(incident), 'reopened');
  if (!plan || !group || !state) throw new Error(`nothing can be taken in while it is ${situationOf(incident)}`);
  const spent = await spendWords(tx, incident);
  const takenIn = [...new Set([...plan.takenIn, ...incident.takenIn, group.key])];
  await announce(flow, tx, incident.id, { state, takenIn, closedBy: null, reason: null, ...NOT_WAITING });
  const heard = await heardDigest(flow, tx, incident.id);
  await record(flow, tx, [
    ...notes,
    ...spent,
    {
      type: 'group.taken-in',
      incident: incident.id,
      actor: personOf(standing),
      platform: press.by.platform,
      planDigest: incident.planDigest,
      detail: {
        group: group.key,
        differences: group.differences,
        messages: group.addresses.length,
        sender: group.sender,
        subject: group.subject,
        seats,
        approvedBy: idsOf(people),
        heard,
      },
    },
  ]);
  await tx.jobs.send({ queue: 'scope', incident: incident.id });
  return said({ code: 'taken-in', incident: incident.id, messages: group.addresses.length });
}
