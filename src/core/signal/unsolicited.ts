import { domainWords } from './domain.ts';
import type { Signal } from './finding.ts';
import { seen } from './finding.ts';
import { isFreemail } from './freemail.ts';
import { strangerIn } from './stranger.ts';

/**
 * Nothing was ever sent to the address or to its domain. Precedent: sublime-rules `unsolicited_email`, low. Where anybody gets an
 * address, what was sent to the domain went to others.
 */
export const unsolicited: Signal = {
  most: 'weak',
  look(facts) {
    const stranger = strangerIn(facts);
    if (stranger === null) return null;
    const { address, domain } = facts.mailbox;
    const sent = isFreemail(stranger.domain) ? address.sent : domain.sent;
    // Whoever was written to at the address was written to at its domain as well: one of them is enough to be silent.
    if (sent === null || sent.value > 0 || (address.sent?.value ?? 0) > 0) return null;
    const to = isFreemail(stranger.domain) ? 'this address' : domainWords(stranger.domain);
    return seen({
      strength: 5,
      sentence: `Nobody of yours is seen to have written to ${to}.`,
      on: [sent, stranger.from, stranger.own],
      row: { address: stranger.address, domain: stranger.domain.name, sent: sent.value },
    });
  },
};
