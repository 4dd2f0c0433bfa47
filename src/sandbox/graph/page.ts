import { anchors, type Fields, fieldsIn, predicate } from './filter.ts';
import { type Filter, parseFilter } from './filter-parser.ts';
import { nextLink, type Query } from './query.ts';
import { badRequest, fail, type Json } from './reply.ts';

export interface Collection<T> {
  readonly fields: Fields<T>;
  /** Indexed paths, and how the index is asked. */
  readonly indexed: ReadonlySet<string>;
  readonly lookUp: (values: readonly string[]) => Iterable<T>;
  readonly all: () => Iterable<T>;
}

/** What the query asks for, in order; the page is cut elsewhere. */
export function chosen<T>(query: Query, collection: Collection<T>): T[] {
  const filter = query.filter === null ? null : parseFilter(query.filter);
  if (filter !== null)
    efficient(
      filter,
      query.orderBy.map((order) => order.field),
    );
  const values = filter === null ? null : anchors(filter, collection.indexed);
  const source = new Set(values === null ? collection.all() : collection.lookUp(values));
  const holds = filter === null ? () => true : predicate(filter, collection.fields);
  return ordered([...source].filter(holds), query, collection.fields);
}

/** What is sorted by has to come first in the filter, in the same order (learn.microsoft.com, user-list-messages). */
function efficient(filter: Filter, orderBy: readonly string[]): void {
  const fields = [...new Set(fieldsIn(filter))];
  if (orderBy.every((field, n) => fields[n] === field)) return;
  fail(400, 'InefficientFilter', 'The restriction or sort order is too complex for this operation.');
}

function ordered<T>(items: T[], { orderBy }: Query, { readers }: Fields<T>): T[] {
  const orders = orderBy.map(({ field, descending }) => {
    const read = readers.get(field) ?? badRequest(`Could not find a sortable property named '${field}'.`);
    return { read, sign: descending ? -1 : 1 };
  });
  return items.sort((a, b) => {
    for (const { read, sign } of orders) {
      const [x, y] = [read(a) ?? '', read(b) ?? ''];
      if (x !== y) return x < y ? -sign : sign;
    }
    return 0;
  });
}

/** Pages of the directory hold 100 unless asked otherwise, and never more than 999. */
const DEFAULT_PAGE = 100;
const MAX_PAGE = 999;

export function sizeOf({ top }: Query): number {
  const size = top ?? DEFAULT_PAGE;
  if (size < 1 || size > MAX_PAGE) badRequest(`The value of $top must be between 1 and ${MAX_PAGE}.`);
  return size;
}

export function skipToken(position: number): Readonly<Record<string, string>> {
  return { $skiptoken: Buffer.from(`at ${position}`).toString('base64url') };
}

export function positionIn(token: string | null): number {
  if (token === null) return 0;
  const found = /^at (\d+)$/.exec(Buffer.from(token, 'base64url').toString());
  return found ? Number(found[1]) : badRequest('The skip token is not valid.');
}

export interface PageOrder<T> {
  readonly origin: string;
  readonly path: string;
  readonly rawQuery: string;
  readonly context: string;
  readonly start: number;
  readonly size: number;
  readonly next: (position: number) => Readonly<Record<string, string>>;
  readonly json: (item: T) => Json;
}

export function pageOf<T>(items: readonly T[], query: Query, order: PageOrder<T>): Json {
  const { origin, path, rawQuery, start, size } = order;
  const value = items.slice(start, start + size).map(order.json);
  const end = start + size;
  return {
    '@odata.context': `${origin}/v1.0/$metadata#${order.context}`,
    ...(query.count ? { '@odata.count': items.length } : {}),
    value,
    ...(end < items.length ? { '@odata.nextLink': nextLink(origin, path, rawQuery, order.next(end)) } : {}),
  };
}
