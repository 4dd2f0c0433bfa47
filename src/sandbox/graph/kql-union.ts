import { type Cells, type ColumnType, type Expression, expression, type Scope } from './kql-expression.ts';
import { cutAt, type Piece, pieces, refuse } from './kql-tokens.ts';
import { badRequest } from './reply.ts';

/** Queries that give lists a name and join several tables: `let`, `union`, `summarize`. The others are read by `kql.ts`. */

export interface Sheet {
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly rows: readonly Cells[];
}

interface Around {
  readonly now: number;
  /** 400 for a table that the tenant does not have. */
  readonly table: (name: string) => Sheet;
}

export const isJoining = (query: string) => /^\s*(?:let|union)\b/.test(query);

export function joined(query: string, around: Around): Sheet {
  const statements = cutAt(pieces(query), ';');
  const lists = new Map<string, readonly unknown[]>();
  for (const statement of statements.slice(0, -1)) lists.set(...listIn(statement));
  return pipeline(statements.at(-1) ?? [], lists, around);
}

/** `let U = dynamic(["a", "b"])`. */
function listIn([verb, name, equals, dynamic, ...rest]: readonly Piece[]): [string, readonly unknown[]] {
  if (verb?.text !== 'let' || !name || equals?.text !== '=' || dynamic?.text !== 'dynamic') refuse('let');
  const inner = rest.slice(2, -2);
  const isList =
    rest[0]?.text === '(' && rest[1]?.text === '[' && rest.at(-1)?.text === ')' && rest.at(-2)?.text === ']';
  const fits = inner.every(({ type, text }, n) => (n % 2 === 0 ? type === 'string' : text === ','));
  if (!isList || !fits) refuse('dynamic');
  return [name.text, inner.filter((_, n) => n % 2 === 0).map(({ text }) => text)];
}

function pipeline(all: readonly Piece[], lists: Scope['lists'], around: Around): Sheet {
  const [source = [], ...stages] = cutAt(all, '|');
  let sheet = source[0]?.text === 'union' ? unionOf(source.slice(1), lists, around) : around.table(named(source));
  for (const [verb, ...rest] of stages) {
    const scope: Scope = { columns: sheet.columns, lists, now: around.now };
    const stage = STAGES[verb?.text ?? ''];
    sheet = stage ? stage(sheet, rest, scope) : badRequest(`The operator '${verb?.text}' is not known here.`);
  }
  return sheet;
}

function named(source: readonly Piece[]): string {
  const [name, ...more] = source;
  return name?.type === 'word' && more.length === 0 ? name.text : refuse(name?.text ?? 'the beginning');
}

/** A table that is missing makes all of it fail: `isfuzzy` helps nobody here. */
function unionOf(parts: readonly Piece[], lists: Scope['lists'], around: Around): Sheet {
  const legs = cutAt(parts, ',').map((leg) => {
    if (leg[0]?.text !== '(' || leg.at(-1)?.text !== ')') refuse('union');
    return pipeline(leg.slice(1, -1), lists, around);
  });
  const columns: Record<string, ColumnType> = {};
  for (const leg of legs)
    for (const [name, type] of Object.entries(leg.columns)) {
      // The service gives both another name, which no caller expects.
      if (Object.hasOwn(columns, name) && columns[name] !== type)
        badRequest(`The column '${name}' has several types in this union.`);
      columns[name] = type;
    }
  return { columns, rows: legs.flatMap(({ rows }) => rows) };
}

type Stage = (sheet: Sheet, rest: readonly Piece[], scope: Scope) => Sheet;

const STAGES: Readonly<Record<string, Stage>> = {
  where(sheet, rest, scope) {
    const test = expression(rest, scope);
    return { ...sheet, rows: sheet.rows.filter((row) => test.of(row) === true) };
  },
  extend(sheet, rest, scope) {
    const more = assignments(rest, scope);
    return computed(sheet, { ...sheet.columns }, more, true);
  },
  project: (sheet, rest, scope) => computed(sheet, {}, assignments(rest, scope), false),
  take: (sheet, [many]) => ({ ...sheet, rows: sheet.rows.slice(0, Number(many?.text ?? refuse('take'))) }),
  summarize: summarized,
};

type Named = readonly [name: string, value: Expression];

function computed(sheet: Sheet, columns: Record<string, ColumnType>, more: readonly Named[], keep: boolean): Sheet {
  for (const [name, { type }] of more) columns[name] = type;
  const rows = sheet.rows.map((row) => ({
    ...(keep ? row : {}),
    ...Object.fromEntries(more.map(([name, { of }]) => [name, of(row)])),
  }));
  return { columns, rows };
}

/** `Name = expression`, or a column as it is. */
function assignments(rest: readonly Piece[], scope: Scope): readonly Named[] {
  return cutAt(rest, ',').map(([name, equals, ...value]): Named => {
    if (name?.type === 'word' && equals?.text === '=') return [name.text, expression(value, scope)];
    if (name?.type !== 'word' || equals) return refuse(name?.text ?? 'a column');
    return [name.text, expression([name], scope)];
  });
}

interface Fold {
  readonly type: ColumnType;
  readonly of: (rows: readonly Cells[]) => unknown;
}

function summarized(sheet: Sheet, rest: readonly Piece[], scope: Scope): Sheet {
  const by = rest.findIndex(({ type, text }) => type === 'word' && text === 'by');
  if (by < 0) return refuse('summarize');
  const keys = assignments(rest.slice(by + 1), scope);
  const folds = cutAt(rest.slice(0, by), ',').map(([name, equals, ...value]) => {
    if (name?.type !== 'word' || equals?.text !== '=') return refuse('summarize');
    return [name.text, foldOf(value, scope)] as const;
  });
  const groups = Map.groupBy(sheet.rows, (row) => JSON.stringify(keys.map(([, { of }]) => of(row))));
  const columns = Object.fromEntries([
    ...keys.map(([name, { type }]) => [name, type] as const),
    ...folds.map(([name, { type }]) => [name, type] as const),
  ]);
  const rows = [...groups.values()].map((group) =>
    Object.fromEntries([
      ...keys.map(([name, { of }]) => [name, of(group[0] ?? {})]),
      ...folds.map(([name, { of }]) => [name, of(group)]),
    ]),
  );
  return { columns, rows };
}

function foldOf([name, open, ...rest]: readonly Piece[], scope: Scope): Fold {
  if (open?.text !== '(' || rest.at(-1)?.text !== ')') return refuse(name?.text ?? 'summarize');
  const inner = rest.slice(0, -1);
  if (name?.text === 'count') return { type: 'Int64', of: (rows) => rows.length };
  if (name?.text === 'maxif') return maxIf(inner, scope);
  const value = expression(inner, scope);
  const values = (rows: readonly Cells[]) => rows.map((row) => value.of(row)).filter((one) => one !== null);
  switch (name?.text) {
    case 'countif':
      return { type: 'Int64', of: (rows) => rows.filter((row) => value.of(row) === true).length };
    case 'dcount':
      return { type: 'Int64', of: (rows) => new Set(values(rows)).size };
    case 'sum':
      return { type: 'Int64', of: (rows) => values(rows).reduce((sum: number, one) => sum + Number(one), 0) };
    case 'min':
      return { type: value.type, of: (rows) => leastOf(values(rows)) };
    case 'max':
      return { type: value.type, of: (rows) => leastOf(values(rows), true) };
    default:
      return badRequest(`Unknown aggregate: '${name?.text}'.`);
  }
}

/** `maxif(column, condition)`: null where it holds for no row. */
function maxIf(inner: readonly Piece[], scope: Scope): Fold {
  const [what = [], test = [], ...more] = cutAt(inner, ',');
  if (more.length > 0) return refuse('maxif');
  const [value, holds] = [expression(what, scope), expression(test, scope)];
  const fits = (rows: readonly Cells[]) => rows.filter((row) => holds.of(row) === true).map((row) => value.of(row));
  return { type: value.type, of: (rows) => leastOf(fits(rows), true) };
}

function leastOf(values: readonly unknown[], most = false): unknown {
  return values.reduce<unknown>((best, one) => {
    if (best === null) return one;
    return Number(one) < Number(best) === most ? best : one;
  }, null);
}
