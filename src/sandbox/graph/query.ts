import { badRequest } from './reply.ts';

export interface Query {
  readonly filter: string | null;
  readonly select: readonly string[] | null;
  readonly expand: string | null;
  readonly top: number | null;
  readonly skip: number;
  readonly skipToken: string | null;
  readonly count: boolean;
  readonly orderBy: readonly { readonly field: string; readonly descending: boolean }[];
}

const KNOWN = new Set(['$filter', '$select', '$top', '$skip', '$skiptoken', '$count', '$orderby', '$expand']);

/** Segments of a path after the version, each decoded by itself: an escaped slash stays inside its segment. */
export function segments(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((segment) => decode(segment))
    .flatMap(keyAsSegment);
}

/** `mailFolders('inbox')` is another way to write `mailFolders/inbox`. */
function keyAsSegment(segment: string): string[] {
  const found = /^(users|groups|riskyUsers|messages|mailFolders|childFolders)\('(.*)'\)$/is.exec(segment);
  return found ? [found[1] ?? '', (found[2] ?? '').replaceAll("''", "'")] : [segment];
}

/** In a query `+` is a blank, as OData's own parser reads it: a client that forgets to encode it finds nothing. */
export function parseQuery(raw: string): Query {
  const parts = new Map<string, string>();
  for (const part of raw.split('&').filter((one) => one !== '')) {
    const cut = part.indexOf('=');
    const name = decode((cut < 0 ? part : part.slice(0, cut)).replaceAll('+', ' ')).toLowerCase();
    if (parts.has(name)) badRequest(`Query option '${name}' was specified more than once.`);
    if (name.startsWith('$') && !KNOWN.has(name)) badRequest(`The query option '${name}' is not supported here.`);
    parts.set(name, cut < 0 ? '' : decode(part.slice(cut + 1).replaceAll('+', ' ')));
  }
  return {
    filter: parts.get('$filter') ?? null,
    select: list(parts.get('$select')),
    expand: parts.get('$expand') ?? null,
    top: number('$top', parts.get('$top')),
    skip: number('$skip', parts.get('$skip')) ?? 0,
    skipToken: parts.get('$skiptoken') ?? null,
    count: parts.get('$count') === 'true',
    orderBy: (list(parts.get('$orderby')) ?? []).map(orderOf),
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return badRequest('The request URI is malformed: a percent sign has to be followed by two hex digits.');
  }
}

function list(text: string | undefined): string[] | null {
  const names = (text ?? '').split(',').map((name) => name.trim());
  return text === undefined || text.trim() === '' ? null : names.filter((name) => name !== '');
}

function number(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,9}$/.test(text)) badRequest(`Invalid value '${text}' for ${name} query option found.`);
  return Number(text);
}

function orderOf(text: string) {
  const [field = '', direction = 'asc', ...more] = text.split(/\s+/);
  if (more.length > 0 || !['asc', 'desc'].includes(direction)) badRequest(`Invalid $orderby clause '${text}'.`);
  return { field, descending: direction === 'desc' };
}

/** Link to the next page: the same question, further on. */
export function nextLink(
  origin: string,
  path: string,
  raw: string,
  change: Readonly<Record<string, string>>,
  version = 'v1.0',
): string {
  const kept = raw.split('&').filter((part) => part !== '' && !/^(?:\$|%24)skip(?:token)?=/i.test(part));
  const added = Object.entries(change).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `${origin}/${version}${path}?${[...kept, ...added].join('&')}`;
}
