import { type Domain, type DomainSet, domainOfAddress, domainWords } from './domain.ts';
import type { Fact, Facts } from './facts.ts';
import type { Signal } from './finding.ts';
import { seen } from './finding.ts';
import { isFreemail } from './freemail.ts';
import type { Likeness } from './likeness.ts';
import { closest, likenessWords } from './lookalike-own.ts';
import { standingOf, strangerIn } from './stranger.ts';

/**
 * A new domain like one that people here write to. Precedent: sublime-rules `vendor_impersonation_thread_hijack`, high, which wants the
 * partner in the thread; so does a strong one here, or letters that only look the same: among thousands of partners, some have
 * honest neighbours. Many labels are endings of names or parts of them (`name in it`), which says nothing about a partner.
 */
export const lookalikePartner: Signal = {
  most: 'strong',
  look(facts) {
    const stranger = strangerIn(facts);
    const { partners } = facts.tenant;
    if (stranger === null || partners === null || isFreemail(stranger.domain)) return null;
    const { standing, on } = standingOf(facts, stranger);
    if (standing === 'established' || standing === 'not known') return null;
    const found = likePartner(stranger.domain, partners.value);
    if (found === null) return null;
    const beside = besides(facts, found.known);
    const isForged = !found.isPartner && found.kind === 'same look' && found.closeness === 'close';
    const isBesideIt = beside !== null && standing === 'new' && found.kind !== 'other ending';
    if (found.kind === 'other ending' && found.closeness === 'near' && beside === null) return null;
    return seen({
      strength: isForged || isBesideIt ? 'strong' : 'medium',
      sentence: `${domainWords(stranger.domain)} ${likenessWords(found)} ${domainWords(found.known)}, which you write to${
        beside === null ? '' : ' and which is part of this conversation'
      }.`,
      on: [partners, stranger.from, stranger.own, ...on, ...(beside === null ? [] : [beside])],
      row: { host: stranger.domain.host, like: found.known.name, kind: found.kind, standing },
    });
  },
};

interface LikePartner extends Likeness {
  readonly known: Domain;
  /** People write to the stranger as well. */
  readonly isPartner: boolean;
}

/** Whoever answered a look-alike has made it a partner: of two that look the same nobody can say here which was first. */
function likePartner(domain: Domain, partners: DomainSet): LikePartner | null {
  const found = closest(domain, companies(partners.list));
  if (found === null || found.kind === 'name in it') return null;
  const isPartner = partners.has(domain);
  return isPartner && found.kind !== 'same look' ? null : { ...found, isPartner };
}

/** A provider of addresses has neighbours of its own. */
function companies(partners: readonly Domain[]): readonly Domain[] {
  return partners.filter((partner) => !isFreemail(partner));
}

/** So many recipients are looked at. */
const MOST = 500;

/** What shows the partner beside it: earlier messages of the thread, which the mailbox knows, or To and Cc, which the sender wrote. */
function besides({ mail, mailbox }: Facts, partner: Domain): Fact<unknown> | null {
  if (mailbox.conversation?.value.domains.has(partner)) return mailbox.conversation;
  const { recipients } = mail;
  if (recipients === null) return null;
  const named = [...recipients.value.to.slice(0, MOST), ...recipients.value.cc.slice(0, MOST)];
  return named.some((address) => domainOfAddress(address)?.name === partner.name) ? recipients : null;
}
