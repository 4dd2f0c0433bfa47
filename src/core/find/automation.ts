import { addressKey } from '../address.ts';
import { instantOf } from '../instant.ts';
import { subjectKey } from './key.ts';
import { deliveredTo, type Place, placeOf } from './removed-to.ts';

/**
 * What Defender took out of mailboxes on its own, put together for people. A cluster is what one decision puts back, so that it
 * holds mail of one sender, one envelope and one judgement of these alone: who writes mail that looks like a newsletter must not
 * come back with it.
 */

/** One thing that was done with one delivered mail, as the service tells it; texts are its own words. */
export interface Removal {
  /** Lower case, both. */
  readonly recipient: string;
  readonly networkMessageId: string;
  readonly internetMessageId: string | null;
  /** ISO time; null where it tells none. */
  readonly at: string | null;
  /** `Automated Remediation`, `Phish ZAP` … */
  readonly way: string;
  /** `Soft delete` … */
  readonly action: string;
  readonly result: string;
  readonly location: string | null;
  readonly threats: string | null;
}

/** What the service knows of the delivery behind it. */
export interface KnownDelivery {
  readonly recipient: string;
  readonly recipientId: string | null;
  readonly networkMessageId: string;
  readonly internetMessageId: string | null;
  readonly sender: string | null;
  readonly mailFrom: string | null;
  /** As `authenticationIn` answers. */
  readonly authentication: string | null;
  readonly subject: string | null;
  readonly at: string | null;
  /** A whole number of 64 bits, as text; null where the service put it into no cluster. */
  readonly cluster: string | null;
  /** Where it was delivered to, and where it was last. */
  readonly delivered: string | null;
  readonly latest: string | null;
  readonly threats: string | null;
}

export interface ClusterMail {
  readonly networkMessageId: string;
  readonly internetMessageId: string | null;
  readonly sender: string | null;
  readonly subject: string | null;
  readonly receivedAt: string | null;
}

export interface ClusterCopy {
  readonly networkMessageId: string;
  readonly recipient: string;
  readonly recipientId: string | null;
  /** ISO time. */
  readonly removedAt: string | null;
  readonly place: Place;
  /** Where it was delivered to. */
  readonly was: ReturnType<typeof deliveredTo>;
}

export interface Cluster {
  /** Names it within its list: `1`, `2` … the largest first. */
  readonly key: string;
  /** By what its mails belong together. */
  readonly by: 'cluster' | 'subject' | 'mail';
  readonly sender: string | null;
  readonly mailFrom: string | null;
  /** How all of its mails were judged on their way in; null where the service said nothing. Left out in lists from before it was asked. */
  readonly authentication?: string | null;
  readonly mails: readonly ClusterMail[];
  readonly copies: readonly ClusterCopy[];
  readonly ways: readonly string[];
  readonly actions: readonly string[];
  /** What the filter had said on delivery, and when it took them out; empty where it said nothing. */
  readonly threatsThen: readonly string[];
  readonly threatsNow: readonly string[];
}

/** The list of one day. */
export interface AutomationList {
  readonly id: string;
  /** ISO times: the span that was asked about, and when. */
  readonly from: string;
  readonly until: string;
  readonly asOf: string;
  readonly clusters: readonly Cluster[];
  /** Rows that are in no cluster, and why. */
  readonly apart: Apart;
  /** The service told so many rows, and there may be more; null where it told all. */
  readonly cutAt: number | null;
  /** How many samples of a cluster cards show. */
  readonly samples: number;
}

interface Apart {
  /** Without an id or a recipient that can be read. */
  readonly odd: number;
  /** The service says that it did not work. */
  readonly failed: number;
  /** Taken out by an approved removal of ours, whatever the row says. */
  readonly ours: number;
  /** In a list of before. */
  readonly known: number;
  /** There was no room. */
  readonly left: number;
}

/** So long a list is kept: as long as hunting remembers what is in it, and a week for whoever is still deciding about it. */
export const LIST_MEMORY_MS = 37 * 86_400_000;

/** Each one whole, or nothing of it. */
const MOST_CLUSTERS = 200;
const MOST_COPIES = 20_000;

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const removalKey = ({ networkMessageId, recipient }: Pick<Removal, 'networkMessageId' | 'recipient'>) =>
  `${networkMessageId} ${recipient}`;

/**
 * By `removalKey`, the last time (milliseconds since 1970) at which a copy was listed as taken out. Taken out once more after that,
 * it is news; what is told of a time before is not, for a list holds a copy once, however many ways took it.
 */
export type Listed = ReadonlyMap<string, number>;

export const listedAt = (at: string | null): number => {
  const time = instantOf(at);
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
};

const isListed = (listed: Listed, removal: Removal) => {
  const last = listed.get(removalKey(removal));
  return last !== undefined && listedAt(removal.at) <= last;
};

interface Sorted {
  readonly taken: readonly Removal[];
  readonly apart: Omit<Apart, 'left'>;
}

/** `ours`: by `removalKey`. What cannot be read is counted, and keeps nothing from the list. */
export function sortRemovals(removals: readonly Removal[], ours: ReadonlySet<string>, known: Listed): Sorted {
  const apart = { odd: 0, failed: 0, ours: 0, known: 0 };
  const last = new Map<string, Removal>();
  for (const removal of removals) {
    const key = removalKey(removal);
    if (!isNamed(removal)) apart.odd += 1;
    else if (!hasWorked(removal)) apart.failed += 1;
    else if (ours.has(key)) apart.ours += 1;
    else if (isListed(known, removal)) apart.known += 1;
    else if (listedAt(last.get(key)?.at ?? null) <= listedAt(removal.at)) last.set(key, removal);
  }
  return { taken: [...last.values()], apart };
}

export function isNamed({ networkMessageId, recipient }: Pick<Removal, 'networkMessageId' | 'recipient'>): boolean {
  return GUID.test(networkMessageId) && /^[^\s@]+@[^\s@]+$/.test(recipient);
}

const hasWorked = ({ result }: Removal) => /^(?:success|already in destination)/i.test(result);

/** The largest first, and in a fixed order, so that the same rows give the same list. */
export function clustersOf(
  taken: readonly Removal[],
  deliveries: readonly KnownDelivery[],
): Pick<AutomationList, 'clusters'> & { readonly left: number } {
  const known = new Map(deliveries.map((delivery) => [removalKey(delivery), delivery]));
  // A mail that went to many is one, also where the service knows not every delivery of it.
  const mails = new Map(deliveries.map((delivery) => [delivery.networkMessageId, delivery]));
  const rows = taken.map((removal) => {
    const own = known.get(removalKey(removal)) ?? null;
    return { removal, own, mail: own ?? mails.get(removal.networkMessageId) ?? null };
  });
  const groups = [...Map.groupBy(rows, ({ removal, mail }) => groupKey(removal, mail))];
  const sorted = groups
    .map(([key, group]) => ({ key, cluster: clusterOf(key, group) }))
    .sort((a, b) => b.cluster.copies.length - a.cluster.copies.length || (a.key < b.key ? -1 : 1));
  let room = MOST_COPIES;
  let left = 0;
  const clusters: Cluster[] = [];
  for (const { cluster } of sorted) {
    const { length } = cluster.copies;
    if (clusters.length >= MOST_CLUSTERS || length > room) left += length;
    else {
      room -= length;
      clusters.push({ ...cluster, key: String(clusters.length + 1) });
    }
  }
  return { clusters, left };
}

type Grouped = {
  readonly removal: Removal;
  readonly own: KnownDelivery | null;
  readonly mail: KnownDelivery | null;
};

function groupKey(removal: Removal, mail: KnownDelivery | null): string {
  if (!mail) return JSON.stringify(['mail', removal.networkMessageId]);
  // Sender, envelope and content are whatever a forger writes: that it did not come from there shows in how it was judged alone.
  const from = [mail.sender && addressKey(mail.sender), domainOf(mail.mailFrom), mail.authentication];
  if (mail.cluster !== null) return JSON.stringify(['cluster', mail.cluster, ...from]);
  const subject = subjectKey(mail.subject);
  // Of nobody, or about nothing: two such mails are not one.
  if (mail.sender === null || subject === null) return JSON.stringify(['mail', removal.networkMessageId]);
  return JSON.stringify(['subject', subject, ...from]);
}

/** Bounces of a newsletter go to an address of their own for each recipient. */
function domainOf(address: string | null): string | null {
  const domain = address?.slice(address.lastIndexOf('@') + 1).toLowerCase() ?? '';
  return domain === '' ? null : domain;
}

function clusterOf(key: string, rows: readonly Grouped[]): Omit<Cluster, 'key'> {
  const [by] = JSON.parse(key) as [Cluster['by']];
  const first = rows.find(({ mail }) => mail !== null)?.mail ?? null;
  const words = (of: (row: Grouped) => string | null) =>
    [...new Set(rows.flatMap((row) => of(row) || []))].sort().slice(0, 10);
  return {
    by,
    sender: first?.sender ?? null,
    mailFrom: first?.mailFrom ?? null,
    authentication: first?.authentication ?? null,
    mails: mailsOf(rows),
    copies: rows
      .map(copyOf)
      .sort((a, b) => order(a.recipient, b.recipient) || order(a.networkMessageId, b.networkMessageId)),
    ways: words(({ removal }) => removal.way),
    actions: words(({ removal }) => removal.action),
    threatsThen: words(({ mail }) => mail?.threats ?? null),
    threatsNow: words(({ removal }) => removal.threats),
  };
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function mailsOf(rows: readonly Grouped[]): readonly ClusterMail[] {
  const byId = Map.groupBy(rows, ({ removal }) => removal.networkMessageId);
  return [...byId]
    .map(([networkMessageId, own]) => {
      const mail = own.find((row) => row.mail !== null)?.mail ?? null;
      return {
        networkMessageId,
        internetMessageId: mail?.internetMessageId ?? own[0]?.removal.internetMessageId ?? null,
        sender: mail?.sender ?? null,
        subject: mail?.subject ?? null,
        receivedAt: mail?.at ?? null,
      };
    })
    .sort((a, b) => order(a.networkMessageId, b.networkMessageId));
}

function copyOf({ removal, own }: Grouped): ClusterCopy {
  return {
    networkMessageId: removal.networkMessageId,
    recipient: removal.recipient,
    recipientId: own?.recipientId ?? null,
    removedAt: removal.at,
    place: placeOf(removal, own),
    was: deliveredTo(own?.delivered ?? null),
  };
}

/** What a decision about the cluster is about: a soft delete has put it there, and a mailbox still holds it. */
export function canComeBack({ copies }: Pick<Cluster, 'copies'>): readonly ClusterCopy[] {
  // Where the service says nothing of it, looking into the mailbox does.
  return copies.filter(({ place }) => place === 'deleted' || place === 'not known');
}

export type PlaceCounts = Readonly<Record<Place, number>>;

export function countPlaces({ copies }: Pick<Cluster, 'copies'>): PlaceCounts {
  const counts: Record<Place, number> = { deleted: 0, quarantine: 0, junk: 0, inbox: 0, 'not known': 0 };
  for (const { place } of copies) counts[place] += 1;
  return counts;
}
