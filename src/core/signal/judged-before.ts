import { count, inert } from '../text.ts';
import { domainWords } from './domain.ts';
import type { Facts, Judged } from './facts.ts';
import { type Seen, type Signal, seen } from './finding.ts';
import { isFreemail } from './freemail.ts';
import { standingOf, strangerIn } from './stranger.ts';

/**
 * People have called earlier mail from the address malicious. Precedent: sublime-rules `vip_impersonation`
 * (`any_messages_malicious_or_spam`). Medium: whoever had their mailbox taken over has it back some day. Of others at the same domain
 * it is weak, and nothing where people have written to that domain for weeks, or where anybody gets an address.
 */
export const judgedBefore: Signal = {
  most: 'medium',
  look(facts) {
    const { from } = facts.mail;
    const { judged } = facts.mailbox;
    if (from === null) return null;
    if (judged === null || judged.value.malicious === 0) return ofTheDomain(facts);
    const { malicious, harmless } = judged.value;
    return seen({
      strength: malicious > harmless ? 'medium' : 8,
      sentence: `Mail from ${inert(from.value.address, 80)} was called malicious here ${timesWords(judged.value)}.`,
      on: [judged, from],
      row: { address: from.value.address, malicious, harmless },
    });
  },
};

function ofTheDomain(facts: Facts): Seen | null {
  const stranger = strangerIn(facts);
  const { judgedDomain } = facts.mailbox;
  if (stranger === null || judgedDomain === null || isFreemail(stranger.domain)) return null;
  const { malicious, harmless } = judgedDomain.value;
  if (malicious <= harmless || standingOf(facts, stranger).standing === 'established') return null;
  return seen({
    strength: 7,
    sentence: `Mail from others at ${domainWords(stranger.domain)} was called malicious here ${timesWords(judgedDomain.value)}.`,
    on: [judgedDomain, stranger.from, stranger.own],
    row: { domain: stranger.domain.name, malicious, harmless },
  });
}

function timesWords({ malicious, harmless }: Judged): string {
  const but = harmless === 0 ? '' : `, and harmless ${count(harmless, 'time')}`;
  return `${count(malicious, 'time')}${but}`;
}
