import type { Domain } from './domain.ts';
import { domainWords } from './domain.ts';
import type { Signal } from './finding.ts';
import { seen } from './finding.ts';
import { isFreemail } from './freemail.ts';
import { type Likeness, likeness } from './likeness.ts';
import { type Standing, standingOf, strangerIn } from './stranger.ts';

/** In the words of a card: `contоso.example looks like contoso.example, which is yours`. */
const WORDS: Readonly<Record<Likeness['kind'], string>> = {
  'same look': 'looks the same as',
  'one letter': 'is one letter away from',
  'two letters': 'is two letters away from',
  'other ending': 'is, but for its ending, the same as',
  'name in it': 'has in it the name of',
};

/**
 * A domain like one of ours. Precedent: sublime-rules `lookalike_sender_domain`, high. Only what hardly happens by accident is strong,
 * and of a domain that people here have written to for weeks nothing is said.
 */
export const lookalikeOwn: Signal = {
  most: 'strong',
  look(facts) {
    const stranger = strangerIn(facts);
    if (stranger === null || isFreemail(stranger.domain)) return null;
    const found = closest(stranger.domain, stranger.own.value.list);
    if (found === null) return null;
    const { standing, on } = standingOf(facts, stranger);
    if (standing === 'established') return null;
    // Changed for letters that look the same, it is one whoever has answered it; with another letter it may be a company that is new here.
    const isForged = found.kind === 'same look' || standing === 'new';
    return seen({
      strength: found.closeness === 'close' ? (isForged ? 'strong' : 'medium') : mildly(found, standing),
      sentence: `${domainWords(stranger.domain)} ${WORDS[found.kind]} ${domainWords(found.known)}, which is yours.`,
      on: [stranger.from, stranger.own, ...on],
      row: { host: stranger.domain.host, like: found.known.name, kind: found.kind, standing },
    });
  },
};

/** What happens to honest people as well, and most of all to those who have written before. */
function mildly({ closeness }: Likeness, standing: Standing): 'medium' | 8 {
  return closeness === 'far' || standing === 'recent' || standing === 'heard' ? 8 : 'medium';
}

/** The most suspicious likeness to any of them; null for none. */
export function closest(stranger: Domain, known: readonly Domain[]): (Likeness & { readonly known: Domain }) | null {
  const best: Partial<Record<Likeness['closeness'], Likeness & { readonly known: Domain }>> = {};
  for (const domain of known) {
    const like = likeness(stranger, domain);
    if (like !== null) best[like.closeness] ??= { ...like, known: domain };
  }
  return best.close ?? best.near ?? best.far ?? null;
}

export function likenessWords({ kind }: Likeness): string {
  return WORDS[kind];
}
