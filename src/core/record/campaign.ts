import type { Plan } from '../find/plan.ts';
import type { Incident } from '../incident/incident.ts';
import { ofType, type Recorded } from './ledger.ts';

/** Which campaign an incident is shown with, as the record has it. */

/** The first incident of it; null for none. */
function campaignIn(entries: readonly Recorded[]): string | null {
  const last = entries.filter(ofType('campaign.joined', 'campaign.left')).at(-1);
  return last?.type === 'campaign.joined' ? last.detail.lead : null;
}

/** Whoever writes it into a row would have votes on another card count for it. */
export function campaignBreach(
  { campaign }: { readonly campaign: string | null },
  entries: readonly Recorded[],
): string | null {
  return campaign === campaignIn(entries) ? null : 'the campaign that it is shown with differs from the record';
}

/** The campaign whose marks it has without being a wave of it. */
export interface Followed {
  readonly older: string;
  readonly because: string;
}

export function followedIn(entry: Recorded): Followed | null {
  return entry.type === 'campaign.followed' ? entry.detail : null;
}

export interface WaveFacts {
  readonly incident: Incident;
  readonly plan: Plan | null;
}

export interface CampaignFacts {
  /** Without the first incident, whose card it is; oldest first. */
  readonly waves: readonly WaveFacts[];
  /** Over what the card shows of all of them, each with its list. */
  readonly digest: string;
  /** The campaign whose marks this incident has; null for none. */
  readonly followed: Followed | null;
}
