import type { SealedPlan } from '../../core/find/manifest.ts';
import { isDelivered, type Plan } from '../../core/find/plan.ts';
import { advance, type Incident, situationOf } from '../../core/incident/incident.ts';
import type { Held } from '../../ports/held.ts';
import type { Tx } from '../../ports/store.ts';
import { containAtOnce, mayContain } from '../decide/start.ts';
import type { Finding } from '../flow.ts';
import { whileTold } from '../record/delayed.ts';
import { endReached } from '../record/ended.ts';
import { heldBrake } from '../record/held.ts';
import { type Note, record } from '../record/record.ts';
import { isTampered } from '../record/trust.ts';
import { factsOf } from '../tell/facts.ts';
import { placeByContent } from './campaign.ts';
import { askAhead, decidersFor } from './deciders.ts';
import { askForEvidence } from './evidence.ts';
import { type Findings, findingsOf } from './findings.ts';
import { keptSearch, Overtaken } from './kept-search.ts';
import { askForLooks, lookNow } from './look-times.ts';
import { askAbout, putDown } from './open-with.ts';
import { askForPeople } from './people.ts';
import { besideNotes, planFor, planNote } from './planning.ts';
import { planRelease } from './release.ts';
import { sealPlan } from './seal-plan.ts';
import { setsFor } from './sets-for.ts';
import { lookNote, mustKnowSomething, type Survey, survey, tellFinders } from './survey.ts';
import { fileAliases, joinTwin, newAliases } from './twins.ts';

/**
 * Which mailboxes did it reach? Looks, then makes the plan: the immutable list that people approve. Throws when the
 * tenant cannot be asked now, so that the job is tried again.
 */
export async function scope(flow: Finding, id: string): Promise<void> {
  const incident = await flow.store.transact(async (tx) => {
    const found = await tx.incidents.lock(id);
    return found?.state === 'received' && !(await isTampered(flow, tx, found)) ? found : null;
  });
  if (!incident) return;
  if (incident.alert.automation) return planRelease(flow, incident);
  const current = flow.policy();
  const deciders = decidersFor(flow, current.policy);
  askAhead(deciders, current.policy);
  const search = keptSearch(flow, id);
  const looked = await whileTold(flow, id, 'looking', async () => {
    const sets = await setsFor(flow, id, current.policy);
    const listed = listSeen(incident);
    const seen = await survey(flow, incident, { locate: search.locate, ...(listed ? { listed } : {}) });
    mustKnowSomething(seen);
    return { sets, seen };
  }).catch((error: unknown) => {
    if (error instanceof Overtaken) return null;
    throw error;
  });
  if (!looked) return;
  const { sets, seen } = looked;
  const findings = findingsOf(flow, seen, incident, sets);
  const plan = await planFor(flow, incident, { survey: seen, findings, sets, current, deciders });
  const sealed = await sealPlan(flow, plan);
  tellFinders(flow, plan.finders, isDelivered(plan));

  await flow.store.transact(async (tx) => {
    await tx.searches.drop(id, 'all');
    const now = await tx.incidents.lock(id);
    const state = now && advance(situationOf(now), 'plan-made');
    if (!state || (await isTampered(flow, tx, now))) return;
    const brake = mayContain(now, plan) ? await heldBrake(tx) : null;
    const looks = seen.lookups.filter((lookup) => !search.isNoted(lookup)).map((lookup) => lookNote(id, lookup));
    if (await joinTwin(flow, tx, now, findings, looks)) return;
    await becomesAsked(flow, tx, now, { plan, sealed, seen, findings, looks });
    const facts = brake && !brake.stopped ? await factsOf(flow, tx, id) : null;
    if (brake && facts) await containAtOnce(flow, tx, facts, brake);
  });
}

interface Made {
  readonly plan: Plan;
  readonly sealed: SealedPlan;
  readonly seen: Survey;
  readonly findings: Findings;
  /** Of mailboxes that were looked into, where that is not in the record yet. */
  readonly looks: readonly Note[];
}

/** Whatever holds nobody up comes before the record is held: everybody waits for that. */
async function becomesAsked(flow: Finding, tx: Tx, incident: Held<Incident>, made: Made): Promise<void> {
  const { plan, sealed, seen, findings, looks } = made;
  const { id } = incident;
  const { digest } = sealed;
  await putDown(flow, tx, incident, plan, sealed);
  const news = await newAliases(tx, incident, findings.aliases);
  const placed = await placeByContent(flow, tx, incident, clustersIn(seen));
  await askForEvidence(flow, tx, plan, digest, findings);
  await askForPeople(flow, tx, { incident: id, list: digest });
  await askForLooks(flow, tx, plan, digest, seen.finderWaitMs);
  // Nobody has seen those yet: they are asked for in a list of their own, and not only once it is late.
  if (seen.unlisted > 0) await lookNow(tx, { ...incident, planDigest: digest });
  const notes = [planNote(plan, digest, seen.finderRequest), ...besideNotes(findings, id, digest), ...placed.notes];
  await record(flow, tx, [...looks, ...notes]);
  await fileAliases(flow, tx, incident, news);
  if (placed.lead !== null) await tx.cards.hold(id, placed.lead);
  await askAbout(flow, tx, id, plan.vip > 0 || placed.lead !== null);
  if (findings.exercise?.whole) await endReached(flow, tx, id);
}

/** Of its deliveries, by what hunting calls the mails that it finds alike. */
function clustersIn({ identified }: Survey): readonly string[] {
  return [...new Set(identified.deliveries.flatMap(({ cluster }) => cluster ?? []))];
}

/** What somebody searched for, saw and made an incident of is what is asked about first: null where people want a new list. */
function listSeen({ alert, planDigest }: Incident): readonly string[] | null {
  return alert.frozen && planDigest === null ? alert.recipients.slice(0, alert.frozen.copies) : null;
}
