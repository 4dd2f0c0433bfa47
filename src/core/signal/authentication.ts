import { type Domain, domainOfAddress, domainWords } from './domain.ts';
import type { Authentication, Fact, Facts } from './facts.ts';
import { type Row, type Seen, type Signal, seen } from './finding.ts';
import { isFreemail } from './freemail.ts';

/**
 * DMARC failed, as Exchange saw it: for a domain of ours, or one that asks receivers to refuse what fails. To pass is never a reason
 * to believe. Precedent: sublime-rules, which takes its trusted senders' exemption away where DMARC fails. Lists and services that
 * send in somebody's name fail too: strong only where answers to a mail of ours would go to an address that costs nothing.
 */
export const authentication: Signal = {
  most: 'strong',
  look(facts) {
    const { from, authentication: stamp } = facts.mail;
    const own = facts.tenant.ownDomains;
    if (from === null || stamp === null || own === null) return null;
    const domain = domainOfAddress(from.value.address);
    if (domain === null || !hasFailed(stamp.value)) return null;
    const { dmarc, compauth, action } = stamp.value;
    const failed = {
      domain,
      stamp,
      on: [stamp, from, own],
      row: { from: from.value.address, dmarc, compauth, action },
    } as const;
    return own.value.has(domain) ? inOurName(failed, facts) : inTheirs(failed, facts);
  },
};

interface Failed {
  readonly domain: Domain;
  readonly stamp: Fact<Authentication>;
  readonly on: readonly [Fact<unknown>, Fact<unknown>, Fact<unknown>];
  readonly row: Row;
}

function inOurName({ domain, on, row }: Failed, { mail, tenant }: Facts): Seen | null {
  // A relay that the tenant names takes in what printers and programs of its own send.
  if (tenant.ownRelay?.value === true) return null;
  const claim = `It claims to be from ${domainWords(domain)}, which is yours, and Exchange could not confirm it`;
  const { replyTo } = mail;
  return replyTo !== null && answersFree(replyTo.value)
    ? seen({
        strength: 'strong',
        sentence: `${claim}; answers go to an address that costs nothing.`,
        on: [...on, replyTo],
        row: { ...row, replyTo: replyTo.value.slice(0, MOST).join(' ') },
      })
    : seen({ strength: 'medium', sentence: `${claim}.`, on, row });
}

/** One that people here write to is imitated on purpose; others forward, and break what was signed. */
function inTheirs({ domain, stamp, on, row }: Failed, { tenant }: Facts): Seen | null {
  if (!isRefused(stamp.value)) return null;
  const isPartner = tenant.partners?.value.has(domain) ?? false;
  return seen({
    strength: isPartner && stamp.value.compauth === 'fail' ? 'medium' : 8,
    sentence: `Exchange could not confirm that ${domainWords(domain)} sent it, and that domain asks to refuse such mail.`,
    on,
    row,
  });
}

/** Exchange overrules a DMARC failure where it knows better (a trusted sealer, a list): `compauth=pass`. */
function hasFailed({ dmarc, compauth }: Authentication): boolean {
  return dmarc === 'fail' && compauth !== 'pass';
}

/** What the failed domain asks for, with Exchange's words for not having done it before the name. */
function isRefused({ action }: Authentication): boolean {
  return action !== null && /^(?:o\.?|pct\.)?(?:reject|quarantine)$/.test(action);
}

/** So many addresses are looked at. */
const MOST = 20;

function answersFree(addresses: readonly string[]): boolean {
  return addresses.slice(0, MOST).some((address) => {
    const domain = domainOfAddress(address);
    return domain !== null && isFreemail(domain);
  });
}
