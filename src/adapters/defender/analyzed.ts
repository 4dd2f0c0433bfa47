import { z } from 'zod';
import type { SeenCopy } from '../../core/action/copy.ts';
import { type DefenderName, idByDefender, placeByDefender } from '../../core/action/engine-names.ts';
import type { FoundMessage } from '../../ports/reader.ts';
import { odata, query } from '../microsoft/client.ts';

/** What Defender tells of one delivered mail (learn.microsoft.com/graph/api/resources/security-analyzedemail), as far as it is used. */

export const AnalyzedRow = z.object({
  networkMessageId: z.string(),
  recipientEmailAddress: z.string(),
  internetMessageId: z.string().nullish(),
  subject: z.string().nullish(),
  loggedDateTime: z.string().nullish(),
  senderDetail: z
    .object({
      fromAddress: z.string().nullish(),
      ipv4: z.string().nullish(),
      mailFromDomainName: z.string().nullish(),
    })
    .nullish(),
  authenticationDetails: z.object({ senderPolicyFramework: z.string().nullish() }).nullish(),
  latestDelivery: z.object({ location: z.string().nullish() }).nullish(),
});
export type AnalyzedRow = z.infer<typeof AnalyzedRow>;

/** As long as Explorer, and with it this, keeps mail: 30 days. */
const MEMORY_MS = 30 * 86_400_000;
/** Clocks differ, and an end in the future is no error. */
const AHEAD_MS = 3_600_000;
const PAGE_SIZE = '500';
const ANALYZED = '/security/collaboration/analyzedEmails';

/** One mail to everybody, or to one recipient. */
export function analyzedPath({ networkMessageId, recipient }: Partial<DefenderName>, now: number): string {
  const conditions = [
    ...(networkMessageId === undefined ? [] : [`networkMessageId eq ${odata(networkMessageId.toLowerCase())}`]),
    ...(recipient === undefined ? [] : [`recipientEmailAddress eq ${odata(recipient)}`]),
  ];
  return `${ANALYZED}${query({
    startTime: new Date(now - MEMORY_MS).toISOString(),
    endTime: new Date(now + AHEAD_MS).toISOString(),
    $filter: conditions.join(' and '),
    $top: PAGE_SIZE,
  })}`;
}

/** A filter that was not heeded would tell of another mail. */
export function isAbout(row: AnalyzedRow, { networkMessageId, recipient }: Partial<DefenderName>): boolean {
  const same = (a: string, b: string | undefined) => b === undefined || a.toLowerCase() === b.toLowerCase();
  return same(row.networkMessageId, networkMessageId) && same(row.recipientEmailAddress, recipient);
}

export const locationOf = ({ latestDelivery }: AnalyzedRow) => latestDelivery?.location ?? 'unknown';

/** Where a mailbox holds it, whoever may see it there. */
const IN_MAILBOX = new Set(['inbox_folder', 'junkFolder', 'deletedFolder']);

export function isInMailbox(location: string): boolean {
  return IN_MAILBOX.has(location);
}

/**
 * Of a copy as it is read from a mailbox, only where it is: read state and marks stand in here for "not told". Deleted Items and
 * what was deleted from there have one word: whether its owner sees it follows only from what was asked.
 */
export function seenIn(row: AnalyzedRow): SeenCopy {
  const location = locationOf(row);
  return {
    internetMessageId: row.internetMessageId ?? null,
    sender: row.senderDetail?.fromAddress ?? null,
    folderId: placeByDefender(location),
    inRecoverableItems: location === 'deletedFolder',
    junk: location === 'junkFolder' ? 'inside' : 'outside',
    isRead: false,
    flag: 'notFlagged',
    categories: [],
  };
}

export function foundIn(row: AnalyzedRow): FoundMessage {
  const { internetMessageId, sender, folderId, isRead, flag, categories } = seenIn(row);
  return {
    message: idByDefender(row.networkMessageId),
    internetMessageId,
    sender,
    subject: row.subject ?? null,
    receivedAt: row.loggedDateTime ?? null,
    networkMessageId: row.networkMessageId.toLowerCase(),
    isDraft: false,
    inSentItems: false,
    folderId,
    isRead,
    flag,
    categories,
    ...originOf(row),
  };
}

/** As Microsoft saw it come in; nothing where it does not tell. */
function originOf({ senderDetail, authenticationDetails }: AnalyzedRow): Pick<FoundMessage, 'origin'> {
  const { ipv4, mailFromDomainName } = senderDetail ?? {};
  const hasPassed = authenticationDetails?.senderPolicyFramework?.toLowerCase() === 'pass';
  const returnPath = hasPassed ? (mailFromDomainName?.toLowerCase() ?? null) : null;
  return ipv4 || returnPath ? { origin: { clientIp: ipv4 || null, returnPath, marks: [] } } : {};
}

const PLACES: Readonly<Record<string, string>> = {
  inbox_folder: 'Inbox or a folder',
  junkFolder: 'Junk Email',
  deletedFolder: 'Deleted Items, or deleted from there',
  quarantine: 'Quarantine',
};

/** For people. */
export function placeName(location: string): string {
  return `${PLACES[location] ?? 'a place that it does not name'}, as Defender tells`;
}
