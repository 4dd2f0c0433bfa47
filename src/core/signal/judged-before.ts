import { count, inert } from '../text.ts';
import type { Signal } from './finding.ts';
import { seen } from './finding.ts';

/**
 * People have called earlier mail from the address malicious. Precedent: sublime-rules `vip_impersonation`
 * (`any_messages_malicious_or_spam`). Medium: whoever had their mailbox taken over has it back some day.
 */
export const judgedBefore: Signal = {
  most: 'medium',
  look({ mail, mailbox }) {
    const { from } = mail;
    const { judged } = mailbox;
    if (from === null || judged === null || judged.value.malicious === 0) return null;
    const { malicious, harmless } = judged.value;
    const but = harmless === 0 ? '' : `, and harmless ${count(harmless, 'time')}`;
    return seen({
      strength: malicious > harmless ? 'medium' : 8,
      sentence: `Mail from ${inert(from.value.address, 80)} was called malicious here ${count(malicious, 'time')}${but}.`,
      on: [judged, from],
      row: { address: from.value.address, malicious, harmless },
    });
  },
};
