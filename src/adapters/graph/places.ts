import { query, seg } from '../microsoft/client.ts';
import type { InnerReply } from './answer.ts';
import type { Batcher } from './batch.ts';
import { WireFolder } from './wire.ts';

/** What is where in a mailbox, as far as it decides whether its user can see a message. */

/**
 * Where a mailbox keeps what was soft-deleted, and the folder around it, Recoverable Items itself. Null: the mailbox has
 * no such folder (yet), or does not say what is around it.
 */
export type Bin =
  | { readonly known: true; readonly id: string | null; readonly root: string | null }
  | { readonly known: false; readonly why: InnerReply };

type JunkFolder =
  | { readonly known: true; readonly id: string | null }
  | { readonly known: false; readonly why: InnerReply };

/** `beyond`: in Recoverable Items, in Purges or another part of it that neither user nor administrator gets back from. */
export type Place = 'outside' | 'beyond' | { readonly why: InnerReply };

export interface Places {
  bin(mailbox: string): Promise<Bin>;
  /** Its Junk Email; null where the mailbox has none. */
  junk(mailbox: string): Promise<JunkFolder>;
  /** Of a folder that is not the bin. `root`: of this mailbox's bin. */
  place(mailbox: string, folder: string, root: string): Promise<Place>;
  /** Whether it lies below Deleted Items, where a deleted folder goes with its id; asked anew each time. */
  isDeleted(mailbox: string, folder: string): Promise<boolean | { readonly why: InnerReply }>;
  /** Somebody knows already that this folder is not in Recoverable Items. */
  isOutside(mailbox: string, folder: string): void;
}

/** Folder ids never change, but one process may see many mailboxes: the oldest are forgotten. */
const MOST = 20_000;
/** Folders within folders that are followed: Outlook itself draws the line earlier. */
const DEEPEST = 50;

/** Each folder is asked about once. Failures are not remembered. */
export function createPlaces(batcher: Batcher): Places {
  const bins = createMemory<Bin>((bin) => bin.known && bin.id !== null);
  const places = createMemory<Place>((place) => typeof place === 'string');
  const wellKnown = createMemory<string | { readonly why: InnerReply }>((id) => typeof id === 'string');
  const keyOf = (mailbox: string, folder: string) => `${mailbox.toLowerCase()} ${folder}`;

  async function askFolder(mailbox: string, folder: string) {
    const path = `/users/${seg(mailbox)}/mailFolders/${seg(folder)}${query({ $select: 'id,parentFolderId' })}`;
    const why = await batcher.send(mailbox, { operation: 'folder', method: 'GET', path });
    const ok = why.kind === 'answer' && why.status === 200;
    return { why, folder: ok ? (WireFolder.safeParse(why.body).data ?? null) : null };
  }

  function known(mailbox: string, name: string): Promise<string | { readonly why: InnerReply }> {
    return wellKnown.get(keyOf(mailbox, name), async () => {
      const { folder, why } = await askFolder(mailbox, name);
      return folder?.id ?? { why };
    });
  }

  /** No bin is remembered of a mailbox that has none: the first soft delete makes one. */
  async function findBin(mailbox: string): Promise<Bin> {
    const { folder, why } = await askFolder(mailbox, 'recoverableitemsdeletions');
    if (folder) return { known: true, id: folder.id, root: folder.parentFolderId ?? null };
    return isNone(why) ? { known: true, id: null, root: null } : { known: false, why };
  }

  async function junk(mailbox: string): Promise<JunkFolder> {
    const found = await known(mailbox, 'junkemail');
    if (typeof found === 'string') return { known: true, id: found };
    return isNone(found.why) ? { known: true, id: null } : { known: false, why: found.why };
  }

  async function isDeleted(mailbox: string, id: string): Promise<boolean | { readonly why: InnerReply }> {
    const [top, trash] = await Promise.all([known(mailbox, 'msgfolderroot'), known(mailbox, 'deleteditems')]);
    if (typeof top !== 'string') return top;
    if (typeof trash !== 'string') return trash;
    let at = id;
    for (let depth = 0; depth < DEEPEST && at !== top && at !== trash; depth += 1) {
      const { folder, why } = await askFolder(mailbox, at);
      if (!folder?.parentFolderId) return { why };
      if (folder.parentFolderId === trash) return true;
      at = folder.parentFolderId;
    }
    return false;
  }

  async function findPlace(mailbox: string, id: string, root: string): Promise<Place> {
    const { folder, why } = await askFolder(mailbox, id);
    if (!folder?.parentFolderId) return { why };
    return folder.parentFolderId === root ? 'beyond' : 'outside';
  }

  return {
    bin: (mailbox) => bins.get(mailbox.toLowerCase(), findBin),
    place: (mailbox, folder, root) => places.get(keyOf(mailbox, folder), () => findPlace(mailbox, folder, root)),
    junk: (mailbox) => junk(mailbox.toLowerCase()),
    isDeleted,
    isOutside: (mailbox, folder) => places.set(keyOf(mailbox, folder), 'outside'),
  };
}

const NO_FOLDER = new Set(['ErrorItemNotFound', 'ErrorFolderNotFound']);

/** The mailbox answers, and has no such folder. */
function isNone(reply: InnerReply): boolean {
  return reply.kind === 'answer' && reply.status === 404 && NO_FOLDER.has(reply.code);
}

function createMemory<T>(worthKeeping: (value: T) => boolean) {
  const known = new Map<string, Promise<T>>();

  function put(key: string, value: Promise<T>): Promise<T> {
    known.delete(key);
    known.set(key, value);
    const [oldest] = known.keys();
    if (known.size > MOST && oldest !== undefined) known.delete(oldest);
    return value;
  }

  async function find(key: string, ask: (key: string) => Promise<T>): Promise<T> {
    try {
      const value = await ask(key);
      if (!worthKeeping(value)) known.delete(key);
      return value;
    } catch (error) {
      known.delete(key);
      throw error;
    }
  }

  return {
    get: (key: string, ask: (key: string) => Promise<T>) => put(key, known.get(key) ?? find(key, ask)),
    set: (key: string, value: T) => void put(key, Promise.resolve(value)),
  };
}
