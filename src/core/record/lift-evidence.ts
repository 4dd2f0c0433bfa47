import { type Flat, type Lift, list, number, numberOrNull, orNull, text } from './flat.ts';
import type { EVIDENCE } from './payload-evidence.ts';

/** As `lift.ts`: what is kept of a mail. No entry of these kinds is that old. */

const form = (d: Flat) => ({
  kind: text(d, 'kind'),
  networkMessageId: orNull(d, 'networkMessageId'),
  internetMessageId: orNull(d, 'internetMessageId'),
});

export const EVIDENCE_LIFTS: { readonly [T in keyof typeof EVIDENCE]: Lift<T> } = {
  'evidence.kept': (d) => ({
    ...form(d),
    digest: text(d, 'digest'),
    bytes: number(d, 'bytes'),
    headers: numberOrNull(d, 'headers'),
  }),
  'evidence.missed': (d) => ({ ...form(d), tries: number(d, 'tries'), note: text(d, 'note') }),
  'evidence.let-go': (d) => ({
    digests: list(d, 'digests'),
    bytes: number(d, 'bytes'),
    before: text(d, 'before'),
  }),
  'evidence.read': (d) => ({ ...form(d), digest: text(d, 'digest'), way: text(d, 'way') }),
};
