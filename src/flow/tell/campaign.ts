import { type CampaignFacts, followedIn, type WaveFacts } from '../../core/record/campaign.ts';
import { shownIn } from '../../core/tell/campaign-view.ts';
import type { FoundEntry, Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';

/** What is shown with an incident, and over which list a press for all of it speaks. */

type Digesting = { readonly hash: Pick<Flow['hash'], 'digest'> };

/** `entries`: what the record has of this incident. Nothing where it stands alone and follows none. */
export async function campaignOf(
  flow: Digesting,
  tx: Tx,
  own: WaveFacts,
  entries: readonly FoundEntry[],
): Promise<{ readonly campaign?: CampaignFacts }> {
  const followed = entries.flatMap(({ entry }) => (entry && followedIn(entry)) ?? []).at(-1) ?? null;
  const found = await tx.campaigns.waves(own.incident.id);
  if (found.length === 0) return followed ? { campaign: { waves: [], digest: '', followed } } : {};
  const plans = await tx.incidents.glances(found.flatMap(({ planDigest }) => planDigest ?? []));
  const waves = found.map((incident) => ({ incident, plan: plans.get(incident.planDigest ?? '')?.plan ?? null }));
  const campaign = { waves, digest: '', followed };
  return { campaign: { ...campaign, digest: digestOf(flow, shownIn({ ...own, campaign })) } };
}

/** Over the incidents and the list of each, whatever order they came in. */
export function digestOf(
  { hash }: Digesting,
  shown: readonly { readonly incident: string; readonly planDigest: string }[],
): string {
  return hash.digest(shown.map(({ incident, planDigest }) => [incident, planDigest]).toSorted());
}
