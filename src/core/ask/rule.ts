import type { PolicyAction } from '../action/action.ts';
import type { MeasureKind } from '../measure/measure.ts';
import { count } from '../text.ts';
import type { Range } from './condition.ts';
import { type Escalation, LEAST_RECIPIENTS, nobodyLeft, type Rule, type Seat, type TenantPolicy } from './policy.ts';

/** Which rule decides about one action, and what it asks for. First match wins; no match refuses. */

export type Mode = 'live' | 'dry-run';

/** Everything a rule can look at. */
export interface Circumstances {
  readonly action: PolicyAction | MeasureKind;
  readonly mode: Mode;
  /** Name of the tenant. */
  readonly tenant: string;
  readonly copies: number;
  readonly mailboxes: number;
  /** Part of the tenant's mailboxes, 0 to 1; null where the tenant's size is not known. */
  readonly share: number | null;
  readonly vip: number;
  readonly legalHold: number;
  /** Names of the protected sets touched, with the number of mailboxes of each. */
  readonly protected: Readonly<Record<string, number>>;
  readonly confidence: number | null;
  readonly source: string;
  readonly verdict: string;
  readonly severity: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What a posted plan promises for one action. It stays as it is, whatever becomes of the policy. */
export type Terms =
  | { readonly is: 'refused'; readonly rule: string | null; readonly why: string }
  | {
      readonly is: 'asked';
      readonly rule: string;
      /** All of these, each by a person of its own. Seats of protected sets are among them. */
      readonly seats: readonly Seat[];
      readonly expiryMinutes: number;
      readonly escalation: readonly Escalation[];
      readonly reason: boolean;
      /** Authentication context that each approval needs, or null. */
      readonly stepUp: string | null;
      readonly actFirst: boolean;
      /** Nobody else is left to decide: who received the mail may. Absent in plans from before there was such a thing. */
      readonly recipientsMay?: boolean;
    };
export type Asked = Extract<Terms, { is: 'asked' }>;

export interface Judged {
  readonly rule: string;
  /** Why the rule does not fit; null for the one that decides. */
  readonly misfit: string | null;
}

export function termsOf(policy: TenantPolicy, circumstances: Circumstances): Terms {
  const rule = policy.rules.find((candidate) => misfitOf(candidate, circumstances) === null);
  return rule ? termsFrom(policy, rule, circumstances) : noRule(circumstances);
}

/** The way to the decision, rule by rule, up to the one that decides. */
export function judgeRules(policy: TenantPolicy, circumstances: Circumstances): readonly Judged[] {
  const judged: Judged[] = [];
  for (const rule of policy.rules) {
    const misfit = misfitOf(rule, circumstances);
    judged.push({ rule: rule.name, misfit });
    if (misfit === null) break;
  }
  return judged;
}

/** Why something is refused of which no rule speaks any more. */
export const NO_RULE = 'no rule allows it';

function noRule({ action }: Circumstances): Terms {
  return { is: 'refused', rule: null, why: `no rule of the policy allows ${action} here` };
}

function termsFrom(policy: TenantPolicy, rule: Rule, circumstances: Circumstances): Terms {
  if (!rule.approve) return { is: 'refused', rule: rule.name, why: rule.refuse ?? 'the policy refuses it' };
  const touched = setsTouched(policy, circumstances);
  const closed = touched.find(({ approve }) => approve === undefined);
  // They are left out of every plan; a caller that counted them in all the same is refused.
  if (closed) return { is: 'refused', rule: rule.name, why: `mailboxes of “${closed.name}” are never touched` };
  // Their approval has to come before anything is touched; without the containment people are asked first.
  if (rule.actFirst && touched[0])
    return { is: 'refused', rule: rule.name, why: `mailboxes of “${touched[0].name}” are not touched unasked` };
  const guards = guardsOf(policy, circumstances);
  // An escalation stands in for the rule's own seats: waiting must not open a protected set.
  const escalation = rule.escalation.map((step) => (step.ask ? { ...step, ask: [...step.ask, ...guards] } : step));
  return {
    is: 'asked',
    rule: rule.name,
    seats: [...rule.approve, ...guards],
    expiryMinutes: rule.expiryMinutes,
    escalation: escalation.sort((a, b) => a.afterMinutes - b.afterMinutes),
    reason: rule.reason,
    stepUp: rule.stepUp ?? null,
    actFirst: rule.actFirst,
    recipientsMay: false,
  };
}

function setsTouched({ mailboxes }: TenantPolicy, circumstances: Pick<Circumstances, 'protected'>) {
  return mailboxes.protected.filter(({ name }) => (circumstances.protected[name] ?? 0) > 0);
}

function guardsOf(policy: TenantPolicy, circumstances: Pick<Circumstances, 'protected'>): readonly Seat[] {
  return setsTouched(policy, circumstances).flatMap(({ approve }) => approve ?? []);
}

/**
 * The same terms for people who received the mail themselves; null where the policy wants none of that. Whoever guards
 * a protected set is asked all the same, and waiting puts nobody else on the seats.
 */
export function termsForRecipients(
  policy: TenantPolicy,
  terms: Asked,
  circumstances: Pick<Circumstances, 'protected'>,
): Asked | null {
  const left = nobodyLeft(policy);
  if (left === null || terms.actFirst) return null;
  const total = (seats: readonly Seat[]) => sum(seats.map((seat) => seat.count));
  const others = [...(left.approve ?? LEAST_RECIPIENTS), ...guardsOf(policy, circumstances)];
  return {
    ...terms,
    // Roles that the rule asks for are not given up because their holders received it: they may, and never fewer of them.
    seats: left.approve || total(terms.seats) < total(others) ? others : terms.seats,
    escalation: terms.escalation.filter(({ ask }) => ask === undefined),
    stepUp: terms.stepUp ?? left.stepUp ?? null,
    recipientsMay: true,
  };
}

/** Why `rule` does not speak about this; null when it does. Conditions are tried in the order people read them. */
function misfitOf({ when }: Rule, it: Circumstances): string | null {
  return (
    notIn('action', when.action, it.action) ??
    notIn('mode', when.mode, it.mode) ??
    notIn('tenant', when.tenant, it.tenant) ??
    outside('copies', when.copies, it.copies) ??
    outside('mailboxes', when.mailboxes, it.mailboxes) ??
    outside('share', when.share, it.share ?? 1) ??
    outside('vip', when.vip, it.vip) ??
    outside('protected', when.protected, sum(Object.values(it.protected))) ??
    outside('legalHold', when.legalHold, it.legalHold) ??
    outside('confidence', when.confidence, it.confidence ?? 0) ??
    notIn('source', when.source?.map(lower), lower(it.source)) ??
    notIn('verdict', when.verdict, it.verdict) ??
    notIn('severity', when.severity, it.severity) ??
    wrongTime(when.time, it.at)
  );
}

const lower = (text: string) => text.toLowerCase();
const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);

function notIn(what: string, allowed: readonly string[] | undefined, value: string): string | null {
  return allowed === undefined || allowed.includes(value) ? null : `${what} is not ${allowed.join(' or ')}`;
}

function outside(what: string, range: Range | undefined, value: number): string | null {
  if (range?.atLeast !== undefined && value < range.atLeast) return `${what} ${value} is below ${range.atLeast}`;
  return range?.atMost !== undefined && value > range.atMost ? `${what} ${value} is above ${range.atMost}` : null;
}

type Window = NonNullable<Rule['when']['time']>;
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

function wrongTime(window: Window | undefined, at: number): string | null {
  if (!window) return null;
  const { day, time } = localTime(at, window.zone);
  const says = `it is ${day} ${time} in ${window.zone}`;
  const overnight = window.to <= window.from;
  // The hours after midnight belong to the day on which the window began.
  const began = overnight && time < window.to ? dayBefore(day) : day;
  const inHours = overnight ? time >= window.from || time < window.to : time >= window.from && time < window.to;
  return inHours && window.days.includes(began) ? null : says;
}

function localTime(at: number, zone: string): { readonly day: (typeof DAYS)[number]; readonly time: string } {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? '';
  const day = DAYS.find((name) => name === lower(part('weekday').slice(0, 3)));
  return { day: day ?? 'mon', time: `${part('hour')}:${part('minute')}` };
}

function dayBefore(day: (typeof DAYS)[number]): (typeof DAYS)[number] {
  return DAYS[(DAYS.indexOf(day) + 6) % 7] ?? 'sun';
}

/** The seats that count after so many minutes of waiting: those of the last `ask` whose time has come. */
export function seatsAfter(terms: Asked, minutes: number): readonly Seat[] {
  const asked = terms.escalation.findLast((step) => step.ask !== undefined && step.afterMinutes <= minutes);
  return asked?.ask ?? terms.seats;
}

/** `2 × analyst and 1 × lead`. */
export function seatWords(seats: readonly Seat[]): string {
  return seats.map((seat) => `${seat.count} \u00d7 ${seat.role}`).join(' and ');
}

/** What the terms ask for, as one sentence for people. */
export function termsWords(terms: Terms): string {
  if (terms.is === 'refused') return `refused: ${terms.why}`;
  const more = [
    terms.reason ? 'each with a reason' : '',
    terms.stepUp ? `each with a fresh sign-in (${terms.stepUp})` : '',
    terms.actFirst ? 'done at once and rolled back unless confirmed' : '',
    terms.recipientsMay ? 'by people who received it themselves, because nobody else is left' : '',
  ].filter((part) => part !== '');
  const steps = terms.escalation.map(
    (step) =>
      `after ${count(step.afterMinutes, 'minute')} ${step.remind ? `${step.remind} is reminded` : `${seatWords(step.ask ?? [])} is asked instead`}`,
  );
  return [`${seatWords(terms.seats)} within ${count(terms.expiryMinutes, 'minute')}`, ...more, ...steps].join(', ');
}
