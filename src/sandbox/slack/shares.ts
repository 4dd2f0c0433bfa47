import { bearer, type Incoming, type Json, type Outcome } from './loopback.ts';

/** Files that people share in messages, and how Slack hands them out [docs.slack.dev, file object and files:read]. */

export interface GivenFile {
  readonly name: string;
  readonly bytes: Buffer | string;
  /** `email`: sent to Slack's mail address. `external`: lies with another service. */
  readonly mode?: 'hosted' | 'email' | 'external';
  readonly mimetype?: string;
  /** What the file object says, where that is not what it has. */
  readonly says?: { readonly size?: number; readonly url?: string };
  /** What happens to whoever fetches it. */
  readonly when?: 'slow' | 'cut' | { readonly redirect: string };
}

export interface Shelf {
  /** The file object as messages carry it. */
  put(owner: string, channel: string, file: GivenFile): Json;
  /** Its object becomes a tombstone, and its address leads nowhere. */
  remove(id: string): void;
  /** A GET below `/files-pri/`. */
  receive(request: Incoming): Outcome;
  /** Requests for files, with the token that each came with. */
  readonly asked: readonly { readonly path: string; readonly token: string }[];
}

export interface ShelfOptions {
  readonly baseUrl: () => string;
  readonly teamId: string;
  readonly botToken: string;
  readonly scopes: readonly string[];
  /** Whether the app was added to this conversation. */
  readonly isIn: (channel: string) => boolean;
  readonly clock: () => number;
}

interface Held extends GivenFile {
  readonly channel: string;
  isRemoved: boolean;
}

const PAGE =
  '<!DOCTYPE html>\n<html><head><title>Sign in | Slack</title></head><body>Sign in to sandbox</body></html>\n';
const PIECE = 65_536;

/** Its bytes, as far as they come. */
export async function* pieces(bytes: Buffer, when: GivenFile['when']) {
  const end = when === 'cut' ? bytes.length >> 1 : bytes.length;
  for (let at = 0; at < end; at += PIECE) yield bytes.subarray(at, Math.min(end, at + PIECE));
  if (when === 'cut') throw new Error('the connection breaks off here');
  if (when === 'slow') await new Promise(() => undefined);
}

function handedOut({ bytes: given, mimetype, when }: Held): Outcome {
  if (typeof when === 'object') return { status: 302, headers: { location: when.redirect } };
  const bytes = Buffer.from(given);
  const length: Record<string, string> = when ? {} : { 'content-length': String(bytes.length) };
  return {
    status: 200,
    headers: { 'content-type': mimetype ?? 'application/octet-stream', ...length },
    pieces: pieces(bytes, when),
  };
}

export function createShelf(options: ShelfOptions): Shelf {
  const held = new Map<string, Held>();
  const asked: { path: string; token: string }[] = [];

  /** What Slack answers to whoever it wants to sign in: a page, with the status of a success. */
  const signIn = { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: PAGE };

  /** null where there is something to hand out. */
  function refused(token: string, file: Held | undefined, path: string): Outcome | null {
    // [belief] Without a token that is good it redirects to the sign-in; whether it does so too for one without the scope, or
    // shows the page at once, differs by report. Both lead to a page.
    if (token !== options.botToken)
      return { status: 302, headers: { location: `${options.baseUrl()}/?redir=${path}` } };
    if (!options.scopes.includes('files:read')) return signIn;
    if (!file || file.isRemoved) return { status: 404, headers: { 'content-type': 'text/html' }, body: PAGE };
    // docs.slack.dev/reference/scopes/files.read: of conversations that the app was added to.
    return options.isIn(file.channel) ? null : signIn;
  }

  function receive({ method, path, headers }: Incoming): Outcome {
    const token = bearer(headers.authorization) ?? '';
    asked.push({ path, token });
    const file = held.get(/^\/files-pri\/[^/]+-([^/-]+)\//.exec(path)?.[1] ?? '');
    if (method !== 'GET') return { status: 405, body: '' };
    return refused(token, file, path) ?? (file ? handedOut(file) : signIn);
  }

  return {
    asked,
    receive,
    remove(id) {
      const file = held.get(id);
      if (file) file.isRemoved = true;
    },
    put(owner, channel, file) {
      const id = `F0SHARED${held.size + 1}`;
      held.set(id, { ...file, channel, isRemoved: false });
      const { name, mode = 'hosted' } = file;
      const address = `${options.baseUrl()}/files-pri/${options.teamId}-${id}`;
      return {
        id,
        created: Math.floor(options.clock() / 1_000),
        name,
        title: name,
        mimetype: mode === 'email' ? 'text/html' : (file.mimetype ?? 'application/octet-stream'),
        filetype: mode === 'email' ? 'email' : 'binary',
        user: owner,
        editable: false,
        size: file.says?.size ?? Buffer.from(file.bytes).length,
        mode,
        is_external: mode === 'external',
        is_public: true,
        url_private: `${address}/${encodeURIComponent(name)}`,
        url_private_download: file.says?.url ?? `${address}/download/${encodeURIComponent(name)}`,
        // Of the mail that was sent to Slack, and of none that is in it.
        ...(mode === 'email' ? { subject: name, headers: { date: '', in_reply_to: null, message_id: '' } } : {}),
      };
    },
  };
}
