import { z } from 'zod';
import type { Delivered } from '../../core/identify.ts';
import type { Hunted, MessageIds } from '../../ports/mail.ts';
import { errorCode, isGuid, isMessageId, retryAfterMs } from './answer.ts';
import type { Observed } from './batch.ts';
import { type GraphClient, type GraphReply, kql, TransportError } from './client.ts';

interface HuntTools {
  readonly client: GraphClient;
  readonly clock: () => number;
  readonly observe: (event: Observed) => void;
  readonly sleep: (ms: number) => Promise<void>;
  /** A wait that the service asks for is kept once, if it is no longer than this. */
  readonly longestWaitMs: number;
}

const Results = z.object({ results: z.array(z.record(z.string(), z.unknown())) });
export const HUNT_COLUMNS =
  'Timestamp, RecipientEmailAddress, RecipientObjectId, NetworkMessageId, InternetMessageId, SenderFromAddress, Subject';
/** Without the texts that a sender can make long: who received it matters most. */
const SHORT_COLUMNS = 'RecipientEmailAddress, RecipientObjectId, NetworkMessageId, InternetMessageId';
/** 404 and 501: clouds without advanced hunting. 400 is also a table that the tenant does not have. */
const REFUSED = new Set([400, 401, 403, 404, 501]);
const BUSY = new Set([429, 503]);
/** More rows than these are left out, without an error [learn: advanced hunting quotas]. */
const MAX_ROWS = 100_000;
/** 400 in these words is an answer that was too long, not a tenant without hunting [learn: run-advanced-query-api]. */
const TOO_LONG = /exceeded the allowed result size/i;
const Refusal = z.object({ error: z.object({ message: z.string() }) });

/**
 * Deliveries of the last 30 days (all that advanced hunting holds) that bear one of the ids:
 * the sender stays out of the condition, because a display or P2 sender that differs by one sign would hide mailboxes.
 */
export async function hunt(tools: HuntTools, ids: MessageIds): Promise<Hunted> {
  const condition = conditionOf(ids);
  if (condition === '') return nothingFrom('no id');
  const rows = `EmailEvents | where Timestamp > ago(30d) | where ${condition}`;
  const whole = await askInTime(tools, `${rows} | project ${HUNT_COLUMNS}`);
  const isTooLong = whole.reply?.status === 400 && TOO_LONG.test(refusalOf(whole.reply));
  const { reply, detail } = isTooLong ? await askInTime(tools, `${rows} | distinct ${SHORT_COLUMNS}`) : whole;
  if (!reply) return { ...nothingFrom('silent'), detail };
  return answerIn(reply, tools.clock());
}

/** Hunting that was not asked, or gave nothing. */
export function nothingFrom(status: Exclude<Hunted['status'], 'answered'>): Hunted {
  return { status, deliveries: [], requestId: '', cutOff: false, detail: '', waitMs: null };
}

function answerIn(reply: GraphReply, now: number): Hunted {
  const { status, requestId } = reply;
  const said = `${status} ${errorCode(reply.body)}`.trim();
  if (REFUSED.has(status)) return { ...nothingFrom('refused'), requestId, detail: said };
  if (BUSY.has(status)) return { ...nothingFrom('busy'), requestId, detail: said, waitMs: waitIn(reply, now) };
  const results = status === 200 ? Results.safeParse(reply.body).data?.results : undefined;
  if (!results) {
    const detail = status === 200 ? 'an answer without results' : said;
    return { ...nothingFrom('silent'), requestId, detail };
  }
  const deliveries = results.map(deliveryOf).filter(({ recipient }) => recipient !== '');
  return {
    status: 'answered',
    deliveries,
    requestId,
    cutOff: results.length >= MAX_ROWS,
    detail: '',
    waitMs: null,
  };
}

function refusalOf({ body }: GraphReply): string {
  return Refusal.safeParse(body).data?.error.message ?? '';
}

function waitIn({ headers }: GraphReply, now: number): number {
  return retryAfterMs(headers.get('retry-after'), now);
}

interface Heard {
  /** Null: no answer came. */
  readonly reply: GraphReply | null;
  readonly detail: string;
}

/** Once more after a wait that is short enough: whoever waits for a plan is not kept by a busy service. */
async function askInTime(tools: HuntTools, query: string): Promise<Heard> {
  const first = await ask(tools, query);
  if (!first.reply || !BUSY.has(first.reply.status)) return first;
  const waitMs = waitIn(first.reply, tools.clock());
  if (waitMs > tools.longestWaitMs) return first;
  await tools.sleep(waitMs);
  return ask(tools, query);
}

async function ask({ client, clock, observe }: HuntTools, Query: string): Promise<Heard> {
  const startedAt = clock();
  const seen = (status: number) => observe({ operation: 'hunt', status, ms: clock() - startedAt });
  try {
    const reply = await client.post('/security/runHuntingQuery', { Query, Timespan: 'P30D' });
    seen(reply.status);
    return { reply, detail: '' };
  } catch (error) {
    seen(0);
    if (!(error instanceof TransportError)) throw error;
    return { reply: null, detail: error.message };
  }
}

/** Either id is enough: a forwarder may have changed one of them, and every find is checked again in the mailbox. */
function conditionOf({ networkMessageId, internetMessageId }: MessageIds): string {
  const conditions: string[] = [];
  if (networkMessageId !== null && isGuid(networkMessageId)) {
    conditions.push(`NetworkMessageId == ${kql(networkMessageId.toLowerCase())}`);
  }
  if (internetMessageId !== null && isMessageId(internetMessageId))
    conditions.push(`InternetMessageId == ${kql(internetMessageId)}`);
  return conditions.join(' or ');
}

/** The documentation spells the columns in two ways on one page: any case will do. */
function deliveryOf(row: Readonly<Record<string, unknown>>): Delivered {
  const cells = new Map(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]));
  /** As it is: to be compared with what the mailbox says. */
  const raw = (name: string) => {
    const value = cells.get(name.toLowerCase());
    return typeof value === 'string' && value.trim() !== '' ? value : null;
  };
  const text = (name: string) => raw(name)?.trim() ?? null;
  return {
    recipient: text('RecipientEmailAddress')?.toLowerCase() ?? '',
    recipientId: text('RecipientObjectId')?.toLowerCase() ?? null,
    networkMessageId: text('NetworkMessageId')?.toLowerCase() ?? null,
    internetMessageId: raw('InternetMessageId'),
    sender: text('SenderFromAddress'),
    subject: raw('Subject'),
    at: text('Timestamp'),
  };
}
