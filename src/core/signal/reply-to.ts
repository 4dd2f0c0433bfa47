import { inert } from '../text.ts';
import { type Domain, domainOfAddress } from './domain.ts';
import type { TenantFacts } from './facts.ts';
import { type Signal, seen } from './finding.ts';
import { isFreemail } from './freemail.ts';
import { likeness } from './likeness.ts';

/** So many addresses are looked at. */
const MOST = 20;

/**
 * Answers would go elsewhere. Precedent: sublime-rules `unusual_reply_to_mismatch`, medium; weak alone, because newsletters and ticket
 * systems do it every day. Strong only where the other domain has letters that look the same, and nobody here writes to it.
 */
export const replyTo: Signal = {
  most: 'strong',
  look({ mail, tenant }) {
    const { from, replyTo: answers } = mail;
    if (from === null || answers === null) return null;
    const sender = domainOfAddress(from.value.address);
    const found = sender === null ? null : worst(sender, answers.value.slice(0, MOST), tenant);
    if (found === null) return null;
    const to = inert(found.address, 80);
    return seen({
      strength: STRENGTH[found.why],
      sentence: SENTENCE[found.why](to),
      on:
        found.why === 'free from own' && tenant.ownDomains !== null
          ? [from, answers, tenant.ownDomains]
          : [from, answers],
      row: { from: from.value.address, replyTo: found.address, why: found.why },
    });
  },
};

type Why = 'looks like it' | 'resembles it' | 'free from own' | 'name in it' | 'free' | 'other';
/** The worst first. */
const ORDER: readonly Why[] = ['looks like it', 'resembles it', 'free from own', 'name in it', 'free', 'other'];
const STRENGTH = {
  'looks like it': 'strong',
  'resembles it': 'medium',
  'free from own': 'medium',
  'name in it': 10,
  free: 8,
  other: 5,
} as const;
const SENTENCE: Readonly<Record<Why, (to: string) => string>> = {
  'looks like it': (to) => `Answers go to ${to}, whose domain only looks like the sender’s.`,
  'resembles it': (to) => `Answers go to ${to}, whose domain is nearly the sender’s.`,
  'free from own': (to) => `The sender’s domain is yours, but answers go to ${to}, an address that costs nothing.`,
  'name in it': (to) => `Answers go to ${to}, an address that costs nothing with the sender’s name in it.`,
  free: (to) => `The sender writes from a domain of its own, but answers go to ${to}, an address that costs nothing.`,
  other: (to) => `Answers go to another domain: ${to}.`,
};

function worst(
  sender: Domain,
  addresses: readonly string[],
  tenant: TenantFacts,
): { readonly address: string; readonly why: Why } | null {
  const found = addresses.flatMap((address) => {
    const to = domainOfAddress(address);
    if (to === null || to.name === sender.name || tenant.ownDomains?.value.has(to) === true) return [];
    return [{ address, why: whyOf({ sender, to, address }, tenant) }];
  });
  return ORDER.flatMap((why) => found.find((one) => one.why === why) ?? [])[0] ?? null;
}

function whyOf(
  { sender, to, address }: { readonly sender: Domain; readonly to: Domain; readonly address: string },
  { ownDomains, partners }: TenantFacts,
): Why {
  if (!isFreemail(sender) && !isFreemail(to) && partners?.value.has(to) !== true) {
    const like = likeness(to, sender);
    if (like?.kind === 'same look') return 'looks like it';
    if (like?.kind === 'one letter' && like.closeness === 'close') return 'resembles it';
  }
  if (!isFreemail(to) || isFreemail(sender)) return 'other';
  if (ownDomains?.value.has(sender) === true) return 'free from own';
  const local = address.slice(0, address.lastIndexOf('@')).toLowerCase();
  return sender.label.length >= 5 && local.includes(sender.label) ? 'name in it' : 'free';
}
