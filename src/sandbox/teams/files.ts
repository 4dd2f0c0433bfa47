import type { Incoming, Json, Outcome } from '../slack/loopback.ts';
import { type GivenFile, pieces } from '../slack/shares.ts';

/**
 * Files that people send to the bot in the chat with it alone [learn: bots-filesv4]: they lie in the sender's OneDrive, and the
 * bot gets an address that needs no token and is good for some minutes. It gets none from channels and group chats.
 */
export interface Drive {
  /** The attachment of a message as the bot gets it. */
  attach(file: GivenFile): Json;
  /** A file of a channel, as the action on a message names it. */
  refer(file: GivenFile): Json;
  remove(): void;
  /** A GET below `/_layouts/`. */
  receive(request: Incoming): Outcome;
  /** Requests for files, with what each brought along as its authorization. */
  readonly asked: readonly { readonly path: string; readonly authorization: string | null }[];
}

// [belief] learn says that the address is short-lived, and names no time.
const LIFE_MS = 5 * 60_000;

export function createDrive(baseUrl: () => string, clock: () => number): Drive {
  const held = new Map<string, GivenFile & { readonly until: number }>();
  const asked: { path: string; authorization: string | null }[] = [];
  const place = (name: string) =>
    `https://contoso-my.sharepoint.com/personal/ana/Documents/${encodeURIComponent(name)}`;
  return {
    asked,
    attach(file) {
      const id = `b83b9f77-7003-4d63-985c-${String(held.size).padStart(12, '0')}`;
      held.set(id, { ...file, until: clock() + LIFE_MS });
      const own = `${baseUrl()}/_layouts/15/download.aspx?UniqueId=${id}&Translate=false&tempauth=v1.sandbox`;
      return {
        contentType: 'application/vnd.microsoft.teams.file.download.info',
        contentUrl: place(file.name),
        name: file.name,
        content: { downloadUrl: file.says?.url ?? own, uniqueId: id, fileType: file.name.split('.').at(-1) ?? '' },
      };
    },
    refer: ({ name }) => ({
      id: `ref-${name}`,
      contentType: 'reference',
      contentUrl: `https://contoso.sharepoint.com/sites/security/Shared%20Documents/${encodeURIComponent(name)}`,
      content: null,
      name,
      thumbnailUrl: null,
    }),
    remove: () => held.clear(),
    receive({ path, query, headers }) {
      asked.push({ path, authorization: headers.authorization ?? null });
      const file = held.get(query.get('UniqueId') ?? '');
      if (!file) return { status: 404, body: 'not found' };
      if (query.get('tempauth') !== 'v1.sandbox' || clock() > file.until) return { status: 401, body: 'unauthorized' };
      if (typeof file.when === 'object') return { status: 302, headers: { location: file.when.redirect } };
      const type = file.mimetype ?? 'application/octet-stream';
      return { status: 200, headers: { 'content-type': type }, pieces: pieces(Buffer.from(file.bytes), file.when) };
    },
  };
}
