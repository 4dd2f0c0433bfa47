import { inert } from '../text.ts';
import { domainWords } from './domain.ts';
import type { EarlierThread, Known } from './facts.ts';
import { type Signal, seen } from './finding.ts';
import { isFreemail } from './freemail.ts';
import { closest } from './lookalike-own.ts';
import { standingOf, strangerIn, wasIn } from './stranger.ts';

/**
 * A known thread, and a sender's domain that was never in it. Precedent: sublime-rules `vendor_impersonation_thread_hijack`, high, with
 * a look-alike beside it; so does a strong one here. Others join threads honestly: a domain that is known elsewhere is weak.
 */
export const threadHijack: Signal = {
  most: 'strong',
  look(facts) {
    const stranger = strangerIn(facts);
    const { conversation } = facts.mailbox;
    if (stranger === null || !isOurs(conversation, stranger.own.value.list)) return null;
    const { domains, messages } = conversation.value;
    if (wasIn(conversation.value, stranger)) return null;
    const { standing, on } = standingOf(facts, stranger);
    if (standing === 'established') return null;
    const others = domains.list.filter((domain) => !isFreemail(domain));
    const like = isFreemail(stranger.domain) ? null : closest(stranger.domain, others);
    const isDisguise = like?.kind === 'same look' || like?.kind === 'one letter' || like?.kind === 'two letters';
    const isStrong = isDisguise && standing === 'new';
    const who = domainWords(stranger.domain);
    const newcomer = isFreemail(stranger.domain)
      ? `an address that was never in it: ${inert(stranger.address, 80)}`
      : `a domain that was never in it: ${who}`;
    return seen({
      strength: isStrong ? 'strong' : standing === 'new' ? 'medium' : 8,
      sentence: isStrong
        ? `Answers in a thread of yours from ${who}, which was never in it and looks like ${domainWords(like.known)}, which was.`
        : `Answers in a thread of yours from ${newcomer}.`,
      on: [conversation, stranger.from, stranger.own, ...on],
      row: { domain: stranger.domain.name, messages, like: like?.known.name ?? null, standing },
    });
  },
};

/** Whether somebody of the tenant is in it. */
function isOurs(
  thread: Known<EarlierThread>,
  own: readonly { readonly name: string }[],
): thread is NonNullable<Known<EarlierThread>> {
  if (thread === null || thread.value.messages === 0) return false;
  const names = new Set(thread.value.domains.list.map(({ name }) => name));
  return own.some(({ name }) => names.has(name));
}
