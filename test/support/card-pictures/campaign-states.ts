import type { WaveFacts } from '../../../src/core/record/campaign.ts';
import type { CardView } from '../../../src/core/tell/card.ts';
import { present } from '../../../src/core/tell/present.ts';
import { DIGEST, planOf, runOf } from './parts.ts';
import { factsOf } from './states.ts';

/** A mail and others of the same attack on its card, and one of them on a card of its own. */
export function campaignStates(): { name: string; view: CardView }[] {
  const wave = (n: number, one: Parameters<typeof factsOf>[0]): WaveFacts => {
    const { incident, plan } = factsOf({ ...one, message: { subject: `Your password expires today (${n})` } });
    return { incident: { ...incident, id: `CB-7F3K3${n}`, campaign: 'CB-7F3K2M' }, plan };
  };
  const waits = wave(1, { stands: 'open', plan: planOf(3, 3) });
  const looking = wave(2, { stands: 'received', plan: null });
  const gone = wave(3, { stands: 'purged', runs: [runOf('purge', { removed: 5 })], plan: planOf(5, 5) });
  const many = Array.from({ length: 12 }, (_none, n) => wave(n + 10, { stands: 'open', plan: planOf(1, 1) }));
  const lead = factsOf({ stands: 'open' });
  const campaign = (waves: readonly WaveFacts[]) => ({ waves, digest: DIGEST, followed: null });
  const own = factsOf({ stands: 'open', incident: { campaign: 'CB-7F3K2M' } });
  const followed = { waves: [], digest: '', followed: { older: 'CB-7F3K2M', because: 'worse' } };
  return [
    { name: 'campaign', view: present({ ...lead, campaign: campaign([waits, looking, gone]) }) },
    { name: 'campaign-of-many', view: present({ ...lead, campaign: campaign(many) }) },
    { name: 'campaign-wave', view: present(own) },
    { name: 'campaign-followed', view: present({ ...lead, campaign: followed }) },
  ];
}
