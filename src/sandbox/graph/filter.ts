import type { Comparison, Filter, Literal } from './filter-parser.ts';
import { badRequest } from './reply.ts';

export type Value = string | number | boolean | null | readonly string[];

/** What can be filtered by: a reader per OData path. Dates are milliseconds. */
export interface Fields<T> {
  readonly readers: ReadonlyMap<string, (item: T) => Value>;
  /** Paths compared without regard to upper and lower case, as the service does. */
  readonly caseless: ReadonlySet<string>;
}

/** 400 BadRequest for a property that cannot be filtered by. */
export function predicate<T>(filter: Filter, fields: Fields<T>): (item: T) => boolean {
  if (filter.kind === 'not') {
    const inner = predicate(filter.inner, fields);
    return (item) => !inner(item);
  }
  if ('left' in filter) {
    const [left, right] = [predicate(filter.left, fields), predicate(filter.right, fields)];
    return filter.kind === 'and' ? (item) => left(item) && right(item) : (item) => left(item) || right(item);
  }
  return condition(filter, fields);
}

function condition<T>(filter: Exclude<Filter, { left: Filter } | { kind: 'not' }>, fields: Fields<T>) {
  const { field } = filter;
  const read = fields.readers.get(field);
  if (!read) return badRequest(`Could not find a filterable property named '${field}'.`);
  const fold = <V extends Value>(value: V) =>
    typeof value === 'string' && fields.caseless.has(field) ? value.toLowerCase() : value;
  if (filter.kind === 'compare') {
    const wanted = fold(filter.value);
    return (item: T) => compare(fold(read(item)), filter.op, wanted);
  }
  if (filter.kind === 'in') {
    const wanted = new Set(filter.values.map(fold));
    return (item: T) => wanted.has(String(fold(read(item)) ?? ''));
  }
  if (filter.kind === 'any') {
    const wanted = fold(filter.value);
    return (item: T) => list(read(item)).some((one) => fold(one) === wanted);
  }
  const wanted = String(fold(filter.value));
  return (item: T) => test(filter.name, String(fold(read(item)) ?? ''), wanted);
}

function list(value: Value): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

function test(name: 'startswith' | 'endswith' | 'contains', value: string, wanted: string): boolean {
  if (name === 'startswith') return value.startsWith(wanted);
  return name === 'endswith' ? value.endsWith(wanted) : value.includes(wanted);
}

function compare(value: Value, op: Comparison, wanted: Literal): boolean {
  if (op === 'eq') return value === wanted;
  if (op === 'ne') return value !== wanted;
  if (value === null || wanted === null || typeof value !== typeof wanted) return false;
  if (op === 'gt') return value > wanted;
  if (op === 'ge') return value >= wanted;
  return op === 'lt' ? value < wanted : value <= wanted;
}

/**
 * Equalities of which at least one holds for every hit, so that an index can be asked instead of every item. null:
 * there are none.
 */
export function anchors(filter: Filter, fields: ReadonlySet<string>): readonly string[] | null {
  if (filter.kind === 'compare') {
    const fits = filter.op === 'eq' && fields.has(filter.field) && typeof filter.value === 'string';
    return fits ? [String(filter.value)] : null;
  }
  if (filter.kind === 'in') return fields.has(filter.field) ? filter.values : null;
  if (filter.kind === 'any') return fields.has(filter.field) ? [filter.value] : null;
  if (!('left' in filter)) return null;
  const [left, right] = [anchors(filter.left, fields), anchors(filter.right, fields)];
  if (filter.kind === 'and') return left ?? right;
  return left && right && [...left, ...right];
}

/** Properties in the order in which they are written. */
export function fieldsIn(filter: Filter): readonly string[] {
  if (filter.kind === 'not') return fieldsIn(filter.inner);
  if ('left' in filter) return [...fieldsIn(filter.left), ...fieldsIn(filter.right)];
  return [filter.field];
}
