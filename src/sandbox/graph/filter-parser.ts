import { badRequest } from './reply.ts';

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
export type Literal = string | number | boolean | null;

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly inner: Filter }
  | { readonly kind: 'compare'; readonly field: string; readonly op: Comparison; readonly value: Literal }
  | {
      readonly kind: 'call';
      readonly name: 'startswith' | 'endswith' | 'contains';
      readonly field: string;
      readonly value: string;
    }
  /** It equals one of the values; 15 at most (learn.microsoft.com/graph/filter-query-parameter). */
  | { readonly kind: 'in'; readonly field: string; readonly values: readonly string[] }
  /** Some element of a collection of strings equals the value. */
  | { readonly kind: 'any'; readonly field: string; readonly value: string };

interface Token {
  readonly type: 'string' | 'word' | 'sign';
  readonly text: string;
}

const MOST_ALTERNATIVES = 15;
const COMPARISONS: ReadonlySet<string> = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le']);
const CALLS: ReadonlySet<string> = new Set(['startswith', 'endswith', 'contains']);
const TOKEN = /\s*(?:'((?:[^']|'')*)'|([A-Za-z0-9_@.:+/-]+)|([(),]))/y;

/** The part of OData's $filter that Exchange and the directory understand. 400 BadRequest for anything else. */
export function parseFilter(text: string): Filter {
  const tokens = tokenize(text);
  let at = 0;
  const invalid = (): never => badRequest(`Invalid filter clause: syntax error at position ${at} in the expression.`);
  const take = (): Token => tokens[at++] ?? invalid();
  const isSign = (sign: string) => tokens[at]?.type === 'sign' && tokens[at]?.text === sign;
  const isWord = (word: string) => tokens[at]?.type === 'word' && tokens[at]?.text === word;

  function sign(text: string): void {
    if (!isSign(text)) invalid();
    at += 1;
  }

  function string(): string {
    const token = take();
    return token.type === 'string' ? token.text : invalid();
  }

  function word(): string {
    const token = take();
    return token.type === 'word' ? token.text : invalid();
  }

  function either(): Filter {
    let left = both();
    while (isWord('or')) {
      at += 1;
      left = { kind: 'or', left, right: both() };
    }
    return left;
  }

  function both(): Filter {
    let left = single();
    while (isWord('and')) {
      at += 1;
      left = { kind: 'and', left, right: single() };
    }
    return left;
  }

  function single(): Filter {
    if (isWord('not')) {
      at += 1;
      return { kind: 'not', inner: single() };
    }
    if (isSign('(')) {
      at += 1;
      const inner = either();
      sign(')');
      return inner;
    }
    return condition();
  }

  function condition(): Filter {
    const name = word();
    if (isSign('(')) return CALLS.has(name) ? call(name as 'contains') : any(name);
    const op = word();
    if (op === 'in') return { kind: 'in', field: name, values: list() };
    if (!COMPARISONS.has(op)) invalid();
    return { kind: 'compare', field: name, op: op as Comparison, value: literal() };
  }

  function call(name: 'startswith' | 'endswith' | 'contains'): Filter {
    sign('(');
    const field = word();
    sign(',');
    const value = string();
    sign(')');
    return { kind: 'call', name, field, value };
  }

  function list(): readonly string[] {
    sign('(');
    const values = [string()];
    while (isSign(',')) {
      at += 1;
      values.push(string());
    }
    sign(')');
    if (values.length > MOST_ALTERNATIVES)
      badRequest(
        `Too many child clauses specified in search filter expression containing 'OR' operators: ${values.length}. Max allowed: ${MOST_ALTERNATIVES}.`,
      );
    return values;
  }

  /** `proxyAddresses/any(x:x eq 'smtp:..')`, the only lambda there is. */
  function any(name: string): Filter {
    if (!name.endsWith('/any')) invalid();
    sign('(');
    const variable = lambdaVariable(word(), word);
    if (variable === null || word() !== 'eq') invalid();
    const value = string();
    sign(')');
    return { kind: 'any', field: name.slice(0, -'/any'.length), value };
  }

  function literal(): Literal {
    const token = take();
    if (token.type === 'string') return token.text;
    if (token.type === 'sign') return invalid();
    if (token.text === 'true' || token.text === 'false') return token.text === 'true';
    if (token.text === 'null') return null;
    if (/^-?\d+(?:\.\d+)?$/.test(token.text)) return Number(token.text);
    return date(token.text) ?? invalid();
  }

  const filter = either();
  if (at < tokens.length) invalid();
  return filter;
}

/** `x:x` comes as one word, `x: x` as two. */
function lambdaVariable(first: string, next: () => string): string | null {
  const [name, use] = first.split(':');
  const used = use === undefined || use === '' ? next() : use;
  return name === used ? used : null;
}

/** Dates compare as milliseconds. */
function date(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  let end = 0;
  while (text.slice(end).trim() !== '') {
    const found = TOKEN.exec(text);
    if (!found) badRequest(`Invalid filter clause: there is an unterminated literal or a bad sign at position ${end}.`);
    end = TOKEN.lastIndex;
    tokens.push(tokenOf(found));
  }
  return tokens;
}

function tokenOf([, string, word, sign]: RegExpExecArray): Token {
  if (string !== undefined) return { type: 'string', text: string.replaceAll("''", "'") };
  return word === undefined ? { type: 'sign', text: sign ?? '' } : { type: 'word', text: word };
}
