import type { Asking, Pulled, PulledItem, SourceVendor } from '../../../ports/source.ts';
import { type Answered, askJson } from '../reading/ask.ts';
import { later, readCursor, writeCursor } from '../reading/cursor.ts';
import { itemOf } from '../reading/item.ts';
import { listAt, numberAt, readJson, textAt } from '../reading/payload.ts';
import { back, HOME } from './back.ts';
import { readAbnormal } from './read.ts';

/**
 * Abnormal Security is asked for its threats: by when their mails came, and by when it removed them, because a threat may be
 * found long after its mail [Abnormal REST API, /v1/threats]. That it has put a mail back, or judges it anew, it can be asked by no
 * time: the threats of the last day and a half are read again from time to time.
 */
export const abnormal = {
  secrets: { form: /^\S{16,}$/, looks: 'the access token of the REST API, 16 or more characters' },
  read: (bytes, known) => {
    const body = readJson(bytes);
    return body ? readAbnormal(body.value, known) : [{ id: known.id, understood: { why: 'not-json' } }];
  },
  push: null,
  back,
  pull: {
    url: HOME,
    everyMs: 120_000,
    ask,
  },
} as const satisfies SourceVendor;

/** What is asked for, in turn. The last one only where it is time for that. */
const FIELDS = ['receivedTime', 'latestTimeRemediated', 'receivedTime'] as const;
const AGAIN = 2;
const AGAIN_EVERY_MS = 6 * 3_600_000;
/** For less than deliveries are remembered: what says nothing new is nothing new. */
const AGAIN_BACK_MS = 36 * 3_600_000;
const FIRST_BACK_MS = 24 * 3_600_000;
/** What is found so late after its mail is found by the time of its removal at the latest. */
const OVERLAP_MS = 30 * 60_000;
const LONGEST_MS = 24 * 3_600_000;
/** Each threat of a page is a question of its own. */
const PAGE = 20;
/** So many of them in one go: a page of large ones would never be read within the time that an asking has. */
const THREATS_AT_ONCE = 4;
/** So many pages of messages of one threat; a threat with more is asked for again, from its first, when it changes. */
const MOST_PAGES = 20;

interface Place {
  readonly from: string;
  readonly to: string;
  readonly field: number;
  readonly page: number;
  /** Of this page, the threats that were read already. */
  readonly done: readonly string[];
  /** When those of before were last read again. */
  readonly again: string;
}

function placeOf(cursor: string | null, now: string): Place {
  const read = readCursor(cursor);
  const [from, to] = [textAt(read, 'from'), textAt(read, 'to')];
  const again = textAt(read, 'again') ?? now;
  const since = textAt(read, 'since') ?? later(now, OVERLAP_MS - FIRST_BACK_MS);
  if (from !== null && to !== null)
    return {
      ...{ from, to, field: numberAt(read, 'field') ?? 0, page: numberAt(read, 'page') ?? 1 },
      done: listAt(read, 'done').flatMap((id) => textAt(id) ?? []),
      again,
    };
  const start = later(since, -OVERLAP_MS);
  const end = later(start, LONGEST_MS);
  return { from: start, to: end < now ? end : now, field: 0, page: 1, done: [], again };
}

async function ask(how: Asking, cursor: string | null, until: AbortSignal): Promise<Pulled> {
  const place = placeOf(cursor, how.now);
  const list = await get(how, listPath(place), until);
  if (list.kind === 'failed') return failed(list);
  const ids = listAt(list.value, 'threats').flatMap((threat) => textAt(threat, 'threatId') ?? []);
  const left = ids.filter((id) => !place.done.includes(id));
  const now = left.slice(0, THREATS_AT_ONCE);
  const items: PulledItem[] = [];
  for (const id of now) {
    const found = await threatOf(how, id, until);
    if (!Array.isArray(found)) return failed(found as FailedAnswer);
    items.push(...found);
  }
  if (left.length > now.length)
    return { kind: 'page', items, cursor: writeCursor({ ...place, done: [...place.done, ...now] }), more: true };
  return { kind: 'page', items, ...nextOf(place, numberAt(list.value, 'nextPageNumber'), how.now) };
}

/** `{field} gte {time} lte {time}`, to the second. */
function listPath({ field, page, ...span }: Place): string {
  const [from, to] = field === AGAIN ? [later(span.to, -AGAIN_BACK_MS), span.from] : [span.from, span.to];
  const second = (time: string) => time.replace(/\.\d+Z$/, 'Z');
  const filter = `${FIELDS[field] ?? FIELDS[0]} gte ${second(from)} lte ${second(to)}`;
  return `/threats?filter=${encodeURIComponent(filter)}&pageSize=${PAGE}&pageNumber=${page}`;
}

function get({ url, secret }: Asking, path: string, until: AbortSignal): Promise<Answered> {
  return askJson({ url: `${url.replace(/\/$/, '')}${path}`, headers: { authorization: `Bearer ${secret}` }, until });
}

type FailedAnswer = Extract<Answered, { readonly kind: 'failed' }>;

/** A threat that is listed may be gone when it is asked for: that is none. */
async function threatOf(how: Asking, id: string, until: AbortSignal): Promise<PulledItem[] | FailedAnswer> {
  const items: PulledItem[] = [];
  let page: number | null = 1;
  for (let n = 0; page !== null && n < MOST_PAGES; n += 1) {
    const more: string = page === 1 ? '' : `?pageNumber=${page}`;
    const answer: Answered = await get(how, `/threats/${encodeURIComponent(id)}${more}`, until);
    if (answer.kind === 'failed') return answer;
    if (answer.status === 404) return items;
    items.push(...readAbnormal(answer.value, { now: how.now, id }).map(itemOf));
    const next: number | null = numberAt(answer.value, 'nextPageNumber');
    page = next !== null && next > page ? next : null;
  }
  return items;
}

function nextOf(
  place: Place,
  nextPage: number | null,
  now: string,
): { readonly cursor: string; readonly more: boolean } {
  if (nextPage !== null && nextPage > place.page)
    return { cursor: writeCursor({ ...place, page: nextPage, done: [] }), more: true };
  const isBehind = place.to < later(now, -OVERLAP_MS);
  const isTime = !isBehind && later(place.again, AGAIN_EVERY_MS) <= now;
  if (place.field + 1 < (isTime ? FIELDS.length : AGAIN))
    return { cursor: writeCursor({ ...place, field: place.field + 1, page: 1, done: [] }), more: true };
  const again = place.field === AGAIN ? now : place.again;
  return { cursor: writeCursor({ since: place.to, again }), more: isBehind };
}

const failed = ({ why, waitMs }: FailedAnswer): Pulled => ({ kind: 'failed', why, waitMs });
