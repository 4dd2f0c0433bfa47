import type { Entry } from './ledger.ts';
import type { LOOKING_AT_PEOPLE } from './payload-look.ts';
import { word } from './story-words.ts';

/** What the record says of looks at the people of an incident. */
export const LOOK_TELLERS: { readonly [T in keyof typeof LOOKING_AT_PEOPLE]: (entry: Entry<T>) => string } = {
  'people.looked': ({ detail: { asked, people, findings, suspected, sources, digest } }) =>
    `looked at ${word(asked)} of ${word(people)} people: ${word(findings)} findings, ${word(suspected)} accounts suspected, digest ${word(digest).slice(0, 16)}; ${sources.map(({ source, is }) => `${word(source)}: ${word(is)}`).join(', ') || 'nothing was asked'}`,
};
