import { z } from 'zod';
import { HUNTING_LIMIT } from '../../core/limit.ts';
import type { Ability } from '../../ports/ability.ts';
import type { FinderPatience } from '../../ports/finder.ts';
import type { Limits } from '../../ports/limits.ts';
import {
  createGraphClient,
  type GraphClient,
  type GraphClientOptions,
  type GraphReply,
  type Observed,
} from '../microsoft/client.ts';
import { type Cloud, cloudOf } from '../microsoft/clouds.ts';
import { ownLimits } from '../microsoft/own-limits.ts';
import { retryAfterMs } from '../microsoft/said.ts';
import { TransportError } from '../microsoft/transport-error.ts';
import { awaitTurn } from '../microsoft/turn.ts';

/** Questions to advanced hunting, whoever asks: in turn with all others of the tenant, and in time. */

export interface HuntingOptions extends GraphClientOptions {
  /** False: the tenant is known to have no advanced hunting, so it is not asked. */
  readonly isOn: boolean;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly observe?: (event: Observed) => void;
  /** Turns at hunting, over all processes of the tenant. Left out: this process is alone. */
  readonly limits?: Limits;
}

/** How long it is waited for, and which wait that it asks for is kept once. */
interface Patience {
  readonly client: GraphClient;
  readonly longestWaitMs: number;
}

export type HuntingTools = Patience & Required<Pick<HuntingOptions, 'clock' | 'sleep' | 'observe' | 'limits'>>;

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

export const BUSY = new Set([429, 503]);
const Refusal = z.object({ error: z.object({ message: z.string() }) });

/** Throws ClawbackError 'config' for a base URL that is no https origin. */
export function huntingTools(options: HuntingOptions): Readonly<Record<FinderPatience, HuntingTools>> {
  const { clock, sleep, observe = () => {}, limits = ownLimits(options.clock) } = options;
  const within = (timeoutMs: number) => createGraphClient({ ...options, timeoutMs });
  const tools = { clock, sleep, observe, limits };
  return {
    short: { ...tools, client: within(options.timeoutMs ?? SHORT_MS), longestWaitMs: SHORT_WAIT_MS },
    long: { ...tools, client: within(LONG_MS), longestWaitMs: LONG_WAIT_MS },
  };
}

/** Whether there is advanced hunting in this cloud. */
export const huntingOffered = (baseUrl: string): Ability => OFFERED[cloudOf(baseUrl)];

/** The words of an error, for telling one refusal from another; never shown. */
export function refusalOf({ body }: GraphReply): string {
  return Refusal.safeParse(body).data?.error.message ?? '';
}

export function waitIn({ headers }: GraphReply, now: number): number {
  return retryAfterMs(headers.get('retry-after'), now, headers.get('date'));
}

export interface Heard {
  /** Null: no answer came. */
  readonly reply: GraphReply | null;
  readonly detail: string;
  /** It was not asked: its turn would have come so much later. */
  readonly waitMs?: number;
}

/** Once more after a wait that is short enough: whoever waits for a plan is not kept by a busy service. */
export async function askInTime(tools: HuntingTools, query: string): Promise<Heard> {
  const first = await ask(tools, query);
  if (!first.reply || !BUSY.has(first.reply.status)) return first;
  const waitMs = waitIn(first.reply, tools.clock());
  // Whatever it counts, calls or processor time, it counts for the whole tenant: the other processes rest as well.
  await tools.limits.rest(HUNTING_LIMIT, waitMs);
  if (waitMs > tools.longestWaitMs) return first;
  const second = await ask(tools, query);
  if (second.reply && BUSY.has(second.reply.status))
    await tools.limits.rest(HUNTING_LIMIT, waitIn(second.reply, tools.clock()));
  return second;
}

async function ask(tools: HuntingTools, Query: string): Promise<Heard> {
  const { client, clock, observe, longestWaitMs } = tools;
  const waitMs = await awaitTurn(tools, HUNTING_LIMIT, longestWaitMs);
  if (waitMs !== null) return { reply: null, detail: 'asked as often as it may be', waitMs };
  const startedAt = clock();
  const seen = (status: number) => observe({ operation: 'hunt', status, ms: clock() - startedAt });
  try {
    const reply = await client.post('/security/runHuntingQuery', { Query, Timespan: 'P30D' }, undefined, {
      operation: 'hunt',
      changes: false,
    });
    seen(reply.status);
    return { reply, detail: '' };
  } catch (error) {
    seen(0);
    if (!(error instanceof TransportError)) throw error;
    return { reply: null, detail: error.message };
  }
}
