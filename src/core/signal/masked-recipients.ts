import { addressKey } from '../address.ts';
import { type Signal, seen } from './finding.ts';
import { addressStanding, strangerIn } from './stranger.ts';

/** Beyond that nobody compares them. */
const MOST = 1_000;

/**
 * Addressed to its own sender, everybody else in Bcc. Precedent: sublime-rules `headers_bec_masked_recipients`, medium. Clubs and small
 * firms write so as well: medium only from an address that nobody here knows. To nobody at all, as lists do, is weak.
 */
export const maskedRecipients: Signal = {
  most: 'medium',
  look(facts) {
    const stranger = strangerIn(facts);
    const { recipients } = facts.mail;
    const { owner } = facts.mailbox;
    if (stranger === null || recipients === null || owner === null) return null;
    const { to, cc } = recipients.value;
    if (to.length + cc.length > MOST) return null;
    const named = new Set([...to, ...cc].map(addressKey));
    if (owner.value.some((address) => named.has(addressKey(address)))) return null;
    const toItself = named.size === 1 && named.has(addressKey(stranger.address));
    if (!toItself && named.size > 0) return null;
    const { standing, on } = addressStanding(facts);
    if (standing === 'established') return null;
    const isUnknown = toItself && standing === 'new';
    return seen({
      strength: isUnknown ? 'medium' : toItself ? 8 : 5,
      sentence: toItself
        ? 'Addressed to its own sender; everybody else got it unseen.'
        : 'Addressed to nobody that can be seen.',
      on: [recipients, owner, stranger.from, stranger.own, ...(isUnknown ? on : [])],
      row: { address: stranger.address, to: to.length, cc: cc.length, standing },
    });
  },
};
