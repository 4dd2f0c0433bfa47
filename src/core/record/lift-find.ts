import type { FinderStatus } from '../find/finder.ts';
import { type Flat, flag, type Lift, list, number, numberOrNull, orNull, text } from './flat.ts';
import type { FINDING } from './payload-find.ts';
import type { DetailOf } from './payloads.ts';

/** As `lift.ts`: alerts, and looking for copies. */

const alert: Lift<'alert.received'> = (detail) => ({
  source: text(detail, 'source'),
  says: orNull(detail, 'says'),
  alert: text(detail, 'alert'),
  verdict: text(detail, 'verdict'),
  severity: text(detail, 'severity'),
  sender: orNull(detail, 'sender'),
  internetMessageId: orNull(detail, 'internetMessageId'),
  delivery: text(detail, 'delivery'),
  recipients: number(detail, 'recipients'),
  confidence: numberOrNull(detail, 'confidence'),
  previous: orNull(detail, 'previous'),
  heard: orNull(detail, 'heard'),
});

const STATUSES: readonly FinderStatus[] = ['answered', 'off', 'no id', 'refused', 'busy', 'silent'];
const statusOf = (said: string): FinderStatus => STATUSES.find((status) => status === said) ?? 'silent';

/** `answered, 2026-11-20T08:00:00.000Z: 3 named, cut off, 429`. */
function planFinder([key, said]: [string, Flat[string]]) {
  const [, status = '', asOf = '', found = '0', cut, detail = ''] =
    /^([^,]*), (\S*): (\d+) named(, cut off)?(?:, (.*))?$/s.exec(String(said)) ?? [];
  const name = key.slice('finder.'.length);
  return { name, status: statusOf(status), found: Number(found), cutOff: cut !== undefined, asOf, detail };
}

/** `two people: 2 × approver within 60 minutes`. */
function planRule([key, said]: [string, Flat[string]]) {
  const words = String(said);
  const end = words.indexOf(': ');
  const rule = end < 0 ? 'no rule' : words.slice(0, end);
  const action = key.slice('rule.'.length);
  return { action, rule: rule === 'no rule' ? null : rule, terms: end < 0 ? words : words.slice(end + 2) };
}

const keyed = (detail: Flat, prefix: string) => Object.entries(detail).filter(([key]) => key.startsWith(prefix));

/** The fields of the first finder have no number. Looks from before there could be another speak of hunting. */
function lookFinders(detail: Flat) {
  const names = orNull(detail, 'finders') === null ? ['hunting'] : list(detail, 'finders', ', ');
  return names.map((name, n) => {
    const nth = (field: string) => (n === 0 ? field : `${field}.${n}`);
    const status = statusOf(text(detail, nth('finder')));
    const [found, cutOff] = [number(detail, nth('named')), flag(detail, nth('cutOff'))];
    return { name, status, found, cutOff, detail: text(detail, nth('why')) };
  });
}

function lookIn(detail: Flat): DetailOf<'scope.looked'>['look'] {
  const left = {
    denied: number(detail, 'denied'),
    unreachable: number(detail, 'unreachable'),
    missing: number(detail, 'missing'),
    unresolved: number(detail, 'unresolved'),
    unresolvedFirst: orNull(detail, 'unresolvedFirst'),
    notLooked: number(detail, 'notLooked'),
    shielded: number(detail, 'protected'),
    shieldedBy: orNull(detail, 'protectedBy'),
    unsure: number(detail, 'unsure'),
  };
  return {
    finders: lookFinders(detail),
    grown: number(detail, 'grown'),
    failed: number(detail, 'failed'),
    failedFirst: orNull(detail, 'failedFirst'),
    left: detail['denied'] === undefined ? null : left,
    again: flag(detail, 'again'),
  };
}

const recoveredIn = (detail: Flat) => ({
  copies: number(detail, 'recovered'),
  first: orNull(detail, 'recoveredFirst'),
  kept: number(detail, 'recoveredKept'),
  keptSeen: orNull(detail, 'recoveredSeen'),
});

export const FINDING_LIFTS: { readonly [T in keyof typeof FINDING]: Lift<T> } = {
  'alert.received': alert,
  'alert.repeated': alert,
  'mailbox.read': (d) => ({ address: text(d, 'address'), messages: number(d, 'messages'), note: text(d, 'note') }),
  'search.kept': (d) => ({
    search: text(d, 'search'),
    part: text(d, 'part'),
    mailboxes: number(d, 'mailboxes'),
    answer: text(d, 'answer'),
  }),
  'plan.made': (d) => ({
    copies: number(d, 'copies'),
    mailboxes: number(d, 'mailboxes'),
    read: number(d, 'read'),
    nothing: number(d, 'nothing'),
    denied: number(d, 'denied'),
    missing: number(d, 'missing'),
    unreachable: number(d, 'unreachable'),
    failed: number(d, 'failed'),
    leftAlone: number(d, 'leftAlone'),
    unsure: number(d, 'unsure'),
    takenIn: number(d, 'takenIn'),
    unresolved: number(d, 'unresolved'),
    notLooked: number(d, 'notLooked'),
    trackingCut: flag(d, 'trackingCut'),
    shielded: number(d, 'shielded'),
    vip: number(d, 'vip'),
    legalHold: number(d, 'legalHold'),
    mode: orNull(d, 'mode'),
    foundBy: text(d, 'foundBy'),
    finders: keyed(d, 'finder.').map(planFinder),
    policy: orNull(d, 'policy'),
    recipientsMay: flag(d, 'recipientsMay'),
    rules: keyed(d, 'rule.').map(planRule),
  }),
  'invitations.seen': (d) => ({ copies: number(d, 'copies') }),
  'plan.grown': (d) => ({
    run: orNull(d, 'run'),
    copies: number(d, 'copies'),
    child: text(d, 'child'),
    childDigest: text(d, 'childDigest'),
    childHeard: orNull(d, 'childHeard'),
  }),
  'scope.checked': (d) => ({
    run: orNull(d, 'run'),
    grown: number(d, 'grown'),
    shielded: number(d, 'shielded'),
    looked: number(d, 'looked'),
    noted: number(d, 'noted'),
    look: d['finder'] === undefined && d['finders'] === undefined ? null : lookIn(d),
  }),
  'scope.looked': (d) => ({
    because: text(d, 'because'),
    nth: number(d, 'nth'),
    looked: number(d, 'looked'),
    noted: number(d, 'noted'),
    look: lookIn(d),
    recovered: recoveredIn(d),
  }),
  'scope.recovered': (d) => ({ recovered: recoveredIn(d) }),
  'sets.checked': (d) => ({ set: orNull(d, 'set'), why: orNull(d, 'why') }),
};
