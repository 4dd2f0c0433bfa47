import type { SealedPlan } from '../../core/find/manifest.ts';
import { type Copy, grownBy, type Plan } from '../../core/find/plan.ts';
import { AT_FIRST, type Incident } from '../../core/incident/incident.ts';
import type { Held } from '../../ports/held.ts';
import type { Tx } from '../../ports/store.ts';
import { containAtOnce, mayContain } from '../decide/start.ts';
import type { Finding } from '../flow.ts';
import { openCardsOfChild } from '../record/cards.ts';
import { heardDigest } from '../record/heard.ts';
import { heldBrake } from '../record/held.ts';
import { type Lists, listsAround } from '../record/lists.ts';
import { announce, askForCards, record } from '../record/record.ts';
import { childKey, factsOf } from '../tell/facts.ts';
import { askForEvidence } from './evidence.ts';
import { openWith } from './open-with.ts';
import { askForPeople } from './people.ts';
import { type Planned, planFor, planNote } from './planning.ts';
import { sealPlan } from './seal-plan.ts';

/** Copies that no list holds get an incident of their own, with a list and an approval of its own. */

export interface Growth {
  readonly child: Incident;
  readonly plan: Plan;
  readonly sealed: SealedPlan;
  readonly finderRequest: string | null;
  readonly findings: Planned['findings'];
}

/** Copies that were found and are in no list. */
export function unlisted({ all }: Lists, found: readonly Copy[]): readonly Copy[] {
  return all.reduce((copies, list) => grownBy(list, copies), found);
}

/** What would be asked for them; null for none, and in a dry run. Throws as `planFor` does. */
export async function growthOf(
  flow: Finding,
  incident: Incident,
  lists: Lists,
  planned: Planned,
  copies: readonly Copy[],
): Promise<Growth | null> {
  if (copies.length === 0 || lists.own.mode !== 'live') return null;
  const child = newChild(flow, incident, lists);
  const plan = await planFor(flow, child, planned, { plan: lists.own, digest: lists.digest, copies });
  return {
    child,
    plan,
    sealed: await sealPlan(flow, plan),
    finderRequest: planned.survey.finderRequest,
    findings: planned.findings,
  };
}

/** Under the lock of the incident: whether nobody else has asked for one of these copies meanwhile. */
export async function isStillNew(tx: Tx, incident: Incident, { digest }: Lists, growth: Growth): Promise<boolean> {
  const now = await listsAround(tx, incident, digest);
  return now !== null && unlisted(now, growth.plan.copies).length === growth.plan.copies.length;
}

/**
 * `contains`: where the policy has a rule that acts first, it may act on these too, unless
 * people do not want that.
 */
export async function openChild(
  flow: Finding,
  tx: Tx,
  incident: Held<Incident>,
  lists: Lists,
  growth: Growth,
  how: { readonly run: string | null; readonly contains: boolean },
): Promise<void> {
  const { child, plan, sealed, finderRequest, findings } = growth;
  const { digest } = sealed;
  const brake = how.contains ? await heldBrake(tx) : null;
  const { created } = await tx.incidents.createOrRepeat(child);
  if (!created) return;
  const heard = await heardDigest(flow, tx, child.id);
  const lead = await campaignGrown(flow, tx, incident);
  if (lead !== null) await tx.campaigns.tie(child.id, lead);
  await openCardsOfChild(flow, tx, child.id, incident.id, lead);
  await record(flow, tx, [
    {
      type: 'plan.grown',
      incident: incident.id,
      planDigest: lists.digest,
      detail: { run: how.run, copies: plan.copies.length, child: child.id, childDigest: digest, childHeard: heard },
    },
    ...(lead === null
      ? []
      : [{ type: 'campaign.joined' as const, incident: child.id, detail: { lead, by: 'growth', marks: [] } }]),
    planNote(plan, digest, finderRequest),
  ]);
  await openWith(flow, tx, child, plan, sealed);
  await askForPeople(flow, tx, { incident: child.id, list: digest });
  await askForEvidence(flow, tx, plan, digest, findings);
  await announce(flow, tx, incident.id);
  await askForCards(flow, tx, child.id);
  const facts = brake && !brake.stopped && mayContain(child, plan) ? await factsOf(flow, tx, child.id) : null;
  if (facts && brake) await containAtOnce(flow, tx, facts, brake);
}

/** Late copies of a wave are another wave, and so are those of a mail that others are shown with. */
async function campaignGrown(flow: Finding, tx: Tx, { id, campaign }: Incident): Promise<string | null> {
  if (!flow.campaigns) return null;
  if (campaign !== null) return campaign;
  return (await tx.campaigns.waves(id)).length > 0 ? id : null;
}

function newChild(flow: Finding, incident: Incident, { digest, children }: Lists): Incident {
  const at = flow.clock.now();
  return {
    ...incident,
    ...AT_FIRST,
    id: flow.clock.incidentId(),
    dedupeKey: childKey(incident.id, digest, children.length),
    parent: incident.id,
    createdAt: at,
    updatedAt: at,
  };
}
