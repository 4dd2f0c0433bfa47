import { type Lift, list, number, orNull, text } from './flat.ts';
import type { INQUIRING } from './payload-inquiry.ts';

/** As `lift.ts`: searches of people. No entry of these kinds is that old. */

export const INQUIRY_LIFTS: { readonly [T in keyof typeof INQUIRING]: Lift<T> } = {
  'inquiry.asked': (d) => ({
    inquiry: text(d, 'inquiry'),
    criteria: [],
    days: number(d, 'days'),
    reason: text(d, 'reason'),
    roles: list(d, 'roles'),
    second: orNull(d, 'second'),
  }),
  'inquiry.about': (d) => ({
    inquiry: text(d, 'inquiry'),
    address: text(d, 'address'),
    days: number(d, 'days'),
    reason: text(d, 'reason'),
  }),
  'inquiry.allowed': (d) => ({ inquiry: text(d, 'inquiry'), roles: list(d, 'roles'), digest: text(d, 'digest') }),
  'inquiry.refused': (d) => ({ inquiry: orNull(d, 'inquiry'), roles: list(d, 'roles') }),
  'inquiry.heard': (d) => ({
    inquiry: text(d, 'inquiry'),
    question: text(d, 'question'),
    digest: text(d, 'digest'),
  }),
  'inquiry.answered': (d) => ({
    inquiry: text(d, 'inquiry'),
    mails: number(d, 'mails'),
    copies: number(d, 'copies'),
    coverage: [],
    lists: [],
    answer: null,
  }),
  'inquiry.seen': (d) => ({ inquiry: text(d, 'inquiry') }),
  'inquiry.filed': (d) => ({
    inquiry: text(d, 'inquiry'),
    mail: text(d, 'mail'),
    digest: text(d, 'digest'),
    copies: number(d, 'copies'),
    clicked: null,
  }),
};
