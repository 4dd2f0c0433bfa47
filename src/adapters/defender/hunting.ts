import { z } from 'zod';
import type { Delivered } from '../../core/find/identify.ts';
import type { Ability } from '../../ports/ability.ts';
import type { Finder, FinderPatience, MessageIds, Tracking } from '../../ports/finder.ts';
import {
  createGraphClient,
  type GraphClient,
  type GraphClientOptions,
  type GraphReply,
  type Observed,
  TransportError,
} from '../microsoft/client.ts';
import { type Cloud, cloudOf } from '../microsoft/clouds.ts';
import { errorCode, retryAfterMs } from '../microsoft/said.ts';
import { queryFor } from './query.ts';

export interface HuntingOptions extends GraphClientOptions {
  /** False: the tenant is known to have no advanced hunting, so it is not asked. */
  readonly isOn: boolean;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly observe?: (event: Observed) => void;
}

/** How long it is waited for, and which wait that it asks for is kept once. */
interface Patience {
  readonly client: GraphClient;
  readonly longestWaitMs: number;
}

type Tools = Patience & Required<Pick<HuntingOptions, 'clock' | 'sleep' | 'observe'>>;

/** learn.microsoft.com/graph/api/security-security-runhuntingquery. */
const OFFERED: Readonly<Record<Cloud, Ability>> = {
  global: 'yes',
  usGov: 'yes',
  usGovHigh: 'yes',
  china: { no: 'Microsoft offers no advanced hunting in China' },
  another: 'yes',
};

/** Somebody waits for the plan: what hunting would add comes later. */
const SHORT_MS = 20_000;
const SHORT_WAIT_MS = 10_000;
/** Nobody waits. The service itself ends a query after three minutes [learn: advanced hunting quotas]. */
const LONG_MS = 190_000;
const LONG_WAIT_MS = 120_000;

const Results = z.object({ results: z.array(z.record(z.string(), z.unknown())) });
/** 404 and 501: clouds without advanced hunting. 400 is also a table that the tenant does not have. */
const REFUSED = new Set([400, 401, 403, 404, 501]);
const BUSY = new Set([429, 503]);
/** More rows than these are left out, without an error [learn: advanced hunting quotas]. */
const MAX_ROWS = 100_000;
/** 400 in these words is an answer that was too long, not a tenant without hunting [learn: run-advanced-query-api]. */
const TOO_LONG = /exceeded the allowed result size/i;
const Refusal = z.object({ error: z.object({ message: z.string() }) });

/** Advanced hunting of Microsoft Defender, through Graph. Throws ClawbackError 'config' for a base URL that is no https origin. */
export function createHunting(options: HuntingOptions): Finder {
  const { clock, sleep, isOn, observe = () => {} } = options;
  const within = (timeoutMs: number) => createGraphClient({ ...options, timeoutMs });
  const patience: Readonly<Record<FinderPatience, Patience>> = {
    short: { client: within(options.timeoutMs ?? SHORT_MS), longestWaitMs: SHORT_WAIT_MS },
    long: { client: within(LONG_MS), longestWaitMs: LONG_WAIT_MS },
  };
  const can = { find: OFFERED[cloudOf(options.baseUrl)] };
  return {
    name: 'hunting',
    isOn,
    can,
    async find(ids, how) {
      if (!isOn) return nothingFrom('off');
      if (can.find !== 'yes') return { ...nothingFrom('refused'), detail: can.find.no };
      return hunt({ ...patience[how], clock, sleep, observe }, ids);
    },
  };
}

async function hunt(tools: Tools, ids: MessageIds): Promise<Tracking> {
  const query = queryFor(ids);
  if (query === null) return nothingFrom('no id');
  const whole = await askInTime(tools, query.whole);
  const isTooLong = whole.reply?.status === 400 && TOO_LONG.test(refusalOf(whole.reply));
  const { reply, detail } = isTooLong ? await askInTime(tools, query.short) : whole;
  if (!reply) return { ...nothingFrom('silent'), detail };
  return answerIn(reply, tools.clock());
}

/** It was not asked, or gave nothing. */
function nothingFrom(status: Exclude<Tracking['status'], 'answered'>): Tracking {
  return { status, deliveries: [], requestId: '', cutOff: false, detail: '', waitMs: null };
}

function answerIn(reply: GraphReply, now: number): Tracking {
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
async function askInTime(tools: Tools, query: string): Promise<Heard> {
  const first = await ask(tools, query);
  if (!first.reply || !BUSY.has(first.reply.status)) return first;
  const waitMs = waitIn(first.reply, tools.clock());
  if (waitMs > tools.longestWaitMs) return first;
  await tools.sleep(waitMs);
  return ask(tools, query);
}

async function ask({ client, clock, observe }: Tools, Query: string): Promise<Heard> {
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
