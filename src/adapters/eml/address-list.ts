import { Address } from '../../core/find/alert.ts';

/**
 * The addresses of a header after RFC 5322, read by hand: a display name, a quoted string or a comment that looks like
 * an address is not one, however broken the header is. One pass, so that no header takes long.
 */

export interface Mailbox {
  /** In angle brackets, or the only word that stands there. Null where neither is an address. */
  readonly address: string | null;
  /** Addresses among several words: by the book they are part of a name. */
  readonly words: readonly string[];
  /** Those of them that stand behind the brackets, where no name has its place. */
  readonly behind: readonly string[];
  /** Addresses in comments. */
  readonly comments: readonly string[];
}

interface Draft {
  angle: string | null;
  words: string[];
  /** How many words stand before the brackets. */
  before: number;
  /** Names in quotes or encoded. */
  names: number;
  comments: string[];
}

const ENCODED_WORD = /=\?[^?\s]{1,60}\?[bq]\?[^?\s]*\?=/iy;
const WORD = /[^\s()<>,;:"]+/y;
const QUOTED_WORD = /"(?:[^"\\]|\\.)*"@[^\s()<>,;:"]+/sy;

export function mailboxesIn(value: string): readonly Mailbox[] {
  const list: List = { drafts: [empty()], quotes: true };
  for (let at = 0; at < value.length; ) at = readOne(value, at, list);
  return list.drafts
    .filter(({ angle, words, comments }) => angle !== null || words.length + comments.length > 0)
    .map(done);
}

interface List {
  readonly drafts: Draft[];
  /** Once one never ends, quotes are signs like any other. */
  quotes: boolean;
}

/** Answers where to go on. */
function readOne(value: string, at: number, list: List): number {
  const draft = list.drafts.at(-1) ?? empty();
  switch (value.charAt(at)) {
    case '(':
      return readComment(value, at, draft);
    case '<':
      // A second one without a comma is a second mailbox.
      return readAngle(value, at, draft.angle === null ? draft : started(list));
    case '"': {
      const next = list.quotes ? readQuoted(value, at, draft) : null;
      list.quotes &&= next !== null;
      return next ?? at + 1;
    }
    case ',':
    case ';':
      started(list);
      return at + 1;
    case ':':
      // What stands before it is the name of a group.
      Object.assign(draft, empty());
      return at + 1;
    default:
      return readWord(value, at, draft);
  }
}

function started({ drafts }: List): Draft {
  const draft = empty();
  drafts.push(draft);
  return draft;
}

function empty(): Draft {
  return { angle: null, words: [], before: 0, names: 0, comments: [] };
}

function done({ angle, words, before, names, comments }: Draft): Mailbox {
  const [only] = words;
  const address = angle ?? (words.length === 1 && names === 0 && only !== undefined ? only : null);
  return {
    address: address === null ? null : plain(address),
    words: words.flatMap((word) => plain(word) ?? []),
    behind: angle === null ? [] : words.slice(before).flatMap((word) => plain(word) ?? []),
    comments: comments.flatMap((text) => addressesInText(text)),
  };
}

function readWord(value: string, at: number, draft: Draft): number {
  const encoded = matchAt(ENCODED_WORD, value, at);
  if (encoded !== null) {
    draft.names += 1;
    return at + encoded.length;
  }
  const word = matchAt(WORD, value, at);
  if (word !== null) draft.words.push(word);
  return at + (word?.length ?? 1);
}

/** A name in quotes, or a quoted local part with its domain. Null: the quotes never end. */
function readQuoted(value: string, at: number, draft: Draft): number | null {
  const end = quotedEnd(value, at);
  if (end === null) return null;
  const address = value.charAt(end) === '@' ? matchAt(QUOTED_WORD, value, at) : null;
  if (address !== null) {
    draft.words.push(address);
    return at + address.length;
  }
  draft.names += 1;
  return end;
}

function quotedEnd(value: string, from: number): number | null {
  for (let at = from + 1; at < value.length; at += 1) {
    if (value.charAt(at) === '\\') at += 1;
    else if (value.charAt(at) === '"') return at + 1;
  }
  return null;
}

function readComment(value: string, from: number, draft: Draft): number {
  let depth = 0;
  let at = from;
  for (; at < value.length; at += 1) {
    const sign = value.charAt(at);
    if (sign === '\\') at += 1;
    else if (sign === '(') depth += 1;
    else if (sign === ')') depth -= 1;
    if (depth === 0) break;
  }
  draft.comments.push(value.slice(from + 1, at));
  return at + 1;
}

/** Up to the closing bracket; the innermost pair counts. One that never ends ends at a blank. */
function readAngle(value: string, from: number, draft: Draft): number {
  let start = from + 1;
  for (let at = start; at < value.length; at += 1) {
    const sign = value.charAt(at);
    // A quoted local part may hold every sign.
    if (sign === '"' && at === start) at += (matchAt(QUOTED_WORD, value, at)?.length ?? 1) - 1;
    else if (sign === '<') start = at + 1;
    else if (sign === '>') {
      draft.angle = withoutRoute(value.slice(start, at));
      draft.before = draft.words.length;
      return at + 1;
    }
  }
  draft.before = draft.words.length;
  draft.angle = withoutRoute(/^\s*[^\s,;]*/.exec(value.slice(start))?.[0] ?? '');
  return value.length;
}

/** RFC 5321 has receivers ignore `@relay.example:` before an address. */
function withoutRoute(address: string): string {
  return address.trim().replace(/^@[^:]*:/, '');
}

function matchAt(pattern: RegExp, value: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(value)?.[0] ?? null;
}

function plain(address: string): string | null {
  return Address.safeParse(address).success ? address : null;
}

function addressesInText(text: string): readonly string[] {
  return text.split(/[\s<>(),;:"]+/).flatMap((word) => (word.includes('@') ? (plain(word) ?? []) : []));
}
