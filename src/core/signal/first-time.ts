import { inert } from '../text.ts';
import type { Signal } from './finding.ts';
import { seen } from './finding.ts';
import { strangerIn } from './stranger.ts';

/** No earlier mail from the address in this mailbox. Precedent: sublime-rules `first_time_sender_email`, low. */
export const firstTime: Signal = {
  most: 'weak',
  look(facts) {
    const stranger = strangerIn(facts);
    const { received } = facts.mailbox.address;
    if (stranger === null || received === null || received.value > 0) return null;
    return seen({
      strength: 5,
      sentence: `This mailbox has no earlier mail from ${inert(stranger.address, 80)}.`,
      on: [received, stranger.from, stranger.own],
      row: { address: stranger.address, received: received.value },
    });
  },
};
