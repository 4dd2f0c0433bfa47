import { ClawbackError } from '../../core/error.ts';
import type { MeasureList } from '../../core/find/measure-list.ts';
import type { Image } from '../../core/measure/measure.ts';
import { accountOf, beforeOf, doneWith, MEASURE_ENTRIES, type MeasureAccount } from '../../core/record/measures.ts';
import type { StoredList } from '../../ports/measure-lists.ts';
import type { Tx } from '../../ports/store.ts';
import type { Hash } from '../flow.ts';
import { entriesOf } from './entries.ts';

/** A list of measures as it is stored, held against the record: whoever decides about it or carries it out begins here. */

export type KnownList =
  | { readonly is: 'none' }
  /** Asked for, and not made yet. */
  | { readonly is: 'wanted'; readonly stored: StoredList; readonly account: MeasureAccount }
  | {
      readonly is: 'made';
      readonly stored: StoredList;
      readonly account: MeasureAccount;
      readonly list: MeasureList;
      readonly digest: string;
    }
  /** What is stored is not what the record says: nothing is decided about it or done. */
  | { readonly is: 'changed'; readonly stored: StoredList; readonly why: string };

export type MadeList = Extract<KnownList, { readonly is: 'made' }>;

type Digests = Pick<Hash, 'digest'>;

/** `held`: its row, until the transaction ends. Throws ClawbackError 'unavailable' for what a newer version wrote. */
export async function knownList(hash: Digests, tx: Tx, id: string, held = false): Promise<KnownList> {
  const stored = await (held ? tx.measures.lock(id) : tx.measures.get(id));
  if (!stored) return { is: 'none' };
  const asked = { incident: stored.incident, types: MEASURE_ENTRIES, detail: ['list', id] } as const;
  const checked = await entriesOf(tx, asked);
  const changed = (why: string): KnownList => ({ is: 'changed', stored, why });
  if (checked.breach !== null) return changed(checked.breach);
  const entries = checked.value.filter(({ detail }) => 'list' in detail && detail.list === id);
  const account = accountOf(entries);
  if (!account.wanted) return changed('the record does not know that anybody asked for it');
  if (stored.unread) return changed(stored.unread.what);
  const { list } = stored;
  const made = entries.filter(({ type }) => type === 'measures.asked').length;
  if (made === 0 && list === null) return { is: 'wanted', stored, account };
  if (made !== 1 || list === null || !account.asked) return changed('its list is not the one that was asked about');
  const digest = hash.digest(list);
  if (digest !== account.asked.detail.digest || list.id !== id || list.incident !== stored.incident)
    return changed('its list is not the one that was asked about');
  return { is: 'made', stored, account, list, digest };
}

/** What was seen of a measure, where it is what was written down then; null for none. */
export async function imageAsSeen(
  hash: Digests,
  tx: Tx,
  { list, n, when, digest }: { list: string; n: number; when: 'before' | 'after'; digest: string | null },
): Promise<Image | null> {
  const image = digest === null ? null : await tx.measures.image(list, n, when);
  return image !== null && hash.digest(image) === digest ? image : null;
}

/** All lists of an incident, oldest first. */
export async function listsOf(hash: Digests, tx: Tx, incident: string): Promise<readonly KnownList[]> {
  const lists: KnownList[] = [];
  for (const id of await tx.measures.ofIncident(incident)) lists.push(await knownList(hash, tx, id));
  return lists;
}

/** What differs of the lists of one incident, and of what was kept of their measures. */
export async function measureDifferences(hash: Digests, tx: Tx, incident: string): Promise<readonly string[]> {
  const stored = await tx.measures.ofIncident(incident);
  const wanted = await tx.ledger.find({ incident, types: ['measures.wanted'] });
  const lines = wanted.flatMap(({ entry }) =>
    entry && !stored.includes(entry.detail.list)
      ? [`the list ${entry.detail.list} of measures is not stored any more`]
      : [],
  );
  for (const id of stored) {
    const known = await knownList(hash, tx, id).catch((error: unknown) => {
      if (error instanceof ClawbackError) return error.message;
      throw error;
    });
    if (typeof known === 'string') lines.push(known);
    else if (known.is === 'changed') lines.push(`measures ${id}: ${known.why}`);
    else if (known.is === 'made') lines.push(...(await imageDifferences(hash, tx, known)));
  }
  return lines;
}

async function imageDifferences(hash: Digests, tx: Tx, { list, account }: MadeList): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { n } of list.measures) {
    const digests = { before: beforeOf(account, n), after: doneWith(account, n, 'apply')?.after ?? null };
    for (const when of ['before', 'after'] as const) {
      const digest = digests[when];
      if (digest !== null && (await imageAsSeen(hash, tx, { list: list.id, n, when, digest })) === null)
        lines.push(`what was seen ${when} measure ${n} of ${list.id} is not what the record says`);
    }
  }
  return lines;
}
