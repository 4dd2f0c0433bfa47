import { actionStored, setsAside, takesOut } from '../../core/action/action.ts';
import { addressKey } from '../../core/address.ts';
import {
  type AutomationList,
  type Cluster,
  type KnownDelivery,
  LIST_MEMORY_MS,
  type Removal,
  removalKey,
} from '../../core/find/automation.ts';
import { clusterNamed } from '../../core/find/cluster-name.ts';
import { networkKey, networkKeys } from '../../core/find/key.ts';
import { instantOf } from '../../core/instant.ts';
import type { Tx } from '../../ports/store.ts';
import type { Hash } from '../flow.ts';
import { entriesOf } from './entries.ts';
import type { Note } from './record.ts';

/** What the record says of what automation took out. What is stored of a list is believed only as far as it is as it was written down. */

type Seal = Pick<Hash, 'digest'>;

const digestOfCluster = (seal: Seal, cluster: Cluster): string => seal.digest(cluster);

export function listedNote(seal: Seal, list: AutomationList): Note<'automation.listed'> {
  const { id, from, until, clusters, apart, cutAt } = list;
  return {
    type: 'automation.listed',
    platform: 'hunting',
    detail: {
      list: id,
      from,
      until,
      clusters: clusters.map((cluster) => ({
        key: cluster.key,
        digest: digestOfCluster(seal, cluster),
        copies: cluster.copies.length,
      })),
      ...apart,
      cutAt,
      digest: seal.digest(list),
    },
  };
}

/** 'changed': it is not what the record says of it. */
export async function listAsRecorded(seal: Seal, tx: Tx, id: string): Promise<AutomationList | 'changed' | null> {
  const stored = await tx.automation.get(id);
  if (stored === null) return null;
  const read = await entriesOf(tx, { incident: null, types: ['automation.listed'], detail: ['list', id] });
  if (stored === 'unreadable' || read.breach !== null) return 'changed';
  const entries = read.value.filter(({ detail }) => detail.list === id);
  const digest = seal.digest(stored);
  const isSame = stored.id === id && entries.length === 1 && entries[0]?.detail.digest === digest;
  return isSame ? stored : 'changed';
}

/**
 * Whether a list that is not stored is one whose time is over, at that time (ISO), by what the record says of it. One that is younger
 * somebody has taken away.
 */
export async function isForgotten(tx: Tx, id: string, now: string): Promise<boolean> {
  if ((await tx.automation.get(id)) !== null) return false;
  const read = await entriesOf(tx, { incident: null, types: ['automation.listed'], detail: ['list', id] });
  const entries = read.breach === null ? read.value.filter(({ detail }) => detail.list === id) : [];
  return (
    entries.length === 1 && entries.every(({ detail }) => instantOf(now) - instantOf(detail.until) >= LIST_MEMORY_MS)
  );
}

export interface NamedCluster {
  readonly list: AutomationList;
  readonly cluster: Cluster;
  readonly digest: string;
}

export async function clusterAsRecorded(seal: Seal, tx: Tx, name: string): Promise<NamedCluster | 'changed' | null> {
  const named = clusterNamed(name);
  if (!named) return null;
  const list = await listAsRecorded(seal, tx, named.list);
  if (list === null || list === 'changed') return list;
  const cluster = list.clusters.find(({ key }) => key === named.key);
  return cluster ? { list, cluster, digest: digestOfCluster(seal, cluster) } : null;
}

const KEYS_AT_ONCE = 500;

/**
 * Of these, by `removalKey`, what an action of ours took out last: told by our own record, whatever the row says of who did it. Where
 * the record of an incident cannot be believed, all of its mail is taken for ours: then it is for people to look at.
 */
export async function takenOutByUs(
  tx: Tx,
  removals: readonly Pick<Removal, 'networkMessageId' | 'recipient'>[],
  deliveries: readonly Pick<KnownDelivery, 'networkMessageId' | 'recipient' | 'recipientId'>[],
): Promise<ReadonlySet<string>> {
  const ids = [...new Set(removals.map(({ networkMessageId }) => networkMessageId))];
  const owners = new Map(deliveries.map((one) => [removalKey(one), one.recipientId]));
  const byMail = Map.groupBy(removals, ({ networkMessageId }) => networkKey(networkMessageId));
  const ours = new Set<string>();
  for (let at = 0; at < ids.length; at += KEYS_AT_ONCE) {
    const incidents = await tx.incidents.filedUnder(ids.slice(at, at + KEYS_AT_ONCE).map(networkKey));
    const keys = await tx.incidents.keysOf(incidents.map(({ id }) => id));
    for (const { id } of incidents) {
      const isOurs = await removedIn(tx, id);
      const own = networkKeys(keys.get(id) ?? []).flatMap((key) => byMail.get(key) ?? []);
      for (const one of own) if (isOurs(one.recipient, owners.get(removalKey(one)) ?? null)) ours.add(removalKey(one));
    }
  }
  return ours;
}

type IsOurs = (recipient: string, mailbox: string | null) => boolean;

/** By the last action that was intended in each mailbox. */
async function removedIn(tx: Tx, incident: string): Promise<IsOurs> {
  const read = await entriesOf(tx, { incident, types: ['copy.intent'] });
  if (read.breach !== null) return () => true;
  const last = new Map<string, boolean>();
  for (const { mailbox, detail } of read.value) {
    const action = actionStored(detail.action);
    const isOut = action !== null && (takesOut(action) || setsAside(action));
    if (mailbox !== null) last.set(mailbox.toLowerCase(), isOut);
    last.set(addressKey(detail.address), isOut);
  }
  return (recipient, mailbox) =>
    last.get(addressKey(recipient)) === true || (mailbox !== null && last.get(mailbox.toLowerCase()) === true);
}
