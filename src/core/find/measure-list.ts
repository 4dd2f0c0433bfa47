import type { MeasureTerms } from '../ask/measure-terms.ts';
import { together } from '../ask/measure-terms.ts';
import type { Mode } from '../ask/rule.ts';
import type { AnsweredByHand } from '../intelligence/unwritten.ts';
import type { Bar } from '../measure/barred.ts';
import type { HandKind } from '../measure/by-hand.ts';
import type { Unfit } from '../measure/hand-line.ts';
import type { Measure } from '../measure/measure.ts';

/** Measures that are asked for together: frozen when it is made, like a plan, and approved as just what it says. */

export interface MeasureList {
  /** `CM-…` */
  readonly id: string;
  readonly incident: string;
  /** ISO time. */
  readonly at: string;
  /** Until when it is waited for people, ISO time. */
  readonly until: string;
  readonly mode: Mode;
  /** Digest of the policy that it was made under. */
  readonly policy: string;
  /** Its name in that policy; null where measures were asked for one by one. */
  readonly playbook: string | null;
  readonly asker: { readonly person: string; readonly name: string };
  readonly reason: string;
  readonly measures: readonly ListedMeasure[];
  /** So many more were named than one list holds. */
  readonly left: number;
  /** What nobody can do but an administrator: one line each. */
  readonly byHand: readonly ByHand[];
  /** What cannot be written as one line for an administrator either; left out for nothing, and in lists from before it was told. */
  readonly unwritten?: readonly Unwritten[];
  /** So that its digest leads to nobody. */
  readonly salt: string;
}

export interface ListedMeasure extends Measure {
  /** From 1: names it in this list. */
  readonly n: number;
  /** What it takes by itself; null for one that is barred. */
  readonly terms: MeasureTerms | null;
  /** Why it is not done; null for one that may be. */
  readonly barred: { readonly why: Bar; readonly detail: string } | null;
  /** The account is switched on again from on premises. */
  readonly flipsBack: boolean;
  /** The permission without which not all roles of the account were looked at; left out: they were, or it is not done to an account. */
  readonly rolesUnseen?: string | undefined;
}

export interface ByHand {
  readonly address: string;
  /** One exact line. */
  readonly line: string;
  /** A look at the findings sees whether it was run; of what somebody asked for nobody here can see that. */
  readonly isFound: boolean;
}

/** What an administrator would have to find a way for. */
export interface Unwritten {
  readonly address: string;
  /** What is wanted. */
  readonly what: HandKind | AnsweredByHand;
  readonly why: Unfit;
}

/** So many in one list: a card has to show each of them. */
export const MOST_MEASURES = 20;
/** So many lines for an administrator: each is shown as it is, never cut. */
export const MOST_BY_HAND = 8;

export function mayBeDone({ measures }: Pick<MeasureList, 'measures'>): readonly ListedMeasure[] {
  return measures.filter(({ barred }) => barred === null);
}

/** What all of these take together; null where nothing of it may be done. */
export function termsOf({ measures }: Pick<MeasureList, 'measures'>, of: readonly number[]): MeasureTerms | null {
  return together(measures.flatMap(({ n, terms }) => (terms && of.includes(n) ? [terms] : [])));
}

/** What an id of a list begins with; those of incidents begin otherwise. */
const LIST_PREFIX = 'CM-';

export function isListId(id: string): boolean {
  return id.startsWith(LIST_PREFIX);
}
