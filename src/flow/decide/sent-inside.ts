import { maySearch } from '../../core/ask/reads.ts';
import { ClawbackError } from '../../core/error.ts';
import { isOfIncident, type SentInside, sentInsideIn } from '../../core/find/measures-wanted.ts';
import type { Plan } from '../../core/find/plan.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { instantOf } from '../../core/instant.ts';
import { storable } from '../../core/text.ts';
import type { CommandCall, Reply } from '../../ports/desk.ts';
import type { Deciding } from '../flow.ts';
import { personOf, record } from '../record/record.ts';
import { said } from './decision.ts';
import { search } from './search.ts';
import { ask, refuse } from './search-begun.ts';
import { notePlace, type Standing } from './standing.ts';

/**
 * Mail that a taken account sent to people inside. It is looked for as any other mail that nobody has reported: by whoever may
 * search, with a reason, and a second person where the policy wants one. Each mail that is found becomes an incident of its own,
 * of just the copies that were seen, and is taken out, looked at and put back as any other.
 */

const DAY_MS = 86_400_000;
/** As long as hunting remembers. */
const MOST_DAYS = 30;

/** Null where something else is asked for. */
export async function sentInside(
  flow: Deciding,
  standing: Standing,
  { by, channel }: CommandCall,
  words: string,
): Promise<Reply | null> {
  const read = sentInsideIn(storable(words));
  if (read === null) return null;
  if (!maySearch(flow.policy().policy, standing.roles))
    return refuse(flow, standing, { by, channel, asks: { is: 'form' } }, 'may-not-search');
  if ('problem' in read) return said({ code: 'measures-not-understood', problem: read.problem });
  const found = await about(flow, standing, by.platform, read);
  if ('kind' in found) return found;
  const isInside = await isOnePerson(flow, read.address);
  if (isInside === null) return said({ code: 'asker-unchecked' });
  if (!isInside) return said({ code: 'measures-not-inside', address: read.address });
  const begun = await ask(flow, {
    criteria: { ...NOTHING_ELSE, sender: read.address, days: daysOf(flow, read, found), inside: true },
    reason: read.reason,
    person: standing.person,
    actor: personOf(standing),
    platform: by.platform,
    roles: standing.roles,
    about: { incident: found.incident.id, address: read.address },
  });
  if ('most' in begun) return said({ code: 'search-too-many', most: begun.most });
  if (begun.second !== null) return said({ code: 'search-waits', search: begun.id, role: begun.second });
  return search(flow, standing, { by, channel, asks: { is: 'show', search: begun.id } });
}

const NOTHING_ELSE = { messageId: null, subject: null, urlHost: null, attachment: null } as const;

interface About {
  readonly incident: Incident;
  readonly plan: Plan | null;
}

/** An incident is no pretext for what is looked for of anybody else. */
function about(
  flow: Deciding,
  standing: Standing,
  platform: string,
  { incident: id, address }: SentInside,
): Promise<About | Reply> {
  return flow.store.transact(async (tx): Promise<About | Reply> => {
    await notePlace(flow, tx, platform, standing);
    const incident = await tx.incidents.get(id);
    if (!incident) return said({ code: 'measures-no-incident', asked: id });
    const plan = incident.planDigest === null ? null : await tx.incidents.plan(incident.planDigest);
    if (isOfIncident(address, { alert: incident.alert, plan })) return { incident, plan };
    const detail = { list: null, verb: 'contain', roles: standing.roles };
    const from = { incident: incident.id, actor: personOf(standing), platform };
    await record(flow, tx, [{ ...from, type: 'measures.refused', outcome: 'not-of-incident', detail }]);
    return said({ code: 'measures-stranger', incident: incident.id, address });
  });
}

/** Whose address it is: mail is sent inside by accounts of the tenant alone. Null: the directory gives no answer now. */
async function isOnePerson({ directory }: Deciding, address: string): Promise<boolean | null> {
  try {
    return (await directory.byAddress(address)).length === 1;
  } catch (error) {
    if (error instanceof ClawbackError && error.code === 'unavailable') return null;
    throw error;
  }
}

/** From a day before the mail of the incident came: who has an account in their hands may have had it before. */
function daysOf({ clock }: Deciding, { days }: SentInside, { incident, plan }: About): number {
  if (days !== null) return days;
  const came = [incident.createdAt, ...(plan?.copies ?? []).flatMap(({ receivedAt }) => receivedAt ?? [])];
  const [first = Date.parse(clock.now())] = came
    .map(instantOf)
    .filter((at) => !Number.isNaN(at))
    .toSorted((a, b) => a - b);
  const past = Math.ceil((Date.parse(clock.now()) - first) / DAY_MS) + 1;
  return Math.min(MOST_DAYS, Math.max(1, past));
}
