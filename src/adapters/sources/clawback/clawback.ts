import { readAlert } from '../../../core/find/alert-reader.ts';
import type { SourceVendor } from '../../../ports/source.ts';
import { answerBack } from './answers.ts';
import { unsigned, verifier } from './signature.ts';

/** Clawback's own form: one alert as a JSON object, signed after Standard Webhooks. For whoever can send what we document. */
export const clawback = {
  secrets: {
    form: /^whsec_[A-Za-z0-9+/]{16,}={0,2}(\s+whsec_[A-Za-z0-9+/]{16,}={0,2})*$/,
    looks: 'whsec_…',
  },
  push: {
    unsigned,
    verifier,
    /** One odd field never costs the alert: only where nothing is left to work with is it refused. */
    toAlert(bytes, known) {
      let data: unknown;
      try {
        data = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
      } catch {
        return { why: 'not-json' };
      }
      const read = readAlert(data, known);
      if (!('alert' in read)) return { why: 'invalid-alert', problems: read.problems };
      return { alert: { ...read.alert, unreadablePeople: read.unreadablePeople, leftOut: read.leftOut } };
    },
    answerBack,
  },
  pull: null,
} as const satisfies SourceVendor;
