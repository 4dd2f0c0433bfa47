import type { EmailEvent } from '../tenant/types.ts';
import type { Service } from './types.ts';

/** What hunting says of a delivery in words of its own. */

/** JSON in a text, as the column has it; not every row has every check (learn.microsoft.com/defender-xdr/advanced-hunting-emailevents-table). */
export const AUTHENTICATED = '{"SPF":"pass","DKIM":"pass","DMARC":"pass"}';

const LOCATIONS: Readonly<Record<string, string>> = {
  'Junk Email': 'JunkFolder',
  'Deleted Items': 'DeletedFolder',
  Deletions: 'DeletedFolder',
};

export function locationOf(folder: string): string {
  return LOCATIONS[folder] ?? 'Inbox/folder';
}

export function locationNow({ tenant, remediations }: Service, event: EmailEvent): string {
  if (!tenant.userByKey(event.recipientId)) return 'Failed';
  const last = remediations.told().findLast((told) => told.event === event);
  if (last?.location === 'quarantine') return 'Quarantine';
  const box = tenant.mailbox(event.recipientId);
  const item = box.find('immutable', event.messageId);
  return item === null ? 'DeletedFolder' : locationOf(box.folders.find(item.parentFolderId)?.displayName ?? '');
}
