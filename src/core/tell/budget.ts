import type { Asker, TakenAlert } from '../find/alert.ts';
import type { Plan } from '../find/plan.ts';
import type { DetailOf } from '../record/payloads.ts';
import { ERASED } from '../record/personal.ts';

/**
 * How many new incidents get a card in an hour. Whatever is over that waits in the queue, and one message says so: a flood of
 * reports must not bury the card that somebody has to see. An incident that turns out to be more than one person's report
 * gets its card after all.
 */

export interface CardLimits {
  /** New cards an hour, of incidents that nobody but people who reported them has called bad. */
  readonly perHour: number;
  /** The same for each detector. */
  readonly detectorPerHour: number;
}

export interface Spending {
  /** Cards of the last hour, and those of them that are of the same sender of alerts. */
  readonly all: number;
  readonly own: number;
}

/** What shares one number of cards an hour. `risen`: on the word of several reporters. */
export type BudgetKind = 'report' | 'risen' | 'detector';

/** A card that was granted, of the last hour. */
export type Granted = DetailOf<'card.granted'>;

/** `who`: as it is granted to. One of which that was taken away counts for everybody: nobody gets more by taking it away. */
export function spentOf(granted: readonly Granted[], kind: BudgetKind, who: string): Spending {
  const same = granted.filter((one) => one.kind === kind);
  return { all: same.length, own: same.filter((one) => one.who === who || one.who === ERASED).length };
}

/** Whose alert it is: a person who is proven to have reported it, a source that names nobody provable, a detector. */
export type Alerter = 'person' | 'nobody' | 'detector';

export function alerterOf({ from, reporter }: Pick<TakenAlert, 'from' | 'reporter'>): Alerter | null {
  if (from.kind === 'operator') return null;
  if (from.kind === 'detector') return 'detector';
  return from.claims.reporters && reporter !== null && !reporter.unproven ? 'person' : 'nobody';
}

/** The more cards somebody has had, the more of them have to be left: the last ones are for those who had none. */
const SHARE = 4;

/** Whether one card more is granted. Reports of which nobody is proven share half of it: naming somebody costs nothing. */
export function isGranted(limits: CardLimits, who: Alerter, { all, own }: Spending): boolean {
  if (who === 'detector') return own < limits.detectorPerHour;
  const left = limits.perHour - all;
  if (left <= 0) return false;
  if (who === 'nobody') return own < limits.perHour / 2;
  return own === 0 || left > own * SHARE;
}

export interface Rising {
  readonly alert: Pick<TakenAlert, 'from' | 'evidence'>;
  /** Everybody who is proven to have reported it or its waves. */
  readonly askers: readonly Asker[];
  readonly plan: Pick<Plan, 'vip'> | null;
  /** Something was done about it already. */
  readonly acted: boolean;
}

const ENOUGH_REPORTERS = 3;
/** A newsletter that a thousand people report is no reason for a thousand cards. */
const MOST_RISEN = 3;

/** Why it is more than a report of somebody: something was seen or done, or several people reported it. Null where it is not. */
export function risesBy({ alert, askers, plan, acted }: Rising): 'fact' | 'reporters' | null {
  const clicks = alert.from.kind === 'report' ? 0 : (alert.evidence?.clicks ?? 0);
  if (acted || clicks > 0 || (plan?.vip ?? 0) > 0) return 'fact';
  return askers.length >= ENOUGH_REPORTERS ? 'reporters' : null;
}

/**
 * On the word of reporters alone. In all there are no more than three times as many, of which none is taken from what is shared:
 * whoever is written to much would use that up. `risen`: how many have come out so.
 */
export function mayRise(limits: CardLimits, risen: Pick<Spending, 'all'>): boolean {
  return risen.all < limits.perHour * (MOST_RISEN - 1) - 1;
}
