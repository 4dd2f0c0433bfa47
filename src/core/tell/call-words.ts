import type { Seat } from '../ask/policy.ts';
import { seatWords } from '../ask/rule.ts';
import { inertOr } from '../text.ts';

/** The message below a card that calls people to it. */
export interface Call {
  readonly incident: string;
  /** The role that is reminded, or the seats that are asked for from now on. */
  readonly asks:
    | { readonly is: 'reminded'; readonly role: string }
    | { readonly is: 'asked instead'; readonly seats: readonly Seat[] };
  /** Name of the rule; null where none is known. */
  readonly rule: string | null;
}

export function callLines({ incident, asks, rule }: Call): readonly string[] {
  const asked =
    asks.is === 'reminded'
      ? `${incident} is still waiting for a decision (${asks.role}).`
      : `${incident} is still waiting for a decision. Asked from now on: ${seatWords(asks.seats)}.`;
  return [asked, ...(rule ? [`Rule: ${inertOr(rule, 'unnamed', 80)}`] : [])];
}
