import { type Piece, refuse } from './kql-tokens.ts';
import { badRequest } from './reply.ts';

/** Expressions of the query language: columns, comparisons, and the functions that these tables are asked with. */

export type ColumnType = 'DateTime' | 'String' | 'Int64' | 'Boolean' | 'Object';
export type Cells = Readonly<Record<string, unknown>>;

export interface Scope {
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** What `let` gave a name. */
  readonly lists: ReadonlyMap<string, readonly unknown[]>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface Expression {
  readonly type: ColumnType;
  readonly of: (row: Cells) => unknown;
}

const UNIT_MS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000 };

/** 400 for what is no expression, and for a dynamic value that is compared without `tostring`, as the service refuses it. */
export function expression(all: readonly Piece[], scope: Scope): Expression {
  let at = 0;
  const peek = () => all[at];
  const isNext = (text: string) => peek()?.type !== 'string' && peek()?.text === text;
  const take = (): Piece => all[at++] ?? refuse('the end');
  const expect = (text: string) => (isNext(text) ? void take() : refuse(peek()?.text ?? 'the end'));

  function either(): Expression {
    let left = both();
    while (isNext('or')) {
      take();
      const [one, other] = [left, both()];
      left = { type: 'Boolean', of: (row) => one.of(row) === true || other.of(row) === true };
    }
    return left;
  }

  function both(): Expression {
    let left = comparison();
    while (isNext('and')) {
      take();
      const [one, other] = [left, comparison()];
      left = { type: 'Boolean', of: (row) => one.of(row) === true && other.of(row) === true };
    }
    return left;
  }

  function comparison(): Expression {
    const left = part();
    const op = peek();
    if (!op || op.type === 'string' || !(op.text in COMPARE || op.text in LISTED)) return left;
    take();
    if (left.type === 'Object') return badRequest(`Cannot compare values of types dynamic by '${op.text}'.`);
    const listed = LISTED[op.text];
    if (listed) {
      const values = list();
      return { type: 'Boolean', of: (row) => listed(left.of(row), values) };
    }
    const right = part();
    const compare = COMPARE[op.text] ?? refuse(op.text);
    return { type: 'Boolean', of: (row) => compare(left.of(row), right.of(row)) };
  }

  /** `(U)`, the name of a list, or `('a', 'b')`. */
  function list(): readonly unknown[] {
    expect('(');
    const named = peek()?.type === 'word' ? scope.lists.get(peek()?.text ?? '') : undefined;
    if (named) {
      take();
      expect(')');
      return named;
    }
    const values: unknown[] = [literal()];
    while (isNext(',')) {
      take();
      values.push(literal());
    }
    expect(')');
    return values;
  }

  function literal(): unknown {
    const { type, text } = take();
    if (type === 'string') return text;
    return type === 'number' ? Number(text) : refuse(text);
  }

  /** With what is asked of a dynamic value behind it. */
  function part(): Expression {
    let value = primary();
    while (isNext('.') || isNext('[')) {
      if (value.type !== 'Object') return badRequest('Only a dynamic value has parts.');
      const isName = take().text === '.';
      const name = isName ? take().text : literal();
      if (!isName) expect(']');
      const whole = value;
      value = { type: 'Object', of: (row) => inside(whole.of(row), name) };
    }
    return value;
  }

  function primary(): Expression {
    const piece = take();
    if (piece.type === 'string') return { type: 'String', of: () => piece.text };
    if (piece.type === 'number') return { type: 'Int64', of: () => Number(piece.text) };
    if (piece.text === '(') {
      const inner = either();
      expect(')');
      return inner;
    }
    if (piece.text === 'true' || piece.text === 'false') return { type: 'Boolean', of: () => piece.text === 'true' };
    if (isNext('(')) return call(piece.text);
    const type = Object.hasOwn(scope.columns, piece.text) ? scope.columns[piece.text] : undefined;
    if (type === undefined)
      return badRequest(`'where' operator: Failed to resolve scalar expression named '${piece.text}'.`);
    return { type, of: (row) => row[piece.text] ?? null };
  }

  function call(name: string): Expression {
    expect('(');
    if (name === 'ago' || name === 'bin') return timed(name);
    const args = [either()];
    while (isNext(',')) {
      take();
      args.push(either());
    }
    expect(')');
    const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (!known) return badRequest(`Unknown function: '${name}'.`);
    return { type: known.type, of: (row) => known.of(...args.map((arg) => arg.of(row))) };
  }

  function timed(name: 'ago' | 'bin'): Expression {
    const inner = name === 'bin' ? part() : null;
    if (inner) expect(',');
    const span = /^(\d+)([dhms])$/.exec(take().text) ?? refuse(name);
    const ms = Number(span[1]) * (UNIT_MS[span[2] ?? ''] ?? 0);
    expect(')');
    if (!inner) return { type: 'DateTime', of: () => scope.now - ms };
    return { type: 'DateTime', of: (row) => Math.floor(Number(inner.of(row)) / ms) * ms };
  }

  const whole = either();
  return at < all.length ? refuse(peek()?.text ?? '') : whole;
}

function inside(value: unknown, name: unknown): unknown {
  if (typeof value !== 'object' || value === null) return null;
  return (value as Record<string, unknown>)[String(name)] ?? null;
}

const folded = (value: unknown) => String(value ?? '').toLowerCase();

const LISTED: Readonly<Record<string, (value: unknown, list: readonly unknown[]) => boolean>> = {
  in: (value, list) => list.includes(value),
  'in~': (value, list) => list.some((one) => folded(one) === folded(value)),
  has_any: (value, list) => list.some((one) => folded(value).includes(folded(one))),
};

const COMPARE: Readonly<Record<string, (value: unknown, wanted: unknown) => boolean>> = {
  '==': (value, wanted) => value === wanted,
  '!=': (value, wanted) => value !== wanted,
  '=~': (value, wanted) => folded(value) === folded(wanted),
  '!~': (value, wanted) => folded(value) !== folded(wanted),
  '>': (value, wanted) => Number(value) > Number(wanted),
  '>=': (value, wanted) => Number(value) >= Number(wanted),
  '<': (value, wanted) => Number(value) < Number(wanted),
  '<=': (value, wanted) => Number(value) <= Number(wanted),
  contains: (value, wanted) => folded(value).includes(folded(wanted)),
  '!contains': (value, wanted) => !folded(value).includes(folded(wanted)),
  has: (value, wanted) => folded(value).includes(folded(wanted)),
  startswith: (value, wanted) => folded(value).startsWith(folded(wanted)),
  endswith: (value, wanted) => folded(value).endsWith(folded(wanted)),
};

interface Function {
  readonly type: ColumnType;
  readonly of: (...values: readonly unknown[]) => unknown;
}

const FUNCTIONS: Readonly<Record<string, Function>> = {
  tostring: {
    type: 'String',
    // Compact, as the service writes a dynamic value.
    of: (value) => (value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)),
  },
  tolower: { type: 'String', of: folded },
  toint: { type: 'Int64', of: (value) => (value === null || Number.isNaN(Number(value)) ? null : Number(value)) },
  isnotempty: { type: 'Boolean', of: (value) => value !== null && value !== '' },
  isempty: { type: 'Boolean', of: (value) => value === null || value === '' },
  split: { type: 'Object', of: (value, by) => String(value ?? '').split(String(by)) },
  todatetime: { type: 'DateTime', of: (value) => Date.parse(String(value)) },
};
