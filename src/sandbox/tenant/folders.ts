import { opaqueId, type Random } from './ids.ts';
import type { Folder } from './types.ts';

/** Well-known name, display name, and under which root the folder lies. */
const WELL_KNOWN = [
  ['msgfolderroot', 'Top of Information Store', null],
  ['recoverableitemsroot', 'Recoverable Items', null],
  ['inbox', 'Inbox', 'msgfolderroot'],
  ['drafts', 'Drafts', 'msgfolderroot'],
  ['sentitems', 'Sent Items', 'msgfolderroot'],
  ['deleteditems', 'Deleted Items', 'msgfolderroot'],
  ['junkemail', 'Junk Email', 'msgfolderroot'],
  ['archive', 'Archive', 'msgfolderroot'],
  ['recoverableitemsdeletions', 'Deletions', 'recoverableitemsroot'],
  ['recoverableitemspurges', 'Purges', 'recoverableitemsroot'],
] as const;

export interface Folders {
  all(): readonly Folder[];
  /** By id (upper case matters) or well-known name (it does not). */
  find(key: string): Folder | null;
  /** Like `find`, and by display name. */
  named(key: string): Folder | null;
  children(id: string): readonly Folder[];
  add(displayName: string, parent: string): Folder;
  remove(id: string): boolean;
  /** As in a mailbox that was never given one, or lost it. */
  lose(wellKnownName: string): void;
  /** Below another one, with all that is in it and under the same id. */
  moveBelow(id: string, parent: string): void;
}

/** `kept`: those of a mailbox that was there before. */
export function createFolders(random: Random, kept: readonly Folder[] = []): Folders {
  const byId = new Map<string, Folder>();
  const byName = new Map<string, Folder>();
  for (const folder of kept) {
    byId.set(folder.id, folder);
    if (folder.wellKnownName !== null) byName.set(folder.wellKnownName, folder);
  }
  for (const [wellKnownName, displayName, root] of kept.length > 0 ? [] : WELL_KNOWN) {
    const id = opaqueId(random, 'AAMkAGF');
    const parentFolderId = root === null ? null : (byName.get(root)?.id ?? null);
    const folder: Folder = { id, displayName, wellKnownName, parentFolderId };
    byId.set(id, folder);
    byName.set(wellKnownName, folder);
  }
  const find = (key: string) => byId.get(key) ?? byName.get(key.toLowerCase()) ?? null;
  return {
    all: () => [...byId.values()],
    find,
    named: (key) => find(key) ?? [...byId.values()].find((one) => one.displayName === key) ?? null,
    children: (id) => [...byId.values()].filter((one) => one.parentFolderId === id),
    add(displayName, parent) {
      const folder: Folder = {
        id: opaqueId(random, 'AAMkAGF'),
        displayName,
        wellKnownName: null,
        parentFolderId: find(parent)?.id ?? null,
      };
      byId.set(folder.id, folder);
      return folder;
    },
    moveBelow(id, parent) {
      const folder = byId.get(id);
      if (folder) byId.set(id, { ...folder, parentFolderId: find(parent)?.id ?? null });
    },
    lose(wellKnownName) {
      byId.delete(byName.get(wellKnownName)?.id ?? '');
      byName.delete(wellKnownName);
    },
    remove(id) {
      return byId.get(id)?.wellKnownName === null && byId.delete(id);
    },
  };
}
