import { canTakeIn } from '../core/case.ts';
import { advance } from '../core/incident.ts';
import { count } from '../core/text.ts';
import type { Tx } from '../ports/store.ts';
import { said } from './approve.ts';
import type { Decided, Ready } from './decide.ts';
import { factsOf } from './facts.ts';
import type { Flow } from './flow.ts';
import { announce, personOf, record } from './record.ts';
import { NOT_WAITING } from './wait.ts';

/**
 * A person says that mails which agree only in part are this mail. They are looked for as copies from now on: a new list,
 * with a digest of its own, that needs approvals of its own. Which group is meant is pinned by the digest of the press.
 */
export async function takeIn(flow: Flow, tx: Tx, { press, incident, plan, standing }: Ready): Promise<Decided> {
  const facts = await factsOf(flow, tx, incident.id);
  const group = plan?.unsure[press.page];
  const state = advance(incident.state, 'reopened');
  if (!facts || !plan || !group || !state || !canTakeIn(facts))
    return { refusal: { code: 'too-late', state: incident.state } };
  await record(flow, tx, [
    {
      type: 'group.taken-in',
      incident: incident.id,
      actor: personOf(standing),
      platform: press.by.platform,
      planDigest: incident.planDigest,
      detail: {
        group: group.key,
        differences: group.differences.join(' '),
        messages: group.addresses.length,
        sender: group.sender,
        subject: group.subject,
      },
    },
  ]);
  const takenIn = [...new Set([...plan.takenIn, ...incident.takenIn, group.key])];
  await announce(flow, tx, incident.id, { state, takenIn, closedBy: null, reason: null, ...NOT_WAITING });
  await tx.jobs.send({ queue: 'scope', incident: incident.id });
  const amount = count(group.addresses.length, 'message');
  return said(`Taken in: ${amount} more in ${incident.id}. Looking again; the new list needs new approvals.`);
}
