import type { ToldAlert } from '../../../src/core/find/alert-reader.ts';
import type { ReadMail, SentHeaders, SourceVendor } from '../../../src/ports/source.ts';

/** What a payload becomes, for tests that say in a line what they expect of it. */

export const KNOWN = { now: '2026-11-20T08:00:05Z', id: 'delivery-1' };

export function mailsOf(vendor: SourceVendor, payload: unknown, headers: SentHeaders = {}): readonly ReadMail[] {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
  if (!vendor.read) throw new Error('this vendor cannot be tried');
  return vendor.read(Buffer.from(text), KNOWN, headers);
}

export function alertsOf(vendor: SourceVendor, payload: unknown, headers: SentHeaders = {}): readonly ToldAlert[] {
  return mailsOf(vendor, payload, headers).map(({ understood }) => {
    if ('alert' in understood) return understood.alert;
    throw new Error(JSON.stringify(understood));
  });
}

export function alertOf(vendor: SourceVendor, payload: unknown, headers: SentHeaders = {}): ToldAlert {
  const [alert, ...more] = alertsOf(vendor, payload, headers);
  if (!alert || more.length > 0) throw new Error(`${more.length} more mails`);
  return alert;
}

/** Why it is none, as one text for each thing that was read. */
export function whyNot(vendor: SourceVendor, payload: unknown, headers: SentHeaders = {}): readonly string[] {
  return mailsOf(vendor, payload, headers).map(({ understood }) => {
    if ('alert' in understood) return 'an alert';
    return 'problems' in understood
      ? understood.problems.map(({ field, problem }) => `${field}: ${problem}`).join('; ')
      : understood.why;
  });
}
