import { type Lift, number, text } from './flat.ts';
import type { LOOKING_AT_PEOPLE } from './payload-look.ts';

/** As `lift.ts`: looks at the people of an incident. No entry of this kind is that old. */
export const LOOK_LIFTS: { readonly [T in keyof typeof LOOKING_AT_PEOPLE]: Lift<T> } = {
  'people.looked': (d) => ({
    nth: number(d, 'nth'),
    because: text(d, 'because'),
    digest: text(d, 'digest'),
    people: number(d, 'people'),
    asked: number(d, 'asked'),
    findings: number(d, 'findings'),
    suspected: number(d, 'suspected'),
    clicked: null,
    kinds: [],
    sources: [],
  }),
};
