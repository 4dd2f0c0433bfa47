import type { SeenCopy } from '../action/copy.ts';
import { type Target, targetKey } from '../find/plan.ts';
import { inert } from '../text.ts';
import { type Unread, unreadBreach } from '../unread.ts';

/** What a run is about to touch, held against what its plan, or the run that it undoes, allows. */

export interface Work extends Target {
  readonly address: string;
  readonly before: SeenCopy | null;
  readonly unread?: Unread;
}

/** What a run may touch: per copy the address, and the states it may put back; null where it puts nothing back. */
export type Allowed = ReadonlyMap<string, { readonly address: string; readonly befores: readonly string[] | null }>;

export function imageOf(before: SeenCopy | null): string {
  if (before === null) return '';
  const { folderId, isRead, flag, categories, internetMessageId, flagDates } = before;
  // Images from before dates were kept have none: they stay what they were.
  return JSON.stringify([folderId, isRead, flag, categories, internetMessageId, ...(flagDates ? [flagDates] : [])]);
}

export function workBreach(items: readonly Work[], allowed: Allowed): string | null {
  for (const item of items) {
    const unread = unreadBreach(item.unread);
    if (unread !== null) return unread;
    const known = allowed.get(targetKey(item));
    const where = inert(item.address, 80);
    if (!known || known.address !== item.address) return `a copy in ${where} is in a run and not in its plan`;
    if (known.befores && !known.befores.includes(imageOf(item.before)))
      return `what is to be put back in ${where} is not what was taken out`;
  }
  return null;
}
