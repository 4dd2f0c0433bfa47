import { count, inertOr, shortTime } from '../text.ts';
import type { Recorded } from './ledger.ts';
import type { RecoveredDetail } from './payload-find.ts';

/** Copies that were out of sight, and are in a mailbox again without us: known until they are seen gone. */

export interface Recovered {
  /** When it was written down, ISO time. */
  readonly at: string;
  readonly copies: number;
  readonly first: string | null;
  /** Of these, how many could not be looked at this time, and when they were seen last. */
  readonly kept: number;
  readonly keptSeen: string | null;
}

/** What a look saw of copies that were out of sight. */
export interface Sight {
  readonly address: string;
  readonly is: 'back' | 'gone' | 'unread';
  /** It was back when it was last looked at. */
  readonly wasBack: boolean;
}

export function recoveredOf(sights: readonly Sight[], at: string, before: Recovered | null): Recovered {
  const kept = sights.filter(({ is, wasBack }) => is === 'unread' && wasBack);
  const all = [...sights.filter(({ is }) => is === 'back'), ...kept];
  const lastSeen = before && before.kept > 0 ? before.keptSeen : (before?.at ?? null);
  return {
    at,
    copies: all.length,
    first: all[0]?.address ?? null,
    kept: kept.length,
    keptSeen: kept.length > 0 ? lastSeen : null,
  };
}

export function recoveredDetail({ copies, first, kept, keptSeen }: Recovered): RecoveredDetail {
  return { copies, first, kept, keptSeen };
}

/** Null for entries of other kinds. */
export function recoveredIn(entry: Recorded): Recovered | null {
  if (entry.type !== 'scope.looked' && entry.type !== 'scope.recovered') return null;
  return { ...entry.detail.recovered, at: entry.at };
}

/** Whether people would want to hear of it. */
export function isOtherThan(now: Recovered, before: Recovered | null): boolean {
  return (
    now.copies !== (before?.copies ?? 0) || now.first !== (before?.first ?? null) || now.kept !== (before?.kept ?? 0)
  );
}

/** `way`: how a new list is asked for; empty where that is not possible now. */
export function recoveredLines(recovered: Recovered | null, way: string): readonly string[] {
  if (!recovered || recovered.copies === 0) return [];
  const { at, copies, first, kept, keptSeen } = recovered;
  const since = `last seen ${shortTime(keptSeen ?? at)}`;
  const some = kept > 0 && kept < copies ? ` ${kept} of them could not be looked at then, ${since}.` : '';
  const seen = kept === copies ? `${since} and not to be looked at since` : `seen ${shortTime(at)}`;
  return [
    `${count(copies, 'copy that was gone is', 'copies that were gone are')} back in a mailbox, ${inertOr(first, 'unnamed', 80)} first, ${seen}: recovered by its owner or somebody else, not by an undo from here.${some} Left alone${way}.`,
  ];
}
