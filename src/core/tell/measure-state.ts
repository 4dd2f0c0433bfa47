import { type MeasureList, mayBeDone } from '../find/measure-list.ts';
import { doneWith, errandOn, type MeasureAccount } from '../record/measures.ts';
import type { MeasuresStand } from '../record/measures-now.ts';
import { clip, count } from '../text.ts';

/** Where a list of measures stands, in a few words and a sentence. */

interface Shown {
  readonly state: string;
  readonly tone: 'neutral' | 'busy' | 'attention' | 'good' | 'bad';
  readonly status: string;
}

/** A list, where it is as the record says; else it is only known that there is one. */
export interface ListStands {
  readonly id: string;
  readonly made: (Made & { readonly stand: MeasuresStand; readonly openByHand: number }) | null;
}

/** On the card of the incident, a line each: where the answer to the other half of it is, and how far. */
export function listLines(lists: readonly ListStands[]): string[] {
  return lists.map(({ id, made }) => {
    if (!made) return `Measures about people: ${id} differs from the record. They have a card of their own.`;
    const { state } = measuresState(made, made.stand, made.openByHand);
    const small = `${state.slice(0, 1).toLowerCase()}${state.slice(1)}`;
    return `Measures about people: ${id}, ${small}: ${countsOf(made)}. They have a card of their own.`;
  });
}

/** `2 done, 1 failed, 1 line for an administrator open`: what is none is not told. */
function countsOf({ list, account, stand, openByHand }: NonNullable<ListStands['made']>): string {
  const may = mayBeDone(list);
  const running = may.filter(({ n }) => errandOn(account, n) !== null);
  const ended = may.filter((one) => !running.includes(one) && doneWith(account, one.n) !== null);
  const is = (outcomes: readonly string[]) =>
    ended.filter(({ n }) => outcomes.includes(doneWith(account, n)?.outcome ?? '')).length;
  const [done, back, left] = [is(HOLDS), is(BACK), is(['cancelled'])];
  const byHand = openByHand + (list.unwritten?.length ?? 0);
  const told = [
    [stand === 'asked' ? may.length : 0, 'asked for'],
    [running.length, 'running'],
    [done, list.mode === 'dry-run' ? 'rehearsed' : 'done'],
    [back, 'put back'],
    [left, 'left alone'],
    [ended.length - done - back - left, 'failed'],
    [list.measures.length - may.length, 'never done'],
  ] as const;
  const parts = told.flatMap(([n, words]) => (n > 0 ? [`${n} ${words}`] : []));
  const hand = byHand > 0 ? [`${count(byHand, 'line', 'lines')} for an administrator open`] : [];
  return [...parts, ...hand].join(', ') || 'nothing left to do';
}

const BACK: readonly string[] = ['put-back', 'as-before'];
const HOLDS: readonly string[] = ['done', 'already', 'gone', 'rehearsed'];

interface Made {
  readonly list: MeasureList;
  readonly account: MeasureAccount;
}

/** `openByHand`: so many lines wait for an administrator. */
export function measuresState(made: Made, stand: MeasuresStand, openByHand: number): Shown {
  const { list, account } = made;
  const may = mayBeDone(list);
  const barred = list.measures.length - may.length;
  const left = barred === 0 ? '' : ` ${count(barred, 'measure is', 'measures are')} never done: see why below.`;
  switch (stand) {
    case 'barred':
      return {
        state: 'Nothing may be done',
        tone: 'attention',
        status: 'None of these measures may be done: see why below.',
      };
    case 'asked':
      return {
        state: 'Approval needed',
        tone: 'attention',
        status: `Nothing is done yet. Approved, ${count(may.length, 'measure is', 'measures are')} carried out one by one.${left}`,
      };
    case 'expired':
      return {
        state: 'Nobody decided in time',
        tone: 'neutral',
        status: 'Nothing was done. Ask for them anew if they are still wanted.',
      };
    case 'declined':
      return { state: 'Declined', tone: 'neutral', status: 'People decided against them. Nothing was done.' };
    case 'running': {
      const open = may.flatMap(({ n }) => errandOn(account, n) ?? []);
      const isBack = open.some(({ errand }) => errand === 'back');
      return {
        state: isBack ? 'Being put back' : 'Being carried out',
        tone: 'busy',
        status: `${count(open.length, 'measure is', 'measures are')} under way, ${may.length - open.length} of ${may.length} are not any more.`,
      };
    }
    case 'cancelled':
    case 'ended':
      return endOf(made, openByHand, left);
  }
}

/** What was seen in the end: one that failed is named, however many others did not. */
function endOf({ list, account }: Made, openByHand: number, left: string): Shown {
  const may = mayBeDone(list);
  const of = (outcomes: readonly string[]) =>
    may.filter(({ n }) => outcomes.includes(doneWith(account, n)?.outcome ?? ''));
  const back = of(BACK);
  const holds = of(HOLDS);
  const bad = may.filter((one) => !back.includes(one) && !holds.includes(one));
  const named = bad.length === 0 ? '' : ` Look at ${bad.map(({ n }) => n).join(', ')}: not as it was asked for.`;
  if (back.length > 0)
    return {
      state: back.length === may.length ? 'Put back' : 'Put back in part',
      tone: bad.length > 0 ? 'attention' : 'neutral',
      status: `${back.length} of ${count(may.length, 'measure')} put back.${named}`,
    };
  const words = `${holds.length} of ${count(may.length, 'measure')} seen to hold.${named}${left}`;
  if (list.mode === 'dry-run')
    return { state: 'Rehearsed', tone: 'neutral', status: `A dry run: nothing was changed. ${words}` };
  if (bad.length > 0) return { state: 'Done in part', tone: 'bad', status: words };
  const unwritten = list.unwritten?.length ?? 0;
  if (openByHand + unwritten === 0 && left === '') return { state: 'Contained', tone: 'good', status: words };
  const hand = openByHand === 0 ? '' : ` ${count(openByHand, 'line waits', 'lines wait')} for an administrator.`;
  const rest =
    unwritten === 0
      ? ''
      : ` ${count(unwritten, 'thing', 'things')} for an administrator could not be written as a line.`;
  return { state: 'Done, and more is needed', tone: 'attention', status: clip(`${words}${hand}${rest}`, 300) };
}
