import type { Row } from './kql.ts';
import type { Location, PostDelivery, RemediationAction } from './remediations.ts';
import type { Service } from './types.ts';

/** The table EmailPostDeliveryEvents of advanced hunting, as far as an administrator's remediations go (learn.microsoft.com/defender-xdr). */

export const POST_DELIVERY_COLUMNS: Readonly<Record<string, string>> = {
  Timestamp: 'DateTime',
  NetworkMessageId: 'String',
  InternetMessageId: 'String',
  Action: 'String',
  ActionType: 'String',
  ActionTrigger: 'String',
  ActionResult: 'String',
  RecipientEmailAddress: 'String',
  DeliveryLocation: 'String',
};

const ACTIONS: Readonly<Record<RemediationAction, string>> = {
  moveToJunk: 'Moved to junk folder',
  moveToInbox: 'Moved to inbox',
  hardDelete: 'Hard delete',
  softDelete: 'Soft delete',
  moveToDeletedItems: 'Moved to deleted items',
};
const RESULTS: Readonly<Record<PostDelivery['result'], string>> = {
  success: 'Success',
  failed: 'Failure',
  'already in destination': 'Already in destination',
};
const LOCATIONS: Readonly<Record<Location, string>> = {
  inbox_folder: 'Inbox/folder',
  junkFolder: 'Junk',
  deletedFolder: 'Deleted items',
  onprem_external: 'On-premises/External',
  failed: 'Failed',
  unknown: 'Unknown',
};

/** What is told in hunting is told no earlier than by the mail itself. */
export function postDeliveryRows({ remediations, clock }: Service, span: number): Row[] {
  return remediations
    .told()
    .filter(({ at }) => at > clock() - span)
    .map(({ at, event, action, result, location }) => ({
      Timestamp: at,
      NetworkMessageId: event.networkMessageId,
      InternetMessageId: event.internetMessageId,
      Action: ACTIONS[action],
      ActionType: 'Manual Remediation',
      ActionTrigger: 'AdminAction',
      ActionResult: RESULTS[result],
      RecipientEmailAddress: event.recipient,
      DeliveryLocation: LOCATIONS[location],
    }));
}
