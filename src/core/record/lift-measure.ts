import { type Flat, type Lift, list, number, orNull, seatsIn, text } from './flat.ts';
import type { MEASURING } from './payload-measure.ts';

/** As `lift.ts`: measures about people. No entry of these kinds is that old. */

const item = (d: Flat) => ({
  list: text(d, 'list'),
  item: number(d, 'item'),
  kind: text(d, 'kind'),
  errand: text(d, 'errand'),
  address: text(d, 'address'),
});

export const MEASURE_LIFTS: { readonly [T in keyof typeof MEASURING]: Lift<T> } = {
  'measures.wanted': (d) => ({
    list: text(d, 'list'),
    kinds: list(d, 'kinds'),
    playbook: orNull(d, 'playbook'),
    addresses: list(d, 'addresses'),
    reason: text(d, 'reason'),
    roles: list(d, 'roles'),
  }),
  'measures.asked': (d) => ({
    list: text(d, 'list'),
    digest: text(d, 'digest'),
    measures: [],
    byHand: [],
    policy: text(d, 'policy'),
    rules: list(d, 'rules'),
    seats: seatsIn(d),
    stepUp: orNull(d, 'stepUp'),
  }),
  'measures.refused': (d) => ({ list: orNull(d, 'list'), verb: text(d, 'verb'), roles: list(d, 'roles') }),
  'measures.approved': (d) => ({
    list: text(d, 'list'),
    digest: text(d, 'digest'),
    of: text(d, 'of'),
    count: number(d, 'count'),
    needed: number(d, 'needed'),
    rules: list(d, 'rules'),
    seats: seatsIn(d),
    roles: list(d, 'roles'),
    reason: orNull(d, 'reason'),
    signIn: null,
    account: text(d, 'account'),
  }),
  'measures.withdrawn': (d) => ({
    list: text(d, 'list'),
    of: text(d, 'of'),
    person: text(d, 'person'),
    name: text(d, 'name'),
  }),
  'measures.begun': (d) => ({
    list: text(d, 'list'),
    digest: text(d, 'digest'),
    of: text(d, 'of'),
    errand: text(d, 'errand'),
    items: [],
    approvedBy: list(d, 'approvedBy'),
  }),
  'measures.reminded': (d) => ({
    list: text(d, 'list'),
    step: text(d, 'step'),
    about: text(d, 'about'),
    kind: text(d, 'kind'),
    role: orNull(d, 'role'),
    open: number(d, 'open'),
    dueAt: text(d, 'dueAt'),
  }),
  'measures.closed': (d) => ({ list: text(d, 'list'), approvedBy: list(d, 'approvedBy') }),
  'measure.intent': (d) => ({ ...item(d), before: text(d, 'before') }),
  'measure.untried': (d) => ({ ...item(d), note: text(d, 'note') }),
  'measure.outcome': (d) => ({ ...item(d), after: orNull(d, 'after'), note: text(d, 'note') }),
};
