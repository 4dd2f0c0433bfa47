import { flag, type Lift, list, number, orNull, text } from './flat.ts';
import type { FLAGGING } from './payload-flag.ts';

/** As `lift.ts`: flagged mailboxes. No entry of these kinds is that old. */

export const FLAG_LIFTS: { readonly [T in keyof typeof FLAGGING]: Lift<T> } = {
  'flag.raised': (d) => ({
    flag: text(d, 'flag'),
    person: text(d, 'person'),
    address: text(d, 'address'),
    reason: text(d, 'reason'),
    byHand: flag(d, 'byHand'),
    cause: orNull(d, 'cause'),
    dueAt: text(d, 'dueAt'),
  }),
  'flag.raised-again': (d) => ({
    flag: text(d, 'flag'),
    reason: text(d, 'reason'),
    cause: orNull(d, 'cause'),
    dueAt: text(d, 'dueAt'),
    held: false,
  }),
  'flag.taken': (d) => ({ flag: text(d, 'flag'), from: orNull(d, 'from'), roles: list(d, 'roles') }),
  'flag.contained': (d) => ({ flag: text(d, 'flag'), roles: list(d, 'roles'), seen: false, since: null, open: [] }),
  'flag.looked': (d) => ({
    flag: text(d, 'flag'),
    when: text(d, 'when'),
    is: text(d, 'is'),
    findings: number(d, 'findings'),
    unlooked: [],
  }),
  'flag.agreed': (d) => ({
    flag: text(d, 'flag'),
    reason: text(d, 'reason'),
    roles: list(d, 'roles'),
    account: text(d, 'account'),
    count: number(d, 'count'),
    needed: number(d, 'needed'),
  }),
  'flag.cleared': (d) => ({
    flag: text(d, 'flag'),
    people: list(d, 'people'),
    reason: text(d, 'reason'),
    is: text(d, 'is'),
    findings: number(d, 'findings'),
    unlooked: [],
    before: null,
  }),
  'flag.reopened': (d) => ({
    flag: text(d, 'flag'),
    reason: text(d, 'reason'),
    roles: list(d, 'roles'),
    dueAt: text(d, 'dueAt'),
    held: false,
  }),
  'flag.refused': (d) => ({ flag: orNull(d, 'flag'), verb: text(d, 'verb'), roles: list(d, 'roles') }),
  'flag.called': (d) => ({
    flag: text(d, 'flag'),
    step: text(d, 'step'),
    dueAt: text(d, 'dueAt'),
    person: text(d, 'person'),
  }),
  'flag.told': (d) => ({
    flag: text(d, 'flag'),
    step: text(d, 'step'),
    dueAt: text(d, 'dueAt'),
    person: text(d, 'person'),
    note: text(d, 'note'),
  }),
  'flag.reminded': (d) => ({
    flag: text(d, 'flag'),
    step: text(d, 'step'),
    dueAt: text(d, 'dueAt'),
    told: number(d, 'told'),
    of: number(d, 'of'),
  }),
};
