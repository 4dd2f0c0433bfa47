import { type Calendar, type CalendarEvent, createCalendar } from './calendar.ts';
import { createFolders, type Folders } from './folders.ts';
import { changeKey, guid, opaqueId, type Random } from './ids.ts';
import type { Folder, FolderSummary, MailboxRule, MailItem, Marks, MasterCategory } from './types.ts';

/** What a new message is made of; ids, change key and folder are the mailbox's own affair. */
export type NewItem = Omit<MailItem, 'immutableId' | 'mutableId' | 'changeKey' | 'parentFolderId' | 'modifiedAt'>;

export interface KeptMailbox {
  readonly folders: readonly Folder[];
  readonly items: readonly MailItem[];
  readonly rules: readonly MailboxRule[];
  readonly categories: readonly MasterCategory[];
  readonly events?: readonly CalendarEvent[];
}

export interface Mailbox {
  readonly folders: Folders;
  readonly rules: MailboxRule[];
  readonly categories: MasterCategory[];
  readonly calendar: Calendar;
  size(): number;
  items(): IterableIterator<MailItem>;
  /** Every message with this Message-ID, whatever its folder. */
  withInternetMessageId(id: string): readonly MailItem[];
  find(form: 'immutable' | 'mutable', id: string): MailItem | null;
  inRecoverableItems(item: MailItem): boolean;
  add(item: NewItem, folder: Folder): MailItem;
  /** The message in its new place, with a new mutable id and change key. */
  move(immutableId: string, folder: Folder): MailItem;
  mark(immutableId: string, marks: Marks): MailItem;
  /** Gone for everybody. */
  drop(immutableId: string): MailItem;
  /** Only a legal hold can bring it back from there. */
  inPurges(item: MailItem): boolean;
  summary(): readonly FolderSummary[];
  addCategory(displayName: string, color: string): MasterCategory | null;
  keep(): KeptMailbox;
}

export function createMailbox(clock: () => number, random: Random, kept?: KeptMailbox): Mailbox {
  const folders = createFolders(random, kept?.folders);
  const byImmutable = new Map<string, MailItem>();
  const immutableOf = new Map<string, string>();
  const byInternetId = new Map<string, Set<string>>();
  const categories: MasterCategory[] = [...(kept?.categories ?? [])];
  const rules: MailboxRule[] = [...(kept?.rules ?? [])];
  const calendar = createCalendar(clock, random, kept?.events);

  function put(item: MailItem): MailItem {
    byImmutable.set(item.immutableId, item);
    immutableOf.set(item.mutableId, item.immutableId);
    const same = byInternetId.get(item.internetMessageId) ?? new Set();
    byInternetId.set(item.internetMessageId, same.add(item.immutableId));
    return item;
  }

  for (const item of kept?.items ?? []) put(item);

  function need(immutableId: string): MailItem {
    const item = byImmutable.get(immutableId);
    if (!item) throw new RangeError('no such message in this mailbox');
    return item;
  }

  function fresh() {
    return { changeKey: changeKey(random), modifiedAt: new Date(clock()).toISOString() };
  }

  return {
    folders,
    rules,
    categories,
    calendar,
    size: () => byImmutable.size,
    items: () => byImmutable.values(),
    withInternetMessageId: (id) => [...(byInternetId.get(id) ?? [])].map(need),
    find: (form, id) => byImmutable.get(form === 'immutable' ? id : (immutableOf.get(id) ?? '')) ?? null,
    inRecoverableItems: (item) => {
      const root = folders.find('recoverableitemsroot')?.id;
      return folders.find(item.parentFolderId)?.parentFolderId === root;
    },
    inPurges: (item) => folders.find(item.parentFolderId)?.wellKnownName === 'recoverableitemspurges',
    add(item, folder) {
      const immutableId = opaqueId(random, 'AAkALg');
      const mutableId = opaqueId(random, 'AAMkAGM');
      return put({ ...item, ...fresh(), immutableId, mutableId, parentFolderId: folder.id });
    },
    move(immutableId, folder) {
      const item = need(immutableId);
      immutableOf.delete(item.mutableId);
      return put({ ...item, ...fresh(), mutableId: opaqueId(random, 'AAMkAGM'), parentFolderId: folder.id });
    },
    mark: (immutableId, marks) => put({ ...need(immutableId), ...marks, ...fresh() }),
    drop(immutableId) {
      const item = need(immutableId);
      byImmutable.delete(immutableId);
      immutableOf.delete(item.mutableId);
      byInternetId.get(item.internetMessageId)?.delete(immutableId);
      return item;
    },
    summary: () => summary(folders, byImmutable.values()),
    keep: () => ({
      folders: folders.all(),
      items: [...byImmutable.values()],
      rules,
      categories,
      events: calendar.all(),
    }),
    addCategory(displayName, color) {
      if (categories.some((one) => one.displayName.toLowerCase() === displayName.toLowerCase())) return null;
      const category = { id: guid(random), displayName, color };
      categories.push(category);
      return category;
    },
  };
}

function summary(folders: Folders, items: Iterable<MailItem>): FolderSummary[] {
  const counts = new Map(folders.all().map((folder) => [folder.id, { total: 0, unread: 0 }]));
  for (const item of items) {
    const count = counts.get(item.parentFolderId);
    if (!count) continue;
    count.total += 1;
    if (!item.isRead) count.unread += 1;
  }
  return folders
    .all()
    .filter((folder) => folder.parentFolderId !== null)
    .map(({ id, displayName, wellKnownName }) => ({
      id,
      name: displayName,
      wellKnownName,
      total: counts.get(id)?.total ?? 0,
      unread: counts.get(id)?.unread ?? 0,
    }));
}
