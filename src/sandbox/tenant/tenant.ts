import { addressees, eventOf, itemOf } from './delivery.ts';
import { createDirectory } from './directory.ts';
import { createDoings, type Doings } from './doings.ts';
import { createIdentity, type Identity } from './identity.ts';
import { guid, type Random } from './ids.ts';
import type { KeptTenant } from './kept.ts';
import { createMailbox, type Mailbox, type NewItem } from './mailbox.ts';
import type {
  Delivered,
  DeliveredCopy,
  DeliverOrder,
  EmailEvent,
  Folder,
  MailboxRule,
  MailboxSummary,
  MailItem,
  Marks,
  TenantChange,
  TenantUser,
  UserChange,
  UserOrder,
} from './types.ts';

export interface TenantOptions {
  /** GUID of the tenant. */
  readonly id: string;
  /** Such as contoso.com. Names without a domain are completed with it. */
  readonly domain: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly random: Random;
  /** Users by user principal name (or its part before the @), or in full. */
  readonly users?: readonly (string | UserOrder)[];
  /** All that a tenant before this one had: the same people with the same mail under the same ids. */
  readonly kept?: KeptTenant;
}

/**
 * `user` is always an id, user principal name or address, or a name that the domain completes. Methods throw RangeError
 * for what does not exist.
 */
export interface Tenant extends Identity, Doings {
  readonly id: string;
  readonly domain: string;
  users(): readonly TenantUser[];
  userCount(): number;
  addUser(order: string | UserOrder): TenantUser;
  /** What an administrator does: disables the account, makes a guest of a member. */
  updateUser(user: string, change: UserChange): TenantUser;
  /** Leaves the organisation: mailbox and directory entry are gone, advanced hunting still remembers. */
  removeUser(user: string): void;
  /** By object id or user principal name only, as in Graph's paths. */
  userByKey(key: string): TenantUser | null;
  userByAddress(address: string): TenantUser | null;
  /** Made on first use, so that thousands of untouched mailboxes cost nothing. */
  mailbox(user: string): Mailbox;
  deliver(order: DeliverOrder): Delivered;
  /** One row per user, with counts per folder. */
  mailboxes(): readonly MailboxSummary[];
  /** Everything in one mailbox, newest first. */
  look(user: string): { readonly user: TenantUser; readonly messages: readonly (MailItem & { folder: string })[] };
  /** What the owner does in Outlook: move by immutable id to a folder (well-known name, display name or id). */
  userMoves(user: string, messageId: string, folder: string): MailItem;
  userMarks(user: string, messageId: string, marks: Marks): MailItem;
  /** "Recover items deleted from this folder": out of Recoverable Items, back into the Inbox. */
  userRecovers(user: string, messageId: string, options?: { readonly newId?: boolean }): MailItem;
  /** To the in-place archive, which its owner sees and Graph does not. */
  userArchives(user: string, messageId: string): MailItem;
  archived(user: string): readonly MailItem[];
  /** A mail-enabled public folder: neither a user nor a group. */
  addPublicFolder(address: string): void;
  /** What a Microsoft 365 group or a public folder keeps by itself, where Graph does not look with the usual permissions. */
  keptAt(address: string): readonly NewItem[];
  /** Empties it out of Recoverable Items too. */
  userDestroys(user: string, messageId: string): void;
  addFolder(user: string, displayName: string, parent?: string): Folder;
  /** It lies below Deleted Items then, with all that is in it and under the same id. */
  removeFolder(user: string, folder: string): void;
  /** Gone for good; what was in it is in Deleted Items. */
  destroyFolder(user: string, folder: string): void;
  addRule(user: string, rule: Omit<MailboxRule, 'id' | 'sequence'>): MailboxRule;
  /** What advanced hunting knows, oldest first. */
  emailEvents(): readonly EmailEvent[];
  onChange(listener: (change: TenantChange) => void): () => void;
  /** For the services: reports a change made directly in a mailbox. */
  changed(change: Omit<TenantChange, 'at'>): void;
  keep(): KeptTenant;
}

export function createTenant(options: TenantOptions): Tenant {
  const { id, domain, clock, random, kept: before } = options;
  const directory = createDirectory(random, before?.users);
  const identity = createIdentity(directory, clock, random, before);
  const boxes = new Map((before?.boxes ?? []).map(([owner, box]) => [owner, createMailbox(clock, random, box)]));
  const publicFolders = new Set(before?.publicFolders);
  const kept = new Map(before?.keptAt);
  const archives = new Map(before?.archives);
  const events: EmailEvent[] = [...(before?.events ?? [])];
  const listeners = new Set<(change: TenantChange) => void>();

  function changed(change: Omit<TenantChange, 'at'>): void {
    for (const listener of listeners) listener({ at: clock(), ...change });
  }

  function known(key: string): TenantUser | null {
    return directory.byAddress(key) ?? directory.byKey(`${key}@${domain}`);
  }

  function need(key: string): TenantUser {
    const user = known(key);
    if (!user) throw new RangeError(`nobody is called ${key}`);
    return user;
  }

  function boxOf(user: TenantUser): Mailbox {
    const box = boxes.get(user.id) ?? createMailbox(clock, random);
    boxes.set(user.id, box);
    return box;
  }

  function folderOf(box: Mailbox, key: string): Folder {
    const folder = box.folders.named(key);
    if (!folder) throw new RangeError(`no folder called ${key}`);
    return folder;
  }

  function ownFolderOf(box: Mailbox, key: string): Folder {
    const folder = folderOf(box, key);
    if (folder.wellKnownName !== null) throw new RangeError(`${key} cannot be removed`);
    return folder;
  }

  function addUser(order: string | UserOrder): TenantUser {
    const given = typeof order === 'string' ? { userPrincipalName: order } : order;
    const name = given.userPrincipalName;
    const user = directory.add({ ...given, userPrincipalName: name.includes('@') ? name : `${name}@${domain}` });
    changed({ kind: 'users', userId: user.id, messageId: null, from: null, to: null });
    return user;
  }

  function put(user: TenantUser, order: DeliverOrder, item: NewItem): DeliveredCopy {
    const box = boxOf(user);
    const folder = folderOf(box, order.folder ?? 'inbox');
    const address = user.mail ?? user.userPrincipalName;
    const to = item.to.length > 0 ? item.to : [{ name: user.displayName, address }];
    const { immutableId } = box.add({ ...item, to }, folder);
    changed({ kind: 'delivered', userId: user.id, messageId: immutableId, from: null, to: folder.displayName });
    return { userId: user.id, address, messageId: immutableId, folderId: folder.id, folder: folder.displayName };
  }

  const doings = createDoings(need, events, clock, () => guid(random));
  const addressee = addressees(known, identity, publicFolders);

  function deliver(order: DeliverOrder): Delivered {
    const found = order.to.map(addressee);
    const receivers = [...new Set(found.flatMap((one) => one?.users ?? []))];
    const shown = found.flatMap((one) => (one && (one.keeper !== null || one.users.length > 0) ? [one.party] : []));
    const item = itemOf(order, shown, order.networkMessageId ?? guid(random), clock());
    const copies = receivers.map((user) => put(user, order, item));
    const keepers = new Set(found.flatMap((one) => one?.keeper ?? []));
    for (const keeper of keepers) kept.set(keeper, [...(kept.get(keeper) ?? []), item]);
    if (order.hunted !== false) for (const copy of copies) events.push(eventOf(order, item, copy));
    return {
      internetMessageId: item.internetMessageId,
      networkMessageId: item.networkMessageId,
      copies,
      unknown: order.to.filter((_, n) => (found[n]?.users.length ?? 0) === 0 && !found[n]?.keeper),
    };
  }

  function userMoves(key: string, messageId: string, to: string): MailItem {
    const user = need(key);
    const box = boxOf(user);
    const before = box.find('immutable', messageId);
    const from = before === null ? null : (box.folders.find(before.parentFolderId)?.displayName ?? null);
    const folder = folderOf(box, to);
    const item = box.move(messageId, folder);
    changed({ kind: 'moved', userId: user.id, messageId, from, to: folder.displayName });
    return item;
  }

  for (const user of options.users ?? []) addUser(user);

  return {
    ...identity,
    ...doings,
    id,
    domain,
    users: () => [...directory.all()],
    userCount: () => directory.size(),
    addUser,
    updateUser(key, change) {
      const user = need(key);
      const updated = directory.change(user.id, change) ?? user;
      changed({ kind: 'users', userId: user.id, messageId: null, from: null, to: null });
      return updated;
    },
    removeUser(key) {
      const { id: userId } = need(key);
      directory.remove(userId);
      boxes.delete(userId);
      changed({ kind: 'users', userId, messageId: null, from: null, to: null });
    },
    userByKey: (key) => directory.byKey(key),
    userByAddress: (address) => directory.byAddress(address),
    mailbox: (key) => boxOf(need(key)),
    deliver,
    mailboxes: () =>
      [...directory.all()].map((user) => {
        const box = boxes.get(user.id);
        return { user, messages: box?.size() ?? 0, folders: box?.summary() ?? [] };
      }),
    look(key) {
      const user = need(key);
      const box = boxOf(user);
      const messages = [...box.items()]
        .map((item) => ({ ...item, folder: box.folders.find(item.parentFolderId)?.displayName ?? '' }))
        .sort((a, b) => (a.receivedAt < b.receivedAt ? 1 : -1));
      return { user, messages };
    },
    userMoves,
    userMarks(key, messageId, marks) {
      const user = need(key);
      const item = boxOf(user).mark(messageId, marks);
      changed({ kind: 'marked', userId: user.id, messageId, from: null, to: null });
      return item;
    },
    userRecovers(key, messageId, { newId = false } = {}) {
      const user = need(key);
      const box = boxOf(user);
      const item = box.find('immutable', messageId);
      if (!item || !box.inRecoverableItems(item) || box.inPurges(item)) throw new RangeError('nothing to recover');
      if (!newId) return userMoves(key, messageId, 'inbox');
      const again = box.add(box.drop(messageId), folderOf(box, 'inbox'));
      changed({ kind: 'moved', userId: user.id, messageId: again.immutableId, from: 'Deletions', to: 'Inbox' });
      return again;
    },
    userArchives(key, messageId) {
      const user = need(key);
      const item = boxOf(user).drop(messageId);
      archives.set(user.id, [...(archives.get(user.id) ?? []), item]);
      changed({ kind: 'moved', userId: user.id, messageId, from: null, to: 'In-Place Archive' });
      return item;
    },
    addPublicFolder: (address) => void publicFolders.add(address.toLowerCase()),
    keptAt: (address) => kept.get(address.toLowerCase()) ?? [],
    archived: (key) => archives.get(need(key).id) ?? [],
    userDestroys(key, messageId) {
      const user = need(key);
      boxOf(user).drop(messageId);
      changed({ kind: 'gone', userId: user.id, messageId, from: null, to: null });
    },
    addFolder(key, displayName, parent = 'msgfolderroot') {
      const user = need(key);
      const folder = boxOf(user).folders.add(displayName, parent);
      changed({ kind: 'folders', userId: user.id, messageId: null, from: null, to: displayName });
      return folder;
    },
    removeFolder(key, name) {
      const user = need(key);
      const { folders } = boxOf(user);
      const folder = ownFolderOf(boxOf(user), name);
      folders.moveBelow(folder.id, 'deleteditems');
      changed({ kind: 'folders', userId: user.id, messageId: null, from: folder.displayName, to: 'Deleted Items' });
    },
    destroyFolder(key, name) {
      const user = need(key);
      const box = boxOf(user);
      const folder = ownFolderOf(box, name);
      const inside = [...box.items()].filter((item) => item.parentFolderId === folder.id);
      for (const item of inside) userMoves(key, item.immutableId, 'deleteditems');
      box.folders.remove(folder.id);
      changed({ kind: 'folders', userId: user.id, messageId: null, from: folder.displayName, to: null });
    },
    addRule(key, rule) {
      const box = boxOf(need(key));
      const added = { ...rule, id: `AQAAA${box.rules.length + 1}=`, sequence: box.rules.length + 1 };
      box.rules.push(added);
      return added;
    },
    emailEvents: () => events,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changed,
    keep: () => ({
      users: [...directory.all()],
      groups: identity.groups(),
      risks: identity.risks(),
      accounts: identity.keepAccounts(),
      boxes: [...boxes].map(([owner, box]) => [owner, box.keep()] as const),
      archives: [...archives],
      publicFolders: [...publicFolders],
      keptAt: [...kept],
      events,
    }),
  };
}
