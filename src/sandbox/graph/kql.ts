import { badRequest } from './reply.ts';

export type Row = Readonly<Record<string, string | number>>;

export interface Token {
  readonly type: 'string' | 'word' | 'sign';
  readonly text: string;
}

type Test = (row: Row) => boolean;

const TOKEN =
  /\s*(?:@'((?:[^'])*)'|@"((?:[^"])*)"|'((?:[^'\\\n\r]|\\.)*)'|"((?:[^"\\\n\r]|\\.)*)"|(in~|[A-Za-z_]\w*|\d+[dhms]?)|(==|=~|!=|!~|>=|<=|[><(),|=]))/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '0': '\0' };
const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 };

function unescaped(text: string): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, sign: string) =>
    sign.length === 5 ? String.fromCharCode(Number.parseInt(sign.slice(1), 16)) : (ESCAPES[sign] ?? sign),
  );
}

function syntaxError(where: string): never {
  return badRequest(`The query failed: syntax error near '${where.slice(0, 40)}'.`);
}

/** Stages of a query, cut at each `|` outside a string. */
export function stages(query: string): Token[][] {
  const result: Token[][] = [[]];
  let depth = 0;
  TOKEN.lastIndex = 0;
  let end = 0;
  while (query.slice(end).trim() !== '') {
    const found = TOKEN.exec(query);
    if (!found) return syntaxError(query.slice(end));
    end = TOKEN.lastIndex;
    const token = tokenOf(found);
    depth += depthOf(token);
    if (depth === 0 && token.type === 'sign' && token.text === '|') result.push([]);
    else result.at(-1)?.push(token);
  }
  return result;
}

function depthOf({ type, text }: Token): number {
  if (type !== 'sign') return 0;
  return text === '(' ? 1 : text === ')' ? -1 : 0;
}

/** Stages of a query that stands in another one. */
function stagesIn(tokens: readonly Token[]): Token[][] {
  const result: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    depth += depthOf(token);
    if (depth === 0 && token.type === 'sign' && token.text === '|') result.push([]);
    else result.at(-1)?.push(token);
  }
  return result;
}

function tokenOf([, verbatim, verbatim2, single, double, word, sign]: RegExpExecArray): Token {
  const string = verbatim ?? verbatim2;
  if (string !== undefined) return { type: 'string', text: string };
  const escaped = single ?? double;
  if (escaped !== undefined) return { type: 'string', text: unescaped(escaped) };
  return word === undefined ? { type: 'sign', text: sign ?? '' } : { type: 'word', text: word };
}

/** The condition of a `where` stage. 400 for anything outside the documented shape of EmailEvents queries. */
export function condition(
  tokens: readonly Token[],
  columns: ReadonlySet<string>,
  now: number,
  /** The values of a query that stands in this one: of its only column. */
  inner: (stages: readonly (readonly Token[])[]) => readonly (string | number)[],
): Test {
  let at = 0;
  const peek = () => tokens[at]?.text ?? '';
  const isString = () => tokens[at]?.type === 'string';
  const isNext = (text: string) => !isString() && peek() === text;
  const take = (): Token => tokens[at++] ?? syntaxError('the end');

  function expect(text: string): void {
    if (!isNext(text)) syntaxError(peek());
    at += 1;
  }

  function either(): Test {
    let test = both();
    while (isNext('or')) {
      at += 1;
      const [left, right] = [test, both()];
      test = (row) => left(row) || right(row);
    }
    return test;
  }

  function both(): Test {
    let test = single();
    while (isNext('and')) {
      at += 1;
      const [left, right] = [test, single()];
      test = (row) => left(row) && right(row);
    }
    return test;
  }

  function single(): Test {
    if (!isNext('(')) return comparison();
    at += 1;
    const inner = either();
    expect(')');
    return inner;
  }

  function comparison(): Test {
    const column = take();
    if (column.type !== 'word' || !columns.has(column.text)) return badRequest(`Unknown column '${column.text}'.`);
    const op = operator(take());
    if (op === 'in' || op === 'in~') return among(column.text, op === 'in~');
    const wanted = value();
    return (row) => compare(row[column.text] ?? '', op, wanted);
  }

  function operator(token: Token): string {
    return token.type === 'string' ? syntaxError(token.text) : token.text;
  }

  function among(column: string, caseless: boolean): Test {
    const fold = (text: string) => (caseless ? text.toLowerCase() : text);
    expect('(');
    if (isNext('(')) {
      const found = new Set(inner(stagesIn(tabular())).map((one) => fold(String(one))));
      expect(')');
      return (row) => found.has(fold(String(row[column] ?? '')));
    }
    const wanted = new Set([fold(String(value()))]);
    while (isNext(',')) {
      at += 1;
      wanted.add(fold(String(value())));
    }
    expect(')');
    return (row) => wanted.has(fold(String(row[column] ?? '')));
  }

  /** What stands between the brackets of a query in this one: those in double brackets alone are taken. */
  function tabular(): readonly Token[] {
    expect('(');
    const from = at;
    for (let depth = 1; depth > 0; ) depth += depthOf(take());
    return tokens.slice(from, at - 1);
  }

  function value(): string | number {
    if (isString()) return take().text;
    if (isNext('ago')) return ago();
    if (isNext('todatetime')) return instant();
    const { text } = take();
    return /^\d+$/.test(text) ? Number(text) : syntaxError(text);
  }

  function instant(): number {
    at += 1;
    expect('(');
    const { type, text } = take();
    expect(')');
    const ms = type === 'string' ? Date.parse(text) : Number.NaN;
    return Number.isNaN(ms) ? syntaxError(text) : ms;
  }

  function ago(): number {
    at += 1;
    expect('(');
    const span = /^(\d+)([dhms])$/.exec(take().text) ?? syntaxError('ago(');
    expect(')');
    return now - Number(span[1]) * (UNIT_MS[span[2] ?? ''] ?? 0);
  }

  const test = either();
  if (at < tokens.length) syntaxError(peek());
  return test;
}

const COMPARE: Readonly<Record<string, (value: string | number, wanted: string | number) => boolean>> = {
  '==': (value, wanted) => value === wanted,
  '!=': (value, wanted) => value !== wanted,
  '=~': (value, wanted) => String(value).toLowerCase() === String(wanted).toLowerCase(),
  '!~': (value, wanted) => String(value).toLowerCase() !== String(wanted).toLowerCase(),
  '>': (value, wanted) => value > wanted,
  '>=': (value, wanted) => value >= wanted,
  '<': (value, wanted) => value < wanted,
  '<=': (value, wanted) => value <= wanted,
  has: (value, wanted) => String(value).toLowerCase().includes(String(wanted).toLowerCase()),
  contains: (value, wanted) => String(value).toLowerCase().includes(String(wanted).toLowerCase()),
  endswith: (value, wanted) => String(value).toLowerCase().endsWith(String(wanted).toLowerCase()),
  startswith: (value, wanted) => String(value).toLowerCase().startsWith(String(wanted).toLowerCase()),
};

function compare(value: string | number, op: string, wanted: string | number): boolean {
  const test = COMPARE[op] ?? badRequest(`Unknown operator '${op}'.`);
  return test(value, wanted);
}
