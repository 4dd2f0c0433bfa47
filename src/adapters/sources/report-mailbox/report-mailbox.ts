import { createHash } from 'node:crypto';
import { MOST_FILE_BYTES } from '../../../core/find/offered-file.ts';
import type { Asking, MimeReading, Pulled, PulledItem, SourceVendor } from '../../../ports/source.ts';
import { later, readCursor, writeCursor } from '../reading/cursor.ts';
import { GONE, NO_WAY, nextIn, refusedBy } from '../reading/graph-list.ts';
import { at, listAt, textAt, textsAt, timeAt } from '../reading/payload.ts';
import { refused } from '../reading/understood.ts';
import { readReport, unread } from './read.ts';

/**
 * A mailbox that people's reports go to, each with the reported mail attached
 * [learn.microsoft.com/defender-office-365/submissions-user-reported-messages-custom-mailbox]. It is read and nothing else:
 * no message of it is moved, marked or deleted. All of its folders are looked into, because whoever works in it may sort them.
 * The watermark is our own time; within the last hour what was read once is known by its name, which stays with a message.
 */
export const reportMailbox = {
  kind: 'report',
  secrets: { form: /^$/, looks: 'none: it is read as the mail executor' },
  // What it reads are mails, and there is a command for those.
  read: (_bytes, { id }) => [{ id, understood: refused('the file', AS_REPORT) }],
  push: null,
  pull: { byGraph: 'reports', ofMailbox: true, url: null, everyMs: 60_000, ask },
} as const satisfies SourceVendor;

const AS_REPORT = 'is tried as a report is: clawback submit <file> --as report';
const FIRST_BACK_MS = 24 * 3_600_000;
/** A report may be held back on its way, and Exchange's clock is not ours. */
const OVERLAP_MS = 3_600_000;
const PAGE = 100;
/** One question may take a minute, its list half of that: so many messages are read in it, while there is time. */
const MOST_READ = 5;
const READ_WITHIN_MS = 18_000;
const FIELDS = 'id,receivedDateTime,subject,from,internetMessageId,isDraft';

/** What was read of it: in the pages up to here, and whether anything was in this turn. */
interface Place {
  readonly since: string;
  /** When this turn began. */
  readonly asked: string;
  /** The page that is being read; null for the first one. */
  readonly next: string | null;
  /** Messages that were read, as `nameOf` calls them, of `since` and later. */
  readonly seen: readonly string[];
  /** Messages that could not be read in this turn: they are tried again in the next one, and keep no other waiting. */
  readonly stuck: readonly string[];
  /** Read since the first page of this turn, which had more than one page. */
  readonly again: boolean;
}

async function ask(how: Asking, cursor: string | null): Promise<Pulled> {
  const { graph, mime, mailbox, now, readWithinMs = READ_WITHIN_MS } = how;
  if (!graph || !mime || !mailbox) return NO_WAY;
  const list = listOf(mailbox);
  const place = placeIn(cursor, now);
  const answer = await graph.get(place.next ?? `${list.path}?${firstQuery(place.since)}`);
  if (place.next !== null && GONE.has(answer.status)) return pageOf([], { ...place, next: null }, true);
  if (answer.status !== 200) return refusedBy(answer, list);
  if (!Array.isArray(at(answer.body, 'value')))
    return { kind: 'failed', why: 'Microsoft Graph answers with no list of messages', waitMs: null };
  const next = nextIn(answer.body, { ...list, version: 'v1.0' });
  if (next === 'elsewhere') return { kind: 'failed', why: 'the next page lies elsewhere', waitMs: null };
  return taken({
    place,
    next,
    listed: listAt(answer.body, 'value'),
    reading: { mime, mailbox, now, list, readWithinMs },
  });
}

interface Listed {
  readonly place: Place;
  readonly next: string | null;
  readonly listed: readonly unknown[];
  readonly reading: Reading;
}

async function taken({ place, next, listed, reading }: Listed): Promise<Pulled> {
  const known = new Set([...place.seen, ...place.stuck]);
  const fresh = listed.filter((one) => isReport(one, reading.mailbox) && !known.has(nameOf(one)));
  const read = await readAll(fresh.slice(0, MOST_READ), reading);
  const { items, names, closed } = read;
  if (closed && names.length + read.stuck.length === 0) return closed;
  const again = place.again || (fresh.length > 0 && (next !== null || place.next !== null));
  const here = { ...place, seen: [...place.seen, ...names], stuck: [...place.stuck, ...read.stuck], again };
  // What was read is taken in, and whoever refuses the rest is left alone for a while.
  if (closed) return { ...pageOf(items, here, false), waitMs: closed.waitMs };
  if (fresh.length > names.length + read.stuck.length) return pageOf(items, here, true);
  if (next !== null) return pageOf(items, { ...here, next }, true);
  // While a list is read, something in it may be deleted, and its next page then begins too late.
  if (again) return pageOf(items, { ...here, again: false, next: null }, true);
  const isWholeTurn = place.stuck.length === 0 && place.next === null;
  if (isWholeTurn && read.stuck.length > 0 && names.length === 0) return ONLY_STUCK;
  return { kind: 'page', items, cursor: writeCursor(bounded(atRest(here))), more: false };
}

/** Everything up to when this turn began has been read, unless something could not be. */
function atRest({ since: before, asked, seen, stuck }: Place): Pick<Place, 'since' | 'seen'> {
  if (stuck.length > 0) return { since: before, seen };
  const since = [before, later(asked, -OVERLAP_MS)].toSorted().at(-1) ?? before;
  return { since, seen: seen.filter((name) => name >= secondOf(since)) };
}

const listOf = (mailbox: string) => ({
  path: `/users/${encodeURIComponent(mailbox)}/messages`,
  what: 'such mailbox',
  permission: `Mail.Read on ${mailbox} alone, with Exchange RBAC for Applications`,
});

function firstQuery(since: string): string {
  const of = (name: string, value: string) => `${name}=${encodeURIComponent(value)}`;
  return [
    of('$select', FIELDS),
    of('$filter', `receivedDateTime ge ${since}`),
    of('$orderby', 'receivedDateTime'),
    `$top=${PAGE}`,
  ].join('&');
}

function placeIn(cursor: string | null, now: string): Place {
  const read = readCursor(cursor);
  return {
    since: textAt(read, 'since') ?? later(now, -FIRST_BACK_MS),
    asked: textAt(read, 'asked') ?? now,
    next: textAt(read, 'next'),
    seen: textsAt(read, 'seen').map(shortened),
    stuck: textsAt(read, 'stuck').map(shortened),
    again: at(read, 'again') === true,
  };
}

function pageOf(items: readonly PulledItem[], place: Place, more: boolean): Pulled {
  return { kind: 'page', items, cursor: writeCursor({ ...place, ...bounded(place) }), more };
}

/** What the mailbox has written or sent itself is no report to it. */
function isReport(one: unknown, mailbox: string): boolean {
  const from = textAt(one, 'from', 'emailAddress', 'address')?.toLowerCase();
  return textAt(one, 'id') !== null && at(one, 'isDraft') !== true && from !== mailbox.toLowerCase();
}

/**
 * Its second and 48 bits of a digest of its name, which tell those of one second apart: sorted by time, so that old ones can be
 * let go of, and short, because ten thousand may come in an hour.
 */
function nameOf(one: unknown): string {
  return `${secondOf(timeAt(one, 'receivedDateTime') ?? '')}${digestOf(textAt(one, 'id') ?? '')}`;
}

/** Of equal length until the year 2038, so that it sorts as the time does; as if it were the first for what has no time. */
function secondOf(time: string): string {
  const ms = Date.parse(time);
  return (Number.isNaN(ms) ? 0 : Math.floor(ms / 1_000)).toString(36).padStart(SECOND_LETTERS, '0');
}

const SECOND_LETTERS = 6;
const DIGEST_LETTERS = 12;
const digestOf = (name: string) => createHash('sha256').update(name).digest('hex').slice(0, DIGEST_LETTERS);

/** A cursor of an earlier version has the time and the whole name. */
function shortened(name: string): string {
  const [time, whole] = name.split(' ');
  return whole === undefined ? name : `${secondOf(`${time}Z`)}${digestOf(whole)}`;
}

/** More than an hour can bring, one after the other. */
const MOST_SEEN = 20_000;

/** Whatever comes, it does not grow without end: then it goes on from the oldest that it still knows. */
function bounded({ since, seen }: Pick<Place, 'since' | 'seen'>): Pick<Place, 'since' | 'seen'> {
  if (seen.length <= MOST_SEEN) return { since, seen };
  const kept = seen.toSorted().slice(-MOST_SEEN);
  const second = Number.parseInt(kept[0]?.slice(0, SECOND_LETTERS) ?? '0', 36);
  return { since: [since, new Date(second * 1_000).toISOString()].toSorted().at(-1) ?? since, seen: kept };
}

interface Reading {
  readonly mime: MimeReading;
  readonly mailbox: string;
  readonly now: string;
  readonly list: ReturnType<typeof listOf>;
  /** How long one message is waited for. */
  readonly readWithinMs: number;
}

interface ReadAll {
  readonly items: readonly PulledItem[];
  /** Of the messages that were read. */
  readonly names: readonly string[];
  /** Of those that could not be. */
  readonly stuck: readonly string[];
  /** Where nothing more may be asked for, and why. */
  readonly closed: ReturnType<typeof refusedBy> | null;
}

/** One after the other; none is begun any more once there is no time left to wait for it in this question. */
async function readAll(messages: readonly unknown[], reading: Reading): Promise<ReadAll> {
  const { mailbox, now, list, readWithinMs } = reading;
  const items: PulledItem[] = [];
  const [names, stuck]: [string[], string[]] = [[], []];
  const noTimeLeft = AbortSignal.timeout(Math.floor(readWithinMs / 2));
  for (const [n, message] of messages.entries()) {
    if (n > 0 && noTimeLeft.aborted) break;
    const path = `${list.path}/${encodeURIComponent(textAt(message, 'id') ?? '')}/$value`;
    const got = await answerWithin(readWithinMs, reading.mime(path, MOST_FILE_BYTES));
    if (got.kind === 'refused' && got.status !== null && CLOSED.has(got.status))
      return { items, names, stuck, closed: refusedBy({ status: got.status, waitMs: got.waitMs }, list) };
    const why = whyNotRead(got, message, now);
    if (why === STUCK) {
      stuck.push(nameOf(message));
      continue;
    }
    names.push(nameOf(message));
    if (got.kind === 'bytes') items.push(...(await readReport(message, got.bytes, { mailbox, now })));
    else items.push(unread(message, why));
  }
  return { items, names, stuck, closed: null };
}

type Got = Awaited<ReturnType<MimeReading>>;

/** A message that hangs is one that cannot be read: it must not use up the time of those beside it. */
function answerWithin(ms: number, reading: Promise<Got>): Promise<Got> {
  const late = new Promise<Got>((resolve) => {
    const giveUp = () => resolve({ kind: 'refused', status: null, waitMs: null });
    AbortSignal.timeout(ms).addEventListener('abort', giveUp, { once: true });
  });
  return Promise.race([late, reading]);
}

/** Said of the mailbox, and not of one message in it. */
const CLOSED: ReadonlySet<number> = new Set([401, 403, 429, 503]);
const STUCK = 'it may be read later';
/** Then it is put down as one that cannot be read. */
const TRIED_FOR_MS = 24 * 3_600_000;

function whyNotRead(got: Got, message: unknown, now: string): string {
  if (got.kind === 'bytes') return '';
  if (got.kind === 'too large') return `is larger than ${MOST_FILE_BYTES} bytes`;
  if (got.status === 404) return 'was gone before it was read';
  const age = Date.parse(now) - Date.parse(timeAt(message, 'receivedDateTime') ?? now);
  return age > TRIED_FOR_MS ? `could not be read for a day (${got.status ?? 'no answer'})` : STUCK;
}

/** Whatever else comes is looked for at the usual pace. */
const ONLY_STUCK: Pulled = {
  kind: 'failed',
  why: 'a report could not be read: no answer',
  waitMs: null,
  atUsualPace: true,
};
