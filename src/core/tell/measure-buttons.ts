import type { ReasonForm } from '../action/definition.ts';
import type { Purpose } from '../record/measures-now.ts';
import { count } from '../text.ts';
import type { Amount } from './effect.ts';

/** The buttons of a card of measures, by the verb that a press of each names, with what it is for. */
export const MEASURE_VERBS: ReadonlyMap<string, Exclude<Purpose, `back ${number}`> | 'back-one'> = new Map([
  ['measures-apply', 'apply'],
  ['measures-decline', 'decline'],
  ['measures-cancel', 'cancel'],
  ['measures-back', 'back'],
  // `page` of the press is its number in the list.
  ['measure-back', 'back-one'],
] as const);

/** The form that a press of such a button leads to, where a rule wants a reason. */
export function measureForm(verb: string, { copies, mode }: Amount): ReasonForm & { readonly effect: string } {
  const isBack = verb === 'measures-back' || verb === 'measure-back';
  const what = count(copies, 'measure');
  const effect = isBack
    ? `${what} put back, unless somebody has changed it since.`
    : `${what} carried out one by one, each looked at before and after.`;
  return {
    title: 'Why?',
    send: isBack ? 'Put back' : 'Approve',
    purpose: isBack ? 'Putting measures back needs a reason.' : 'Approving measures about people needs a reason.',
    question: isBack ? 'Why is it put back?' : 'Why is it needed?',
    isFinal: false,
    effect: mode === 'dry-run' ? `A dry run: nothing is changed. ${effect}` : effect,
  };
}
