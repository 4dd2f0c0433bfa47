import { sameAddress } from '../address.ts';
import { type Domain, type DomainSet, domainOfAddress } from './domain.ts';
import type { EarlierThread, Fact, Facts, History, Known } from './facts.ts';
import { isFreemail } from './freemail.ts';

/** Who writes from outside, and how well the tenant knows them: by what it has itself, never by what the mail says. */

export interface Stranger {
  readonly address: string;
  readonly name: string | null;
  readonly domain: Domain;
  readonly from: Fact<unknown>;
  readonly own: Fact<DomainSet>;
}

/** Null where From or the tenant's domains are not known, and where the domain is one of those: who forged that is another question. */
export function strangerIn({ mail, tenant }: Facts): Stranger | null {
  const { from } = mail;
  const own = tenant.ownDomains;
  if (from === null || own === null) return null;
  const domain = domainOfAddress(from.value.address);
  return domain === null || own.value.has(domain) ? null : { ...from.value, domain, from, own };
}

/** `new`: nothing from them and nothing to them. `heard`: for weeks, and hardly ever written to. `established`: written to for weeks. */
export type Standing = 'not known' | 'new' | 'recent' | 'heard' | 'established';

/** A fraud with an answered look-alike takes days, seldom weeks; a real partner has both behind it. Our own floor. */
const ESTABLISHED_DAYS = 21;
const ESTABLISHED_SENT = 2;
const HEARD_OFTEN = 5;

/** Of the domain; where anybody gets an address there, of the address. */
export function standingOf({ mailbox }: Facts, { domain }: Stranger): { standing: Standing; on: Fact<unknown>[] } {
  return standingBy(isFreemail(domain) ? mailbox.address : mailbox.domain);
}

/** Whether they were part of it before: by domain; where anybody gets an address there, by address. */
export function wasIn({ domains, addresses }: EarlierThread, { address, domain }: Stranger): boolean {
  return isFreemail(domain) ? addresses.some((one) => sameAddress(one, address)) : domains.has(domain);
}

export function addressStanding({ mailbox }: Facts): { standing: Standing; on: Fact<unknown>[] } {
  return standingBy(mailbox.address);
}

function standingBy({ received, sent, days }: History): { standing: Standing; on: Fact<unknown>[] } {
  if (sent !== null && days !== null && sent.value >= ESTABLISHED_SENT && days.value >= ESTABLISHED_DAYS)
    return { standing: 'established', on: [sent, days] };
  if (received !== null && days !== null && received.value >= HEARD_OFTEN && days.value >= ESTABLISHED_DAYS)
    return { standing: 'heard', on: [received, days] };
  if (received === null || sent === null)
    return { standing: anything(received, sent) ? 'recent' : 'not known', on: [] };
  return { standing: anything(received, sent) ? 'recent' : 'new', on: [received, sent] };
}

function anything(...counts: readonly Known<number>[]): boolean {
  return counts.some((count) => count !== null && count.value > 0);
}
