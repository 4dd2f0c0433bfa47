import { z } from 'zod';
import { addressKey } from '../address.ts';
import { storable } from '../text.ts';
import { Address, InternetMessageId } from './alert.ts';

/** By what a person looks for mail. Every word of it is text that somebody typed, and stays text in every query. */

export const CRITERIA = ['sender', 'messageId', 'subject', 'urlHost', 'attachment'] as const;
export type Criterion = (typeof CRITERIA)[number];

/** Longest memory of any service: message trace keeps 90 days. */
export const LONGEST_DAYS = 90;
/** As long as advanced hunting remembers; learn.microsoft.com/defender-xdr/advanced-hunting-limits. */
const USUAL_DAYS = 30;

/** All that are given have to hold. `null`: not asked for. */
export const Criteria = z.strictObject({
  sender: z.string().nullable(),
  messageId: z.string().nullable(),
  /** Words that its subject holds, one after the other. */
  subject: z.string().nullable(),
  /** Of a link in it, or of a subdomain. */
  urlHost: z.string().nullable(),
  /** SHA-256 of an attached file, 64 hex digits in lower case. */
  attachment: z.string().nullable(),
  /** So far back. */
  days: z.int().min(1).max(LONGEST_DAYS),
  /**
   * Only what this account of the tenant sent to somebody inside: no service counts for that what bears its address and came from
   * outside. Left out: whatever else holds.
   */
  inside: z.literal(true).optional(),
});
export type Criteria = z.infer<typeof Criteria>;

/** As it was typed into a form or a command line. */
export type Typed = Readonly<Partial<Record<Criterion | 'days', string | null>>>;

/** Which field cannot be taken; `nothing`: none was filled in. */
export type CriteriaProblem = Criterion | 'days' | 'nothing';

const LONGEST_SUBJECT = 255;

type Read = (text: string) => string | null;

/** One line of at most so many characters, blanks folded: no query language has a way to end a string but a sign of its own. */
function oneLine(text: string, most: number): string | null {
  const folded = storable(text).replace(/\s+/gu, ' ').trim();
  return folded.length > most || /[\p{Cc}\u2028\u2029]/u.test(folded) ? null : folded;
}

const READERS: Readonly<Record<Criterion, Read>> = {
  sender: (text) => {
    const address = Address.safeParse(text).data;
    return address === undefined ? null : addressKey(address);
  },
  messageId: (text) => {
    const bracketed = text.startsWith('<') ? text : `<${text}>`;
    return InternetMessageId.safeParse(bracketed).data ?? null;
  },
  subject: (text) => oneLine(text, LONGEST_SUBJECT),
  urlHost: hostIn,
  attachment: (text) => (/^[0-9a-f]{64}$/i.test(text) ? text.toLowerCase() : null),
};

/** A host as it is, or the one of an address that was pasted whole; in ASCII, as services keep it. */
function hostIn(text: string): string | null {
  if (/[\s\p{Cc}\\]/u.test(text)) return null;
  const host = URL.parse(/^https?:\/\//i.test(text) ? text : `http://${text}`)?.hostname ?? '';
  return /^(?=.{1,253}$)[a-z0-9_-]+(\.[a-z0-9_-]+)+$/.test(host) ? host : null;
}

/** What was typed, as criteria; or the first field that cannot be taken. Nothing of it is repaired by guessing. */
export function criteriaOf(typed: Typed): { readonly criteria: Criteria } | { readonly problem: CriteriaProblem } {
  const read: Record<Criterion, string | null> = {
    sender: null,
    messageId: null,
    subject: null,
    urlHost: null,
    attachment: null,
  };
  for (const name of CRITERIA) {
    const text = (typed[name] ?? '').trim();
    if (text === '') continue;
    read[name] = READERS[name](text);
    if (read[name] === null || read[name] === '') return { problem: name };
  }
  const asked = (typed.days ?? '').trim() || String(USUAL_DAYS);
  const days = /^\d{1,3}$/.test(asked) ? Number(asked) : 0;
  if (days < 1 || days > LONGEST_DAYS) return { problem: 'days' };
  return CRITERIA.some((name) => read[name] !== null) ? { criteria: { ...read, days } } : { problem: 'nothing' };
}

/** Words of a subject, each to be asked for alone: blanks between them are kept in different ways, and folded here. */
export const wordsOf = (subject: string): readonly string[] => subject.split(' ');

/** Whether a subject holds what was asked for, one word after the other, however its blanks are kept. */
export function holdsSubject(subject: string | null, wanted: string): boolean {
  return (subject ?? '').replace(/\s+/gu, ' ').toLowerCase().includes(wanted.toLowerCase());
}

/** How the record has that only mail from inside was meant. */
export const INSIDE = { by: 'inside', value: 'yes' } as const;

/** Those that were asked for, in the order of the form. */
export function askedFor(criteria: Criteria): readonly { readonly by: Criterion; readonly value: string }[] {
  return CRITERIA.flatMap((by) => {
    const value = criteria[by];
    return value === null ? [] : [{ by, value }];
  });
}
