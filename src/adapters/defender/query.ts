import type { MessageIds } from '../../ports/finder.ts';
import { kql } from '../microsoft/client.ts';
import { isGuid, isMessageId } from '../microsoft/ids.ts';

/** What advanced hunting is asked, in its own language (KQL). */

/** EmailClusterId: "similar emails clustered based on heuristic analysis of their contents" [learn: advanced-hunting-emailevents-table]. */
const COLUMNS =
  'Timestamp, RecipientEmailAddress, RecipientObjectId, NetworkMessageId, InternetMessageId, SenderFromAddress, Subject, EmailClusterId';
/** Without the texts that a sender can make long: who received it matters most. */
const SHORT_COLUMNS = 'RecipientEmailAddress, RecipientObjectId, NetworkMessageId, InternetMessageId';
/** The network message id of none. */
export const NO_MESSAGE = '00000000-0000-0000-0000-000000000000';

interface HuntingQuery {
  readonly whole: string;
  /** For when the answer would be too long. */
  readonly short: string;
}

/**
 * Deliveries of the last 30 days (all that advanced hunting holds) that bear one of the ids; null where none can be asked by:
 * the sender stays out of the condition, because a display or P2 sender that differs by one sign would hide mailboxes.
 */
export function queryFor(ids: MessageIds): HuntingQuery | null {
  const condition = conditionOf(ids);
  if (condition === '') return null;
  const rows = `EmailEvents | where Timestamp > ago(30d) | where ${condition}`;
  return { whole: `${rows} | project ${COLUMNS}`, short: `${rows} | distinct ${SHORT_COLUMNS}` };
}

/** The shape of the product's own query, about a message that cannot exist. */
export const HARMLESS_QUERY = `EmailEvents | where Timestamp > ago(1h) | where NetworkMessageId == ${kql(NO_MESSAGE)} | project ${COLUMNS}`;

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
