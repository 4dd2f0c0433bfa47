import { type SealedPlan, sealPlan } from '../../core/find/manifest.ts';
import { isDelivered, type Plan } from '../../core/find/plan.ts';
import { advance, situationOf, stateOf } from '../../core/incident/incident.ts';
import type { Tx } from '../../ports/store.ts';
import { containAtOnce } from '../decide/start.ts';
import type { Finding } from '../flow.ts';
import { whileTold } from '../record/delayed.ts';
import { heldBrake } from '../record/held.ts';
import { announce, record } from '../record/record.ts';
import { isTampered } from '../record/trust.ts';
import { waitFor } from '../record/wait.ts';
import { factsOf } from '../tell/facts.ts';
import { askForLooks } from './look-times.ts';
import { planFor, planNote } from './planning.ts';
import { setsFor } from './sets-for.ts';
import { findingsOf, lookNote, mustKnowSomething, survey, tellFinders } from './survey.ts';
import { fileAliases, joinTwin } from './twins.ts';

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
  const current = flow.policy();
  const { sets, seen } = await whileTold(flow, id, 'looking', async () => {
    const sets = await setsFor(flow, id, current.policy);
    const seen = await survey(flow, incident);
    mustKnowSomething(seen);
    return { sets, seen };
  });
  const findings = findingsOf(flow, seen, incident, sets);
  const plan = await planFor(flow, incident, { survey: seen, findings, sets, current });
  const sealed = sealPlan(plan, flow.hash);
  const { digest } = sealed;
  tellFinders(flow, plan.finders, isDelivered(plan));

  await flow.store.transact(async (tx) => {
    const now = await tx.incidents.lock(id);
    const state = now && advance(situationOf(now), 'plan-made');
    if (!state || (await isTampered(flow, tx, now))) return;
    const brake = await heldBrake(tx);
    const looks = seen.lookups.map((lookup) => lookNote(id, lookup));
    if (await joinTwin(flow, tx, now, brake, findings, looks)) return;
    await record(flow, tx, [...looks, planNote(plan, digest, seen.finderRequest)]);
    await fileAliases(flow, tx, now, findings.aliases);
    await openWith(flow, tx, id, plan, sealed);
    await askForLooks(flow, tx, plan, digest, seen.finderWaitMs);
    const facts = await factsOf(flow, tx, id);
    if (facts && !brake.stopped) await containAtOnce(flow, tx, facts, brake);
  });
}

/** The plan becomes what is being asked. */
export async function openWith(flow: Finding, tx: Tx, id: string, plan: Plan, sealed: SealedPlan): Promise<void> {
  await tx.incidents.savePlan(sealed);
  const waiting = await waitFor(flow, tx, { id, situation: 'open', plan });
  await announce(flow, tx, id, { state: stateOf('open'), planDigest: sealed.digest, ...waiting });
}
