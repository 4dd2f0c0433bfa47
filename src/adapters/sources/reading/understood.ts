import { type Known, readAlert, type ToldAlert } from '../../../core/find/alert-reader.ts';
import type { Note } from '../../../core/find/reading.ts';
import { rowOf } from '../../../core/find/vendor-row.ts';
import type { Understood } from '../../../ports/source.ts';

/** What an adapter has found of one mail: in the form of our own alert, and not checked yet. */
export type Found = Readonly<Record<string, unknown>>;

/** What the vendor itself knows of a mail, apart from what the mail says: see `ToldAlert`. */
export interface Vouched {
  readonly delivered: readonly string[];
  readonly exercise?: boolean;
}

/** `came`: what it was found in, which is kept beside it. `vouched`: left out for our own form, in which all recipients are deliveries. */
export function understoodOf(found: Found, came: unknown, known: Known, vouched?: Vouched): Understood {
  const read = readAlert(found, known);
  if (!('alert' in read)) return { why: 'invalid-alert', problems: read.problems };
  const { alert, unreadablePeople, leftOut } = read;
  const told: ToldAlert = {
    ...alert,
    unreadablePeople,
    leftOut,
    row: rowOf(asText(came)),
    ...(vouched ? { delivered: vouched.delivered } : {}),
    ...(vouched?.exercise ? { exercise: true } : {}),
  };
  return { alert: told };
}

const asText = (came: unknown) => (typeof came === 'string' ? came : JSON.stringify(came));

export function refused(field: string, problem: string): Understood {
  return { why: 'invalid-alert', problems: [{ field, problem }] satisfies Note[] };
}

/** Findings that tell anything, none twice. */
export function findings(...texts: readonly (string | null)[]): readonly string[] {
  return [...new Set(texts.flatMap((text) => (text === null || text === '' ? [] : [text])))];
}
