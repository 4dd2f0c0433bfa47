import { fits, playbookNamed } from '../../core/ask/measure-terms.ts';
import { isOfIncident, type Wanted, wantedIn } from '../../core/find/measures-wanted.ts';
import { storable } from '../../core/text.ts';
import type { ChatUser, CommandCall, Reply } from '../../ports/desk.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { personOf, record } from '../record/record.ts';
import { said } from './decision.ts';
import { notePlace, type Standing } from './standing.ts';

/**
 * Somebody asks for measures about people of an incident. That is written down, and all that comes of it for now: who they are
 * and what may be done is looked up as work, and shown on a card that others decide on.
 */
export async function want(flow: Deciding, standing: Standing, { by }: CommandCall, words: string): Promise<Reply> {
  const read = wantedIn(storable(words), flow.policy().policy);
  if ('problem' in read) return said({ code: 'measures-not-understood', problem: read.problem });
  return flow.store.transact(async (tx) => {
    await notePlace(flow, tx, by.platform, standing);
    return listWanted(flow, tx, standing, by, read);
  });
}

/** The same, wherever they were asked for: whom an incident is no pretext for, and what the policy does not mean, is refused. */
export async function listWanted(
  flow: Deciding,
  tx: Tx,
  standing: Standing,
  by: ChatUser,
  read: Wanted,
): Promise<Reply> {
  const incident = await tx.incidents.get(read.incident);
  if (!incident) return said({ code: 'measures-no-incident', asked: read.incident });
  const playbook = read.playbook === null ? null : playbookNamed(flow.policy().policy, read.playbook);
  if (playbook && !fits(playbook, incident.alert))
    return said({ code: 'measures-not-understood', problem: { is: 'not-meant' } });
  const plan = incident.planDigest === null ? null : ((await tx.incidents.glance(incident.planDigest))?.plan ?? null);
  const stranger = read.addresses.find((address) => !isOfIncident(address, { alert: incident.alert, plan }));
  const about = { incident: incident.id, actor: personOf(standing), platform: by.platform };
  if (stranger !== undefined) {
    const detail = { list: null, verb: 'contain', roles: standing.roles };
    await record(flow, tx, [{ ...about, type: 'measures.refused', outcome: 'not-of-incident', detail }]);
    return said({ code: 'measures-stranger', incident: incident.id, address: stranger });
  }
  const list = `CM-${flow.hash.code()}`;
  await tx.measures.add({ id: list, incident: incident.id, at: flow.clock.now() });
  await record(flow, tx, [{ ...about, type: 'measures.wanted', detail: detailOf(list, read, standing) }]);
  await tx.jobs.send({ queue: 'measures', list });
  flow.observe({ what: 'press', verb: 'contain', result: 'taken' });
  return said({ code: 'measures-wanted', list, incident: incident.id });
}

function detailOf(list: string, { kinds, byHand, playbook, addresses, reason }: Wanted, { roles }: Standing) {
  return { list, kinds: [...kinds, ...byHand], playbook, addresses, reason, roles };
}
