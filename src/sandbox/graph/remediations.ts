import type { Tenant } from '../tenant/tenant.ts';
import type { EmailEvent } from '../tenant/types.ts';

/**
 * What Defender was asked to do with delivered mail, and what it has done of it: taken on at once, done later, told later
 * still (learn.microsoft.com/defender-office-365/remediate-malicious-email-delivered-office-365).
 */

export const REMEDIATION_ACTIONS = [
  'moveToJunk',
  'moveToInbox',
  'hardDelete',
  'softDelete',
  'moveToDeletedItems',
] as const;
export type RemediationAction = (typeof REMEDIATION_ACTIONS)[number];
export type Location =
  | 'inbox_folder'
  | 'junkFolder'
  | 'deletedFolder'
  | 'quarantine'
  | 'onprem_external'
  | 'failed'
  | 'unknown';

/** What it does on its own: learn.microsoft.com/defender-office-365/air-auto-remediation and /zero-hour-auto-purge. */
type OwnWay = 'Automated Remediation' | 'Phish ZAP' | 'Malware ZAP';
/** Automated remediation knows the soft delete alone; a purge of its own also quarantines and junks. */
type OwnAction = 'softDelete' | 'moveToJunk' | 'quarantine';

/** One mail in one mailbox, as Defender names it. */
export interface Analyzed {
  readonly networkMessageId: string;
  readonly recipient: string;
}

interface RemediationOrder {
  readonly bulkId: string;
  readonly displayName: string;
  readonly action: RemediationAction;
  readonly mails: readonly Analyzed[];
}

/** A row of EmailPostDeliveryEvents, and a step in the timeline of an analyzed mail. */
export interface PostDelivery {
  /** Milliseconds since the epoch: done, and told. */
  readonly at: number;
  readonly toldAt: number;
  readonly event: EmailEvent;
  readonly action: RemediationAction | 'quarantine';
  readonly result: 'success' | 'failed' | 'already in destination';
  readonly location: Location;
  /** Left out for what somebody ordered. */
  readonly own?: OwnWay;
}

export interface Remediations {
  accept(order: RemediationOrder): void;
  /** Nobody has asked for it. What it quarantines is in no folder of the mailbox any more. */
  onItsOwn(way: OwnWay, action: OwnAction, mails: readonly Analyzed[]): void;
  /** Does what is due by now. To be called before anything looks. */
  settle(): void;
  /** Told by now, oldest first. */
  told(): readonly PostDelivery[];
  /** Mails of all orders that are not done with, and how many orders these are. */
  underWay(): { readonly orders: number; readonly mails: number };
  /** Every order ever accepted, oldest first. */
  orders(): readonly RemediationOrder[];
}

interface Job extends RemediationOrder {
  /** When it is done; null while it waits for others. */
  dueAt: number | null;
  done: boolean;
}

/** Documented: 50 at a time, and none beside one of more than a million mails. What is beyond waits. */
const MOST_AT_ONCE = 50;
const LARGEST_BESIDE_OTHERS = 1_000_000;

const FOLDERS: Readonly<Record<RemediationAction, readonly [folder: string, location: Location]>> = {
  moveToJunk: ['junkemail', 'junkFolder'],
  moveToInbox: ['inbox', 'inbox_folder'],
  softDelete: ['recoverableitemsdeletions', 'deletedFolder'],
  hardDelete: ['recoverableitemspurges', 'deletedFolder'],
  moveToDeletedItems: ['deleteditems', 'deletedFolder'],
};

type Range = readonly [from: number, to: number];

/** How long Defender takes, milliseconds: to do it, and then to tell of it. */
interface Pace {
  readonly remediateMs: Range;
  readonly remediationTellMs: Range;
  /** What nobody has ordered is told as late as hunting tells of any mail. */
  readonly huntingLagMs: Range;
}

interface World {
  readonly tenant: Tenant;
  readonly clock: () => number;
  readonly random: () => number;
  readonly limits: () => Pace;
  /** Accepted and never done, in this user's mailbox. */
  readonly neverDone: (user: string) => boolean;
}

export function createRemediations({ tenant, clock, random, limits, neverDone }: World): Remediations {
  const jobs: Job[] = [];
  const events: PostDelivery[] = [];
  const within = ([from, to]: Range) => from + random() * (to - from);
  const open = () => jobs.filter(({ done }) => !done);

  function begin(now: number): void {
    for (const job of open()) {
      const active = open().filter(({ dueAt }) => dueAt !== null);
      const isFull = active.length >= MOST_AT_ONCE;
      if (isFull || active.some(({ mails }) => mails.length > LARGEST_BESIDE_OTHERS)) return;
      job.dueAt ??= now + within(limits().remediateMs);
    }
  }

  function settle(): void {
    const now = clock();
    for (const job of open()) {
      if (job.dueAt === null || job.dueAt > now) continue;
      job.done = true;
      const known = new Map(tenant.emailEvents().map((event) => [mailKey(analyzedIn(event)), event]));
      for (const mail of job.mails) {
        const event = known.get(mailKey(mail));
        // What Defender never saw cannot be acted on, and nothing is told of it.
        if (event) carryOut(job, event, job.dueAt);
      }
    }
    begin(now);
  }

  function carryOut({ action }: Job, event: EmailEvent, at: number): void {
    if (neverDone(event.recipientId)) return;
    const tell = (result: PostDelivery['result'], location: Location) =>
      events.push({ at, toldAt: at + within(limits().remediationTellMs), event, action, result, location });
    const [name, location] = FOLDERS[action];
    const box = tenant.userByKey(event.recipientId) ? tenant.mailbox(event.recipientId) : null;
    const item = box?.find('immutable', event.messageId) ?? null;
    const folder = box?.folders.find(name);
    // Hard-deleted, or gone for good: not actionable.
    if (!box || !item || !folder || box.inPurges(item)) return void tell('failed', 'unknown');
    if (item.parentFolderId === folder.id) return void tell('already in destination', location);
    const from = box.folders.find(item.parentFolderId)?.displayName ?? null;
    box.move(item.immutableId, folder);
    tenant.changed({
      kind: 'moved',
      userId: event.recipientId,
      messageId: item.immutableId,
      from,
      to: folder.displayName,
    });
    tell('success', location);
  }

  function carryOutAlone(own: OwnWay, action: OwnAction, event: EmailEvent, at: number): void {
    const tell = (result: PostDelivery['result'], location: Location) =>
      events.push({ at, toldAt: at + within(limits().huntingLagMs), event, action, result, location, own });
    const box = tenant.userByKey(event.recipientId) ? tenant.mailbox(event.recipientId) : null;
    const item = box?.find('immutable', event.messageId) ?? null;
    if (!box || !item || box.inRecoverableItems(item)) return void tell('failed', 'unknown');
    const from = box.folders.find(item.parentFolderId)?.displayName ?? null;
    const moved = (to: string) =>
      tenant.changed({ kind: 'moved', userId: event.recipientId, messageId: item.immutableId, from, to });
    if (action === 'quarantine') {
      box.drop(item.immutableId);
      moved('Quarantine');
      return void tell('success', 'quarantine');
    }
    const [name, location] = FOLDERS[action];
    const folder = box.folders.find(name);
    if (!folder) return void tell('failed', 'unknown');
    box.move(item.immutableId, folder);
    moved(folder.displayName);
    tell('success', location);
  }

  return {
    onItsOwn(way, action, mails) {
      const wanted = new Set(mails.map(mailKey));
      for (const event of tenant.emailEvents())
        if (wanted.has(mailKey(analyzedIn(event)))) carryOutAlone(way, action, event, clock());
    },
    accept(order) {
      settle();
      jobs.push({ ...order, dueAt: null, done: false });
      begin(clock());
    },
    settle,
    told: () => events.filter(({ toldAt }) => toldAt <= clock()).sort((a, b) => a.toldAt - b.toldAt),
    underWay: () => ({ orders: open().length, mails: open().reduce((sum, { mails }) => sum + mails.length, 0) }),
    orders: () => jobs,
  };
}

export function analyzedIn({ networkMessageId, recipient }: EmailEvent): Analyzed {
  return { networkMessageId, recipient };
}

export function mailKey({ networkMessageId, recipient }: Analyzed): string {
  return `${networkMessageId.toLowerCase()} ${recipient.toLowerCase()}`;
}
