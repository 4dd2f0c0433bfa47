import type { Row } from './kql.ts';
import type { Location, PostDelivery } from './remediations.ts';
import type { Service } from './types.ts';

/** The table EmailPostDeliveryEvents of advanced hunting, as far as remediations go, ordered by an administrator or its own (learn.microsoft.com/defender-xdr). */

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
  ThreatTypes: 'String',
  ReportId: 'String',
};

const ACTIONS: Readonly<Record<PostDelivery['action'], string>> = {
  quarantine: 'Moved to quarantine',
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
  quarantine: 'Quarantine',
  onprem_external: 'On-premises/External',
  failed: 'Failed',
  unknown: 'Unknown',
};

/** What is told in hunting is told no earlier than by the mail itself. */
export function postDeliveryRows({ remediations, clock }: Service, span: number): Row[] {
  return remediations
    .told()
    .filter(({ at }) => at > clock() - span)
    .map(({ at, event, action, result, location, own }, nth) => ({
      Timestamp: at,
      NetworkMessageId: event.networkMessageId,
      InternetMessageId: event.internetMessageId,
      Action: ACTIONS[action],
      ActionType: own ?? 'Manual Remediation',
      ActionTrigger: triggerOf(own),
      ActionResult: RESULTS[result],
      RecipientEmailAddress: event.recipient,
      DeliveryLocation: LOCATIONS[location],
      ThreatTypes: own === 'Malware ZAP' ? 'Malware' : 'Phish',
      ReportId: `${event.networkMessageId}-${nth}`,
    }));
}

/** Of a purge of its own only the type is documented, beside "some special mechanism". */
function triggerOf(own: PostDelivery['own']): string {
  if (own === undefined) return 'AdminAction';
  return own === 'Automated Remediation' ? 'Automation' : 'SpecialAction';
}
