import { z } from 'zod';
import { ClawbackError } from '../../core/error.ts';
import type { Delivered } from '../../core/identify.ts';
import type { Hunted, MessageIds } from '../../ports/mail.ts';
import { isGuid, isMessageId } from './answer.ts';
import type { Observed } from './batch.ts';
import { type GraphClient, type GraphReply, kql } from './client.ts';

interface HuntTools {
  readonly client: GraphClient;
  readonly clock: () => number;
  readonly observe: (event: Observed) => void;
}

const Results = z.object({ results: z.array(z.record(z.string(), z.unknown())) });
export const HUNT_COLUMNS =
  'Timestamp, RecipientEmailAddress, RecipientObjectId, NetworkMessageId, InternetMessageId, SenderFromAddress, Subject';
/** Without the texts that a sender can make long: who received it matters most. */
const SHORT_COLUMNS = 'RecipientEmailAddress, RecipientObjectId, NetworkMessageId, InternetMessageId';
/** 404 and 501: clouds without advanced hunting. */
const NO_HUNTING = new Set([400, 403, 404, 501]);
/** More rows than these are left out, without an error [learn: advanced hunting quotas]. */
const MAX_ROWS = 100_000;
/** 400 in these words is an answer that was too long, not a tenant without hunting [learn: run-advanced-query-api]. */
const TOO_LONG = /exceeded the allowed result size/i;
const Refusal = z.object({ error: z.object({ message: z.string() }) });

/**
 * Deliveries of the last 30 days (all that advanced hunting holds) that bear one of the ids:
 * the sender stays out of the condition, because a display or P2 sender that differs by one sign would hide mailboxes.
 */
export async function hunt(tools: HuntTools, ids: MessageIds): Promise<Hunted | null> {
  const condition = conditionOf(ids);
  if (condition === '') return null;
  const rows = `EmailEvents | where Timestamp > ago(30d) | where ${condition}`;
  const whole = await ask(tools, `${rows} | project ${HUNT_COLUMNS}`);
  const tooLong = whole.status === 400 && TOO_LONG.test(Refusal.safeParse(whole.body).data?.error.message ?? '');
  const reply = tooLong ? await ask(tools, `${rows} | distinct ${SHORT_COLUMNS}`) : whole;
  if (NO_HUNTING.has(reply.status)) return null;
  if (reply.status !== 200) throw new ClawbackError('unavailable', `advanced hunting answered ${reply.status}`);
  const results = Results.safeParse(reply.body).data?.results;
  if (!results) throw new ClawbackError('unavailable', 'advanced hunting gave an answer without results');
  const deliveries = results.map(deliveryOf).filter(({ recipient }) => recipient !== '');
  return { deliveries, requestId: reply.requestId, cutOff: results.length >= MAX_ROWS };
}

async function ask({ client, clock, observe }: HuntTools, Query: string): Promise<GraphReply> {
  const startedAt = clock();
  const seen = (status: number) => observe({ operation: 'hunt', status, ms: clock() - startedAt });
  const reply = await client.post('/security/runHuntingQuery', { Query, Timespan: 'P30D' }).catch((error: unknown) => {
    seen(0);
    throw new ClawbackError('unavailable', 'advanced hunting did not answer', { cause: error });
  });
  seen(reply.status);
  return reply;
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
