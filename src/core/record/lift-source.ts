import { type Flat, flag, type Lift, list, number, orNull, text } from './flat.ts';
import type { SOURCE } from './payload-source.ts';

/** As `lift.ts`: between sources and us. No entry of these kinds is that old. */

const told = (d: Flat) => ({
  source: text(d, 'source'),
  alert: text(d, 'alert'),
  end: text(d, 'end'),
  ended: number(d, 'ended'),
  nth: number(d, 'nth'),
});

const ofReporter = (d: Flat) => ({ person: text(d, 'person'), end: text(d, 'end'), ended: number(d, 'ended') });

export const SOURCE_LIFTS: { readonly [T in keyof typeof SOURCE]: Lift<T> } = {
  'exercise.recognised': (d) => ({
    whole: flag(d, 'whole'),
    by: list(d, 'by'),
    copies: number(d, 'copies'),
    marks: list(d, 'marks'),
  }),
  'word.taken-back': (d) => ({
    source: text(d, 'source'),
    says: orNull(d, 'says'),
    at: text(d, 'at'),
    votes: number(d, 'votes'),
  }),
  'loop.intended': (d) => ({ ...told(d), words: text(d, 'words') }),
  'loop.told': (d) => ({ ...told(d), note: text(d, 'note') }),
  'reporter.intended': (d) => ({ ...ofReporter(d), words: text(d, 'words') }),
  'reporter.told': (d) => ({ ...ofReporter(d), note: text(d, 'note') }),
};
