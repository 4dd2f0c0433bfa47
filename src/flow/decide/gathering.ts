import type { Press, Reply } from '../../ports/desk.ts';
import type { Deciding } from '../flow.ts';
import { said } from './decision.ts';

/**
 * Brings the card of one incident out of the message that gathers many. Nothing is decided by that, and it only shows
 * what would stand in the channel anyway, so nobody is asked who they are. Null when this is no such press: it is judged
 * like any other then.
 */
export async function openCard(flow: Deciding, { verb, incident, card: place, by }: Press): Promise<Reply | null> {
  if (verb !== 'open' || incident.includes('\0')) return null;
  return flow.store.transact(async (tx) => {
    const card = (await tx.cards.of(incident)).find(({ platform }) => platform === by.platform);
    if (!card?.gathered) return null;
    const gathering = (await tx.cards.of(card.gathered)).find(({ platform }) => platform === by.platform);
    if (gathering?.ref?.channel !== place.channel || gathering.ref.message !== place.message) return null;
    if (card.ref) return said({ code: 'card-is-here', incident });
    await tx.cards.touch(incident, true);
    await tx.jobs.send({ queue: 'deliver', incident, platform: by.platform });
    return said({ code: 'card-comes', incident });
  });
}
