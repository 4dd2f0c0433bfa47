import { z } from 'zod';
import { ClawbackError } from '../../core/error.ts';
import type { Delivered } from '../../core/identify.ts';
import type { MessageIds } from '../../ports/mail.ts';
import { isGuid } from './answer.ts';
import type { Observed } from './batch.ts';
import { type GraphClient, kql } from './client.ts';

interface HuntTools {
  readonly client: GraphClient;
  readonly clock: () => number;
  readonly observe: (event: Observed) => void;
}

const Results = z.object({ results: z.array(z.record(z.string(), z.unknown())) });
const COLUMNS =
  'Timestamp, RecipientEmailAddress, RecipientObjectId, NetworkMessageId, InternetMessageId, SenderFromAddress, Subject';
/** 404 and 501: clouds without advanced hunting. */
const NO_HUNTING = new Set([400, 403, 404, 501]);

/**
 * Deliveries of the last 30 days (all that advanced hunting holds) that bear one of the ids:
 * the sender stays out of the condition, because a display or P2 sender that differs by one sign would hide mailboxes.
 */
export async function hunt(
  { client, clock, observe }: HuntTools,
  ids: MessageIds,
): Promise<{ readonly deliveries: readonly Delivered[]; readonly requestId: string } | null> {
  const condition = conditionOf(ids);
  if (condition === '') return null;
  const startedAt = clock();
  const seen = (status: number) => observe({ operation: 'hunt', status, ms: clock() - startedAt });
  const Query = `EmailEvents | where Timestamp > ago(30d) | where ${condition} | project ${COLUMNS}`;
  const reply = await client.post('/security/runHuntingQuery', { Query, Timespan: 'P30D' }).catch((error: unknown) => {
    seen(0);
    throw new ClawbackError('unavailable', 'advanced hunting did not answer', { cause: error });
  });
  seen(reply.status);
  if (NO_HUNTING.has(reply.status)) return null;
  if (reply.status !== 200) throw new ClawbackError('unavailable', `advanced hunting answered ${reply.status}`);
  return { deliveries: deliveriesIn(reply.body), requestId: reply.requestId };
}

/** Either id is enough: a forwarder may have changed one of them, and every find is checked again in the mailbox. */
function conditionOf({ networkMessageId, internetMessageId }: MessageIds): string {
  const conditions: string[] = [];
  if (networkMessageId !== null && isGuid(networkMessageId)) {
    conditions.push(`NetworkMessageId == ${kql(networkMessageId.toLowerCase())}`);
  }
  if (internetMessageId !== null) conditions.push(`InternetMessageId == ${kql(internetMessageId)}`);
  return conditions.join(' or ');
}

/** The documentation spells the columns in two ways on one page: any case will do. */
function deliveriesIn(body: unknown): readonly Delivered[] {
  const results = Results.safeParse(body).data?.results;
  if (!results) throw new ClawbackError('unavailable', 'advanced hunting gave an answer without results');
  return results.map(deliveryOf).filter(({ recipient }) => recipient !== '');
}

function deliveryOf(row: Readonly<Record<string, unknown>>): Delivered {
  const cells = new Map(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]));
  const text = (name: string) => {
    const value = cells.get(name.toLowerCase());
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
  };
  return {
    recipient: text('RecipientEmailAddress')?.toLowerCase() ?? '',
    recipientId: text('RecipientObjectId')?.toLowerCase() ?? null,
    networkMessageId: text('NetworkMessageId')?.toLowerCase() ?? null,
    internetMessageId: text('InternetMessageId'),
    sender: text('SenderFromAddress'),
    subject: text('Subject'),
    at: text('Timestamp'),
  };
}
