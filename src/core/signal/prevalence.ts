import { count } from '../text.ts';
import { domainWords } from './domain.ts';
import type { Signal } from './finding.ts';
import { seen } from './finding.ts';
import { isFreemail } from './freemail.ts';
import { strangerIn } from './stranger.ts';

/** A domain that has only just turned up. */
const FEW_DAYS = 7;

/**
 * How known a domain is in the whole tenant: not at all, or only for days. Precedent: sublime-rules `vip_impersonation`, which asks
 * for prevalence new or outlier and days known. Nothing about domains where anybody gets an address.
 */
export const prevalence: Signal = {
  most: 'weak',
  look(facts) {
    const stranger = strangerIn(facts);
    const { received, days } = facts.mailbox.domain;
    if (stranger === null || received === null || isFreemail(stranger.domain)) return null;
    const row = { domain: stranger.domain.name, received: received.value, days: days?.value ?? null };
    const on = [received, stranger.from, stranger.own] as const;
    if (received.value === 0)
      return seen({
        strength: 6,
        sentence: `No earlier mail from ${domainWords(stranger.domain)} is seen anywhere in the tenant.`,
        on,
        row,
      });
    if (days === null || days.value >= FEW_DAYS) return null;
    return seen({
      strength: 5,
      sentence: `Mail from ${domainWords(stranger.domain)} is known for ${count(days.value, 'day')} only.`,
      on: [...on, days],
      row,
    });
  },
};
