import { z } from 'zod';
import { ClawbackError } from '../../../core/error.ts';
import { inertOr } from '../../../core/text.ts';
import type { Unread } from '../../../core/unread.ts';

/**
 * How a value stands in a text column, as JSON. What says nothing of its version is of version 1. A later version says so,
 * as `{ "v": 2, … }`, and what does is left to a process that knows it.
 */
export interface Codec<T> {
  write(value: T): string;
  /** Throws ClawbackError, naming the document and where it stands: 'unavailable' for a newer version, else 'invalid'. */
  read(text: string, of: Place): T;
  /** For rows that are held against the record: says what is wrong in place of throwing. */
  look(text: string, of: Place): { readonly value: T } | { readonly unread: Unread };
}

/** Of whom it is: `id` names its row for people. */
export interface Place {
  readonly tenant: string;
  readonly id: string;
}

/** `later`: what is of a version after the one that `schema` knows. */
export function documentOf<T>(name: string, schema: z.ZodType<T>, later: z.ZodType = LATER): Codec<T> {
  function look(text: string, { tenant, id }: Place): ReturnType<Codec<T>['look']> {
    const found = parsed(text);
    const read = schema.safeParse(found);
    if (read.success) return { value: read.data };
    const what = `the stored ${name} of ${id} (tenant ${tenant})`;
    if (later.safeParse(found).success)
      return { unread: { what: `${what} is of a version that is not known here`, newer: true } };
    return { unread: { what: `${what} cannot be read: ${whyNot(read.error)}`, newer: false } };
  }
  return {
    write: (value) => JSON.stringify(value),
    look,
    read(text, of) {
      const seen = look(text, of);
      if ('value' in seen) return seen.value;
      throw new ClawbackError(seen.unread.newer ? 'unavailable' : 'invalid', seen.unread.what);
    },
  };
}

/** So much text at most is remembered for one kind of document. */
const MOST_REMEMBERED = 16_000_000;
const LONGEST_REMEMBERED = 50_000;

/**
 * The same, for what is read again and again as it was: by all of its text, so that what was changed is read anew. What is
 * remembered is shared by all who read it, and nobody can change it.
 */
export function remembering<T>(codec: Codec<T>): Codec<T> {
  const known = new Map<string, { readonly value: T }>();
  let letters = 0;
  function look(text: string, of: Place): ReturnType<Codec<T>['look']> {
    const before = known.get(text);
    if (before) return before;
    const seen = codec.look(text, of);
    if (!('value' in seen) || text.length > LONGEST_REMEMBERED) return seen;
    known.set(text, { value: frozen(seen.value) });
    letters += text.length;
    for (const oldest of known.keys()) {
      if (letters <= MOST_REMEMBERED) break;
      known.delete(oldest);
      letters -= oldest.length;
    }
    return seen;
  }
  return {
    ...codec,
    look,
    read(text, of) {
      const seen = look(text, of);
      return 'value' in seen ? seen.value : codec.read(text, of);
    },
  };
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

/** Names of what is in it may be among the words: whoever has written into it chose them. */
function whyNot({ issues: [issue] }: z.ZodError): string {
  const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
  return inertOr(`${where}${issue?.message ?? ''}`, 'it is none', 160);
}

const LATER = z.object({ v: z.int().min(2) });

/** Undefined fits no document. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Of the schema of a document: that it is of version 2, which is nothing that it says; and what is of a later one. */
export const SECOND = { v: z.literal(2).optional() };
export const AFTER_SECOND = z.object({ v: z.int().min(3) });

/** What an older process would take for broken is said to be of a later version; everything else stays what it can read. */
export function secondWhere<T extends object>(isLater: (value: T) => boolean, codec: Codec<T>): Codec<T> {
  return { ...codec, write: (value) => (isLater(value) ? JSON.stringify({ v: 2, ...value }) : codec.write(value)) };
}

/** Reads the documents of one row: what cannot be read has something else in its place, and the row says so. */
export function readingRow(of: Place) {
  let unread: Unread | null = null;
  return {
    take<T>(codec: Codec<T>, text: string, instead: T): T {
      const seen = codec.look(text, of);
      if ('value' in seen) return seen.value;
      unread ??= seen.unread;
      return instead;
    },
    /** The first that could not be read, as a row bears it. */
    marks: (): { readonly unread?: Unread } => (unread ? { unread } : {}),
  };
}
