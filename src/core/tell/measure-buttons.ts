import type { Purpose } from '../record/measures-now.ts';

/** The buttons of a card of measures, by the verb that a press of each names, with what it is for. */
export const MEASURE_VERBS: ReadonlyMap<string, Exclude<Purpose, `back ${number}`> | 'back-one'> = new Map([
  ['measures-apply', 'apply'],
  ['measures-decline', 'decline'],
  ['measures-cancel', 'cancel'],
  ['measures-back', 'back'],
  // `page` of the press is its number in the list.
  ['measure-back', 'back-one'],
] as const);
