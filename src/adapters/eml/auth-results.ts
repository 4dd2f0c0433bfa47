import { domainOf } from '../../core/address.ts';
import { type Header, valuesOf } from './headers.ts';

/** Authentication-Results after RFC 8601: what stands in a comment or in quotes is somebody's text and no result. */

interface Result {
  /** Lower case, as are its result and the names of its properties. */
  readonly method: string;
  readonly result: string;
  readonly properties: readonly (readonly [name: string, value: string])[];
}

/** No server writes so much. */
const MAX_LENGTH = 20_000;

/** The domain of From that the last server has let pass by DMARC; null where it has not, or says two things. */
export function provenDomain(headers: readonly Header[]): string | null {
  const [only, ...others] = resultsOf(headers).filter(({ method }) => method === 'dmarc');
  return only?.result === 'pass' && others.length === 0 ? fromDomain([only]) : null;
}

/** The domain of From that the last server has looked at, whatever came of it. */
export function checkedDomain(headers: readonly Header[]): string | null {
  const results = resultsOf(headers);
  return fromDomain(results.filter(({ method }) => method === 'dmarc')) ?? fromDomain(results);
}

function fromDomain(results: readonly Result[]): string | null {
  const values = results
    .flatMap(({ properties }) => properties)
    .filter(([name]) => name === 'header.from')
    .map(([, value]) => domainOf(`x@${value.slice(value.lastIndexOf('@') + 1)}`));
  const [only = null, ...others] = new Set(values);
  return others.length === 0 ? only : null;
}

/** Of the first header: the last server's, and the only one not written by a sender. */
function resultsOf(headers: readonly Header[]): readonly Result[] {
  const [value = ''] = valuesOf(headers, 'authentication-results');
  // Cut, it could lose the result that speaks against the sender.
  if (value.length > MAX_LENGTH) return [];
  return partsOf(value).flatMap((words) => {
    const [[method, result] = ['', null], ...properties] = words.map(pairOf);
    if (result === null) return [];
    const known = properties.flatMap(([name, told]) => (told === null ? [] : [[name, told] as const]));
    return [{ method: method.replace(/\/\d+$/, ''), result: result.toLowerCase(), properties: known }];
  });
}

function pairOf(word: string): readonly [string, string | null] {
  const at = word.indexOf('=');
  if (at < 1) return [word.toLowerCase(), null];
  return [word.slice(0, at).toLowerCase(), word.slice(at + 1).replace(/^"([^"]*)"$/, '$1')];
}

/** The words between semicolons. A blank beside `=` separates nothing. */
function partsOf(value: string): readonly (readonly string[])[] {
  const parts: string[][] = [[]];
  for (const piece of piecesOf(value)) {
    if (piece === ';') parts.push([]);
    else addTo(parts.at(-1) ?? [], piece);
  }
  return parts.map((words) => words.filter((word) => word !== ''));
}

/** The last word is still being read; an empty one comes after a blank. */
function addTo(words: string[], piece: string): void {
  const word = words.pop() ?? '';
  if (piece === ' ') words.push(word, ...(word === '' || word.endsWith('=') ? [] : ['']));
  else if (piece === '=' && word === '' && words.at(-1)?.includes('=') === false) words.push(`${words.pop() ?? ''}=`);
  else words.push(word + piece);
}

/** A sign, a text in quotes, or a blank in the place of blanks and comments. One pass. */
function piecesOf(value: string): readonly string[] {
  const pieces: string[] = [];
  for (let at = 0; at < value.length; ) {
    const sign = value.charAt(at);
    const next = sign === '"' ? quotedEnd(value, at) : sign === '(' ? commentEnd(value, at) : at + 1;
    pieces.push(sign === '(' || /\s/.test(sign) ? ' ' : value.slice(at, next));
    at = next;
  }
  return pieces;
}

/** Behind the closing quote; one that never closes takes all the rest. */
function quotedEnd(value: string, from: number): number {
  for (let at = from + 1; at < value.length; at += 1) {
    if (value.charAt(at) === '\\') at += 1;
    else if (value.charAt(at) === '"') return at + 1;
  }
  return value.length;
}

function commentEnd(value: string, from: number): number {
  let depth = 0;
  for (let at = from; at < value.length; at += 1) {
    const sign = value.charAt(at);
    if (sign === '\\') at += 1;
    else if (sign === '(') depth += 1;
    else if (sign === ')') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return value.length;
}
