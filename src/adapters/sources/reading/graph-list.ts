import type { Asking, GraphVersion, Pulled, PulledItem } from '../../../ports/source.ts';
import { later, readCursor, writeCursor } from './cursor.ts';
import { at, listAt, textAt } from './payload.ts';

/**
 * Lists of Microsoft Graph that are asked for what is new, and have no order that could be asked for: each is read to its end
 * before the watermark moves, and what came shortly before is read again.
 */
export interface GraphList {
  /** For people: `alerts of Defender`. */
  readonly what: string;
  readonly version: GraphVersion;
  /** After the version, lower and upper case as it is asked. */
  readonly path: string;
  /** Its question for what is of this time (ISO) or later. */
  readonly query: (since: string) => string;
  readonly permission: string;
  /** How far back it is asked at first, milliseconds. */
  readonly firstBackMs: number;
  /** What is new does not show in the order of its times, and its clock is not ours, milliseconds. */
  readonly overlapMs: number;
  readonly itemsOf: (entries: readonly unknown[], now: string) => readonly PulledItem[];
}

/** What a place in a list is answered with that is known no more. */
export const GONE: ReadonlySet<number> = new Set([400, 404, 410]);

export async function askGraphList(list: GraphList, { graph, now }: Asking, cursor: string | null): Promise<Pulled> {
  if (!graph) return NO_WAY;
  const read = readCursor(cursor);
  const since = textAt(read, 'since') ?? later(now, -list.firstBackMs);
  // When its first page was asked for. By our clock: what stands in the list could hold the watermark back, or push it past others.
  const asked = textAt(read, 'asked') ?? now;
  const page = textAt(read, 'next');
  const answer = await graph.get(page ?? `${list.path}?${list.query(since)}`, list.version);
  // It is read again from its first page.
  if (page !== null && GONE.has(answer.status))
    return { kind: 'page', items: [], cursor: writeCursor({ since }), more: false };
  if (answer.status !== 200) return refusedBy(answer, list);
  if (!Array.isArray(at(answer.body, 'value')))
    return { kind: 'failed', why: `Microsoft Graph answers with no list of ${list.what}`, waitMs: null };
  const items = list.itemsOf(listAt(answer.body, 'value'), now);
  const next = nextIn(answer.body, list);
  if (next === 'elsewhere') return { kind: 'failed', why: 'the next page lies elsewhere', waitMs: null };
  if (next !== null) return { kind: 'page', items, cursor: writeCursor({ since, asked, next }), more: true };
  const from = [since, later(asked, -list.overlapMs)].toSorted().at(-1);
  return { kind: 'page', items, cursor: writeCursor({ since: from }), more: false };
}

export const NO_WAY: Pulled = { kind: 'failed', why: 'there is no way to Microsoft Graph', waitMs: null };

/** After the version, and nowhere else than in the same list. */
export function nextIn(body: unknown, { path, version }: Pick<GraphList, 'path' | 'version'>): string | null {
  const link = textAt(body, '@odata.nextLink');
  if (link === null) return null;
  const url = URL.parse(link);
  const isThere = spelled(url?.pathname) === spelled(`/${version}${path}`);
  return url && isThere ? `${path}${url.search}` : 'elsewhere';
}

/** One path may be written in several ways: with `@` as it is, or encoded. Null for what is no path. */
function spelled(path = ''): string | null {
  try {
    return decodeURIComponent(path).toLowerCase();
  } catch {
    return null;
  }
}

export function refusedBy(
  { status, waitMs }: { readonly status: number; readonly waitMs: number | null },
  { what, permission }: Pick<GraphList, 'what' | 'permission'>,
): Extract<Pulled, { readonly kind: 'failed' }> {
  return { kind: 'failed', why: whyOf(status, what, permission), waitMs };
}

function whyOf(status: number, what: string, permission: string): string {
  if (status === 401 || status === 403) return `Microsoft Graph refuses (${status}): grant ${permission}`;
  if (status === 404 || status === 501) return `this cloud has no ${what} (${status})`;
  return status === 429 ? 'it was asked too often (429)' : `Microsoft Graph answers with ${status}`;
}
