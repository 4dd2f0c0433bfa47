import { flag, type Lift, orNull, text } from './flat.ts';
import type { REPORTING } from './payload-report.ts';

/** As `lift.ts`: reports of people. No entry of these kinds is that old. */

export const REPORT_LIFTS: { readonly [T in keyof typeof REPORTING]: Lift<T> } = {
  'report.taken': (d) => ({
    channel: text(d, 'channel'),
    message: text(d, 'message'),
    name: text(d, 'name'),
    digest: text(d, 'digest'),
    proven: flag(d, 'proven'),
  }),
  'report.refused': (d) => ({
    channel: text(d, 'channel'),
    message: text(d, 'message'),
    name: orNull(d, 'name'),
    note: text(d, 'note'),
  }),
};
