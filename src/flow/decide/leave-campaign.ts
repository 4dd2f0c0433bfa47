import { verbSeats } from '../../core/ask/policy.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { announce, personOf, record } from '../record/record.ts';
import { type Decided, type Ready, said } from './decision.ts';

/**
 * A person takes a wave out of its campaign: it is shown by itself from then on, and is never put back. Nothing is decided by
 * that; whoever may call a mail not malicious may say that it is another one.
 */
export async function leaveCampaign(
  flow: Deciding,
  tx: Tx,
  { press, incident, standing, policy }: Ready,
): Promise<Decided> {
  const lead = incident.campaign;
  if (lead === null) return { refusal: { code: 'not-shown' } };
  const seats = verbSeats(policy, 'reject');
  if (!seats.some(({ role }) => standing.roles.includes(role))) return { refusal: { code: 'not-asked', seats } };
  await tx.campaigns.tie(incident.id, null);
  await record(flow, tx, [
    {
      type: 'campaign.left',
      incident: incident.id,
      actor: personOf(standing),
      platform: press.by.platform,
      planDigest: incident.planDigest,
      detail: { lead },
    },
  ]);
  await tx.cards.release(incident.id);
  await announce(flow, tx, incident.id);
  return said({ code: 'campaign-left', incident: incident.id, lead });
}
