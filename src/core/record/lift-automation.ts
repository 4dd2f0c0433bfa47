import { type Lift, list, number, text } from './flat.ts';
import type { AUTOMATING } from './payload-automation.ts';

/** As `lift.ts`: what automation took out. No entry of these kinds is that old. */

export const AUTOMATION_LIFTS: { readonly [T in keyof typeof AUTOMATING]: Lift<T> } = {
  'automation.listed': (d) => ({
    list: text(d, 'list'),
    from: text(d, 'from'),
    until: text(d, 'until'),
    clusters: [],
    odd: number(d, 'odd'),
    failed: number(d, 'failed'),
    ours: number(d, 'ours'),
    known: number(d, 'known'),
    left: number(d, 'left'),
    cutAt: null,
    digest: text(d, 'digest'),
  }),
  'automation.opened': (d) => ({
    list: text(d, 'list'),
    cluster: text(d, 'cluster'),
    digest: text(d, 'digest'),
    copies: number(d, 'copies'),
    roles: list(d, 'roles'),
  }),
  'automation.refused': (d) => ({ list: text(d, 'list'), cluster: text(d, 'cluster'), roles: list(d, 'roles') }),
};
