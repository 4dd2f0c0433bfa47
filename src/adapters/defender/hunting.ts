import { z } from 'zod';
import type { Delivered } from '../../core/find/identify.ts';
import type { Finder, MessageIds, Tracking } from '../../ports/finder.ts';
import type { GraphReply } from '../microsoft/client.ts';
import { errorCode } from '../microsoft/said.ts';
import {
  askInTime,
  BUSY,
  type HuntingOptions,
  type HuntingTools,
  huntingOffered,
  huntingTools,
  refusalOf,
  waitIn,
} from './hunt.ts';
import { queryFor } from './query.ts';

/** Rows of whatever table was asked. */
export const Results = z.object({ results: z.array(z.record(z.string(), z.unknown())) });
/** 404 and 501: clouds without advanced hunting. 400 is also a table that the tenant does not have. */
const REFUSED = new Set([400, 401, 403, 404, 501]);
/** More rows than these are left out, without an error [learn: advanced hunting quotas]. */
const MAX_ROWS = 100_000;
/** 400 in these words is an answer that was too long, not a tenant without hunting [learn: run-advanced-query-api]. */
export const TOO_LONG = /exceeded the allowed result size/i;

/** Advanced hunting of Microsoft Defender, through Graph. Throws ClawbackError 'config' for a base URL that is no https origin. */
export function createHunting(options: HuntingOptions): Finder {
  const { isOn } = options;
  const patience = huntingTools(options);
  const can = { find: huntingOffered(options.baseUrl) };
  return {
    name: 'hunting',
    isOn,
    can,
    async find(ids, how) {
      if (!isOn) return nothingFrom('off');
      if (can.find !== 'yes') return { ...nothingFrom('refused'), detail: can.find.no };
      return hunt(patience[how], ids);
    },
  };
}

async function hunt(tools: HuntingTools, ids: MessageIds): Promise<Tracking> {
  const query = queryFor(ids);
  if (query === null) return nothingFrom('no id');
  const whole = await askInTime(tools, query.whole);
  const isTooLong = whole.reply?.status === 400 && TOO_LONG.test(refusalOf(whole.reply));
  const { reply, detail, waitMs } = isTooLong ? await askInTime(tools, query.short) : whole;
  if (waitMs !== undefined) return { ...nothingFrom('busy'), detail, waitMs };
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

/** The documentation spells the columns in two ways on one page: any case will do. */
export function cellsOf(row: Readonly<Record<string, unknown>>) {
  const cells = new Map(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]));
  /** As it is: to be compared with what the mailbox says. */
  const raw = (name: string) => {
    const value = cells.get(name.toLowerCase());
    return typeof value === 'string' && value.trim() !== '' ? value : null;
  };
  /** A `long`, which may be written as a text; 0 is none. What a double cannot hold is cut off, alike for all who have it. */
  const id = (name: string) => {
    const value = cells.get(name.toLowerCase());
    const written = typeof value === 'number' ? String(value) : raw(name)?.trim();
    return written !== undefined && /^-?[1-9]\d*$/.test(written) ? written : null;
  };
  return { raw, text: (name: string) => raw(name)?.trim() ?? null, id };
}

export function deliveryOf(row: Readonly<Record<string, unknown>>): Delivered {
  const { raw, text, id } = cellsOf(row);
  const cluster = id('EmailClusterId');
  return {
    ...(cluster === null ? {} : { cluster }),
    recipient: text('RecipientEmailAddress')?.toLowerCase() ?? '',
    recipientId: text('RecipientObjectId')?.toLowerCase() ?? null,
    networkMessageId: text('NetworkMessageId')?.toLowerCase() ?? null,
    internetMessageId: raw('InternetMessageId'),
    sender: text('SenderFromAddress'),
    subject: raw('Subject'),
    at: text('Timestamp'),
  };
}

/** Of a click: `IsClickedThrough` and `ActionType` as in learn.microsoft.com/defender-xdr/advanced-hunting-urlclickevents-table. */
export function clickOutcome(through: string | null, action: string | null): 'allowed' | 'through' | 'blocked' {
  if (/^(?:1|true)$/i.test(through ?? '')) return 'through';
  return /^ClickAllowed$/i.test(action ?? '') ? 'allowed' : 'blocked';
}
