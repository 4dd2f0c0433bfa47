import { sameAddress } from '../address.ts';
import { inert } from '../text.ts';
import { domainOfAddress } from './domain.ts';
import { type Signal, seen } from './finding.ts';
import { standingOf, strangerIn } from './stranger.ts';

/** Names are shorter. */
const LONGEST = 256;

/**
 * The display name holds an address of ours, which many mail programs show in the place of the real one. Our own, beside the remark on any
 * address in a name (`find/suspicion.ts`). Lists and services that write in a colleague's name do it as well.
 */
export const addressInName: Signal = {
  most: 'medium',
  look(facts) {
    const stranger = strangerIn(facts);
    if (stranger === null || stranger.name === null) return null;
    const shown = stranger.name
      .slice(0, LONGEST)
      .split(/[\s<>"'(),;:]+/)
      .find((word) => {
        const domain = domainOfAddress(word);
        return domain !== null && stranger.own.value.has(domain) && !sameAddress(word, stranger.address);
      });
    if (shown === undefined) return null;
    const { standing, on } = standingOf(facts, stranger);
    if (standing === 'established') return null;
    return seen({
      strength: standing === 'new' ? 'medium' : 8,
      sentence: `The name shows ${inert(shown, 80)}, which is yours, but the sender is ${inert(stranger.address, 80)}.`,
      on: [stranger.from, stranger.own, ...on],
      row: { name: stranger.name, address: stranger.address, standing },
    });
  },
};
