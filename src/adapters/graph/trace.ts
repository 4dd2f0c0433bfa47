import { z } from 'zod';
import { addressKey } from '../../core/address.ts';
import { type Criteria, holdsSubject, wordsOf } from '../../core/find/criteria.ts';
import type { Hit } from '../../core/find/found.ts';
import { instantOf, isoOf } from '../../core/instant.ts';
import { TRACE_LIMIT } from '../../core/limit.ts';
import type { Limits } from '../../ports/limits.ts';
import type { Question, Seeker, Sought } from '../../ports/seeker.ts';
import { nextPath, odata, query } from '../microsoft/client.ts';
import { cloudOf } from '../microsoft/clouds.ts';
import { ownLimits } from '../microsoft/own-limits.ts';
import { graphReading } from '../microsoft/reading.ts';
import { errorCode } from '../microsoft/said.ts';
import { TransportError } from '../microsoft/transport-error.ts';
import { awaitTurn } from '../microsoft/turn.ts';

/**
 * Message trace of Exchange Online: learn.microsoft.com/graph/api/messagetracingroot-list-messagetraces. It remembers 90 days,
 * answers for ten at once, and heeds one value in a question: whatever else was asked for is looked at here. It needs no
 * Defender, and knows no links, no files and no network message id.
 */

type ReadingOptions = Parameters<typeof graphReading>[0];
export interface TraceOptions extends ReadingOptions {
  readonly isOn: boolean;
  readonly sleep: (ms: number) => Promise<void>;
  readonly limits?: Limits;
}

const DAY_MS = 86_400_000;
const SPAN_MS = 10 * DAY_MS;
/** A little less: it refuses what begins earlier, and time passes until it is asked. */
const MEMORY_MS = 90 * DAY_MS - 600_000;
const PAGE = '5000';
/** Pages of one question. */
const MOST_PAGES = 4;
/** Nobody waits in front of a screen for this: one search shares its turns with all others. */
const LONGEST_WAIT_MS = 20_000;
const TRACES = '/admin/exchange/tracing/messageTraces';
const BUSY = new Set([429, 503]);

const Row = z.object({
  messageId: z.string().nullish(),
  senderAddress: z.string().nullish(),
  recipientAddress: z.string(),
  subject: z.string().nullish(),
  status: z.string().nullish(),
  id: z.string().nullish(),
  toIP: z.string().nullish(),
  receivedDateTime: z.string(),
});
type TraceRow = z.infer<typeof Row>;
const Page = z.object({ value: z.array(Row), '@odata.nextLink': z.string().optional() });

/** An address that stands for others has rows for each of them. */
const NO_DELIVERY = new Set(['expanded']);
/** In a mailbox, also in its Junk Email: learn.microsoft.com/graph/api/resources/exchangemessagetrace. */
const REACHED = new Set(['delivered', 'filteredAsSpam']);
const NO_DIRECTION = 'it does not tell mail from inside from what came in under the same address';
const ENVELOPE_ONLY = 'it knows senders by the envelope only';

/** Throws ClawbackError 'config' for a base URL that is no https origin. */
export function traceSeeker(options: TraceOptions): Seeker {
  const { isOn, clock, sleep, limits = ownLimits(options.clock) } = options;
  const reading = graphReading(options);
  const origin = new URL(options.baseUrl).origin;
  const isOffered = ['global', 'another'].includes(cloudOf(options.baseUrl));

  async function page(path: string): Promise<{ readonly page: z.infer<typeof Page> } | { readonly not: Sought }> {
    const waitMs = await awaitTurn({ limits, clock, sleep }, TRACE_LIMIT, LONGEST_WAIT_MS);
    if (waitMs !== null) return { not: nothing('busy', 'asked as often as it may be', waitMs) };
    try {
      const { status, body, waitMs: rest } = await reading.get(path);
      if (BUSY.has(status)) await limits.rest(TRACE_LIMIT, rest ?? 0);
      if (status !== 200) return { not: refused(status, body, rest) };
      const read = Page.safeParse(body).data;
      return read ? { page: read } : { not: nothing('silent', 'an answer of an unknown shape', null) };
    } catch (error) {
      if (error instanceof TransportError) return { not: nothing('silent', error.message, null) };
      throw error;
    }
  }

  return {
    name: 'trace',
    isOn,
    questions(criteria, now) {
      if (!isOn) return { not: 'off', why: 'the configuration switched it off' };
      if (!isOffered) return { not: 'not licensed', why: 'Microsoft offers no message trace in this cloud' };
      if (criteria.urlHost !== null || criteria.attachment !== null)
        return { not: 'cannot say', why: 'it knows no links and no attached files' };
      if (criteria.inside) return { not: 'cannot say', why: NO_DIRECTION };
      return spans(now, criteria.days);
    },
    async ask(criteria, question) {
      const rows: TraceRow[] = [];
      // Beside a Message-ID the sender is not held against what was asked for.
      const detail = criteria.sender === null ? '' : ENVELOPE_ONLY;
      let path = `${TRACES}${query({ $filter: filterFor(criteria, question, clock()), $top: PAGE })}`;
      for (let nth = 1; ; nth += 1) {
        const said = await page(path);
        if ('not' in said) return said.not;
        rows.push(...said.page.value.filter((row) => fits(row, criteria)));
        const next = said.page['@odata.nextLink'];
        if (next === undefined) return answerOf(rows, detail, null);
        if (nth >= MOST_PAGES) return answerOf(rows, detail, nth * Number(PAGE));
        path = nextPath(origin, next, path);
      }
    },
  };
}

/** Ten days each, the newest first, and none of them twice. */
function spans(now: number, days: number): readonly Question[] {
  const first = Math.max(now - days * DAY_MS, now - MEMORY_MS);
  const found: Question[] = [];
  for (let until = now; until > first; until -= SPAN_MS)
    found.push({ from: isoOf(Math.max(first, until - SPAN_MS)), until: isoOf(until) });
  return found;
}

/** One value at a time is heeded: the most telling one. Both bounds are part of the span. */
function filterFor({ messageId, sender, subject }: Criteria, { from, until }: Question, now: number): string {
  const oldest = isoOf(Math.max(instantOf(from), now - MEMORY_MS));
  const value =
    messageId !== null
      ? `messageId eq ${odata(messageId)}`
      : sender !== null
        ? `senderAddress eq ${odata(sender)}`
        : `contains(subject, ${odata(longestOf(wordsOf(subject ?? '')))})`;
  return `receivedDateTime ge ${oldest} and receivedDateTime le ${until} and ${value}`;
}

/** Also what it was asked by: a filter that was not heeded would tell of other mail. */
function fits(row: TraceRow, { messageId, sender, subject }: Criteria): boolean {
  if (NO_DELIVERY.has(row.status ?? '')) return false;
  if (messageId !== null && row.messageId !== messageId) return false;
  // Its sender is that of the envelope: beside a Message-ID it may honestly be another than the mail shows.
  if (messageId === null && sender !== null && addressKey(row.senderAddress ?? '') !== sender) return false;
  return subject === null || holdsSubject(row.subject ?? null, subject);
}

const longestOf = (words: readonly string[]) => words.reduce((a, b) => (b.length > a.length ? b : a), '');

function answerOf(rows: readonly TraceRow[], detail: string, cutAt: number | null): Sought {
  const apart = Map.groupBy(
    rows.filter((row) => apartAs(row) !== null),
    apartAs,
  );
  return {
    status: 'answered',
    hits: rows.filter((row) => apartAs(row) === null).map(hitOf),
    cutAt,
    requestId: '',
    detail,
    waitMs: null,
    apart: [...apart].map(([what, those]) => ({ what: what ?? '', count: those.length })),
  };
}

/**
 * What became of it where it is in no mailbox of the tenant; null where it is. What leaves the tenant is handed to the server
 * that the MX record of the other domain names, and for what comes in no such address is told: learn.microsoft.com/powershell/module/exchange/get-messagetracev2.
 */
function apartAs({ status, toIP }: TraceRow): string | null {
  if (!REACHED.has(status ?? '')) return status || 'without a status';
  return toIP ? 'sent out of the tenant' : null;
}

function hitOf(row: TraceRow): Hit {
  return {
    recipient: row.recipientAddress.toLowerCase(),
    recipientId: null,
    networkMessageId: null,
    // Not documented to be the network message id.
    likelyId: row.id?.toLowerCase() ?? null,
    internetMessageId: row.messageId ?? null,
    sender: row.senderAddress ?? null,
    subject: row.subject ?? null,
    at: row.receivedDateTime,
    where: row.status ?? null,
  };
}

function nothing(status: Exclude<Sought['status'], 'answered'>, detail: string, waitMs: number | null): Sought {
  return { status, hits: [], cutAt: null, requestId: '', detail, waitMs, apart: [] };
}

/** 401 also where the tenant has no service principal for message trace: see its onboarding guide. */
function refused(status: number, body: unknown, waitMs: number | null): Sought {
  const said = `${status} ${errorCode(body)}`.trim();
  if (BUSY.has(status)) return nothing('busy', said, waitMs);
  if (status === 401 || status === 403) return nothing('not permitted', said, null);
  if (status === 404 || status === 501) return nothing('not licensed', said, null);
  return nothing(status === 400 ? 'refused' : 'silent', said, null);
}
