/** What a `Message-ID` header says -> the id as Exchange keeps it. Only what is unambiguous is mended. */

export interface CleanMessageId {
  /** In angle brackets; null where none, or more than one, can be read. */
  readonly id: string | null;
  /** For people: what was mended, or why there is none. Null for an id that stood there as it should. */
  readonly note: string | null;
}

const MAX = 998;
const ID = /^<[\x21-\x3b\x3d\x3f-\x7e]+>$/;
/** The next header, glued to the id by a broken mailer. */
const GLUED_HEADER = /^\s*[A-Za-z][A-Za-z0-9-]*:(?:\s.*)?$/;

export function cleanMessageId(raw: string): CleanMessageId {
  const value = raw.replace(/\r?\n(?=[ \t])/g, '').trim();
  if (value === '') return none('it is empty');
  if (value.length > 4 * MAX) return none('it is too long');
  if (/[^\x20-\x7e\t]/.test(value)) return none('it holds characters that no id may have');
  if (ID.test(value)) return value.length > MAX ? none('it is too long') : { id: value, note: null };
  const found = onlyIdIn(withoutComments(value));
  if (found.id === null) return none(found.why);
  return { id: found.id, note: 'The Message-ID is malformed; it was read as the only id that it holds.' };
}

function none(why: string): CleanMessageId {
  return { id: null, note: `The Message-ID cannot be used, because ${why}.` };
}

type Found = { readonly id: string } | { readonly id: null; readonly why: string };

function onlyIdIn(value: string): Found {
  const bracketed = [...value.matchAll(/<([^<>]*)>/g)].map(([, inside = '']) => inside.trim());
  const outside = value.replace(/<[^<>]*>/g, ' ');
  if (bracketed.length === 0) return checked([onceOnly(withoutOneBracket(value))], true);
  // Outside of the brackets another id may hide, unless it is the next header that was glued on.
  const others = GLUED_HEADER.test(outside) ? [] : outside.split(/[\s,;<>]+/).filter((word) => word.includes('@'));
  return checked([...bracketed, ...others], false);
}

function withoutOneBracket(value: string): string {
  return value.replace(/^<\s*/, '').replace(/\s*>$/, '');
}

function onceOnly(value: string): string {
  const [only = '', ...others] = new Set(value.split(/\s+/));
  return others.length === 0 ? only : value;
}

/** Without brackets only what has an `@` is an id: `none` or `unknown` would make one mail of many. */
function checked(insides: readonly string[], needsAt: boolean): Found {
  const different = [...new Set(insides)];
  const [inside = ''] = different;
  if (different.length > 1) return { id: null, why: 'it holds different ids' };
  if (needsAt && !/^[^@]+@[^@]+$/.test(inside)) return { id: null, why: 'it holds no id' };
  const id = `<${inside}>`;
  if (!ID.test(id)) return { id: null, why: 'its id holds blanks or brackets, or is empty' };
  return id.length > MAX ? { id: null, why: 'it is too long' } : { id };
}

/** Comments of RFC 5322 stand outside of the brackets, may lie in each other, and are no part of the id. */
function withoutComments(value: string): string {
  let kept = '';
  let depth = 0;
  for (const [token] of value.matchAll(/<[^<>]*>|\\.|[^()<\\]+|./g)) {
    if (token === '(') depth += 1;
    else if (depth === 0) kept += token;
    else if (token === ')') {
      depth -= 1;
      kept += ' ';
    }
  }
  return kept.trim();
}
