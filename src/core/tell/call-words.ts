import type { Seat } from '../ask/policy.ts';
import { seatWords } from '../ask/rule.ts';
import type { MeasureStep } from '../flag/measure-steps.ts';
import { count, inertOr, shortTime } from '../text.ts';

/** Who is called by name below a card, and why. */
export type Called =
  /** Whoever is on call, and nobody else. */
  | 'on call'
  /** Whoever is on call first, and everybody else of the role. */
  | 'everybody'
  /** Everybody of the role, because there is nobody to be called first. */
  | 'nobody on call'
  | 'no answer'
  | 'none may decide'
  /** Nobody: they are called when the quiet hours end, ISO time. */
  | { readonly quietUntil: string };

/** The message below a card that calls people to it. */
export interface Call {
  readonly incident: string;
  /** Who is asked, the role that is reminded, or the seats that are asked for from now on. */
  readonly asks:
    | { readonly is: 'asked'; readonly seats: readonly Seat[] }
    | { readonly is: 'reminded'; readonly role: string }
    | { readonly is: 'asked instead'; readonly seats: readonly Seat[] }
    /** `incident` is a list of measures; `dueAt`: ISO time. */
    | {
        readonly is: 'measures';
        readonly about: 'votes' | 'by hand';
        readonly kind: MeasureStep['kind'];
        readonly roles: readonly string[];
        readonly open: number;
        readonly dueAt: string;
      };
  /** Name of the rule; null where none is known. */
  readonly rule: string | null;
  /** Left out where there is no on-call and all the people of the role are called. */
  readonly called?: Called;
}

export function callLines({ incident, asks, rule, called }: Call): readonly string[] {
  return [
    askedLine(incident, asks),
    ...(called === undefined ? [] : [calledLine(called)]),
    ...(rule ? [`Rule: ${inertOr(rule, 'unnamed', 80)}`] : []),
  ];
}

function askedLine(incident: string, asks: Call['asks']): string {
  switch (asks.is) {
    case 'asked':
      return `${incident} waits for a decision (${seatWords(asks.seats)}).`;
    case 'reminded':
      return `${incident} is still waiting for a decision (${asks.role}).`;
    case 'asked instead':
      return `${incident} is still waiting for a decision. Asked from now on: ${seatWords(asks.seats)}.`;
    case 'measures':
      return measuresLine(incident, asks);
  }
}

function measuresLine(list: string, asks: Extract<Call['asks'], { readonly is: 'measures' }>): string {
  const { about, kind, roles, open, dueAt } = asks;
  const who = roles.map((role) => inertOr(role, 'a role', 40)).join(', ');
  const told = kind === 'escalation' ? `Told because the policy names ${who} for this` : who;
  if (about === 'votes')
    return `${list}: measures about people still wait for approvals, until ${shortTime(dueAt)}; after that nothing of it is done (${told}).`;
  const lines = count(open, 'line for an administrator is', 'lines for an administrator are');
  const due = kind === 'reminder' ? `due ${shortTime(dueAt)}` : `overdue since ${shortTime(dueAt)}`;
  return `${list}: ${lines} open as far as anybody can see, ${due} (${told}).`;
}

function calledLine(called: Called): string {
  if (typeof called === 'object')
    return `Quiet hours: nobody is called by name until ${shortTime(called.quietUntil)}. Whoever reads this may decide now.`;
  return CALLED[called];
}

const CALLED: Readonly<Record<Extract<Called, string>, string>> = {
  'on call': 'Called: whoever is on call.',
  everybody: 'Called: whoever is on call first, and everybody else of the role.',
  'nobody on call': 'Nobody is on call now, so everybody of the role is called.',
  'no answer': 'Who is on call cannot be told now, so everybody of the role is called.',
  'none may decide': 'Whoever is on call may not decide this, so everybody of the role is called.',
};
