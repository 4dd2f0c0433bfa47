import { type Answer, type Incoming, type Json, list, parseJson, record, text } from './loopback.ts';
import type { SeatedPerson, SharedFile } from './types.ts';

/** Files that the app sends to somebody: asked for, uploaded and completed, each once and in this order. */
export interface Uploads {
  /** conversations.open, chat.postMessage into what it opened, files.getUploadURLExternal and files.completeUploadExternal. */
  answer(method: string, args: Json): Json;
  /** A POST to an address that was handed out. */
  receive(request: Incoming): Answer;
  /** What stands in the messages between this person and the app, oldest first. */
  filesOf(user: string): readonly SharedFile[];
  /** The same of what was written. */
  wordsOf(user: string): readonly Json[];
  /** Uploads that were begun: Slack discards those that are never completed. */
  begun(): readonly { readonly name: string; readonly isUploaded: boolean; readonly isCompleted: boolean }[];
}

export interface UploadsOptions {
  readonly baseUrl: () => string;
  readonly scopes: readonly string[];
  readonly botUserId: string;
  /** features.app_home.messages_tab_enabled of the app's manifest. */
  readonly messagesTab: boolean;
  readonly people: ReadonlyMap<string, SeatedPerson>;
  /** Whether this is a channel that the app is in. */
  readonly isChannel: (id: string) => boolean;
  readonly clock: () => number;
  readonly random: () => number;
  readonly changed: (user: string, file: string) => void;
}

/** slack.com/help, "Add files to Slack": up to 1 GB each. */
const MOST_BYTES = 1_000_000_000;
const MOST_USERS = 8;

interface Upload {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  bytes: Buffer | null;
  isSpent: boolean;
  isCompleted: boolean;
}

export function createUploads(options: UploadsOptions): Uploads {
  const { scopes, people, clock } = options;
  /** By the last part of their address. */
  const uploads = new Map<string, Upload>();
  /** Person by direct message. */
  const rooms = new Map<string, string>();
  const shared = new Map<string, SharedFile[]>();
  const written = new Map<string, Json[]>();
  const fresh = (prefix: string) =>
    `${prefix}0${Math.floor(options.random() * 1e9)
      .toString(36)
      .toUpperCase()}${uploads.size + rooms.size}`;

  const no = (error: string, more: Json = {}): Json => ({ ok: false, error, ...more });
  function lacking(wanted: string, needed = wanted): Json | null {
    return scopes.includes(wanted) ? null : no('missing_scope', { needed, provided: scopes.join(',') });
  }

  function refusedUsers(users: readonly string[]): Json | null {
    const found = people.get(users[0] ?? '');
    if (users.length === 0 || users[0] === options.botUserId) return no('users_list_not_supplied');
    if (users.length > MOST_USERS) return no('too_many_users');
    if (users.length > 1) return no('missing_scope', { needed: 'mpim:write', provided: scopes.join(',') });
    if (!found) return no('user_not_found');
    return found.deleted ? no('user_disabled') : null;
  }

  /** docs.slack.dev, conversations.open. */
  function open(args: Json): Json {
    const users = text(args['users'])
      .split(',')
      .filter((id) => id !== '');
    const refused = lacking('im:write', 'channels:write,groups:write,mpim:write,im:write') ?? refusedUsers(users);
    if (refused) return refused;
    const [user = ''] = users;
    const known = [...rooms].find(([, person]) => person === user)?.[0];
    const id = known ?? fresh('D');
    rooms.set(id, user);
    return { ok: true, ...(known ? { no_op: true, already_open: true } : {}), channel: { id } };
  }

  /** docs.slack.dev, chat.postMessage. */
  function write(args: Json): Json {
    const user = rooms.get(text(args['channel']));
    const missing = lacking('chat:write');
    if (missing) return missing;
    if (user === undefined) return no('channel_not_found');
    if (!options.messagesTab) return no('messages_tab_disabled');
    const ts = `${Math.floor(clock() / 1_000)}.${String((written.get(user) ?? []).length).padStart(6, '0')}`;
    written.set(user, [...(written.get(user) ?? []), { ts, text: args['text'], blocks: args['blocks'] }]);
    options.changed(user, ts);
    return { ok: true, channel: args['channel'], ts };
  }

  /** docs.slack.dev, files.getUploadURLExternal: `length` is in bytes, and 0 counts as left out. */
  function begin(args: Json): Json {
    const missing = lacking('files:write');
    if (missing) return missing;
    const [name, length] = [text(args['filename']), Number(args['length'])];
    if (name === '' || !length) return no('missing_argument');
    if (!Number.isInteger(length) || length < 0) return no('invalid_arguments');
    if (length > MOST_BYTES) return no('file_upload_size_restricted');
    const id = fresh('F');
    const ticket = `CwABAAAA${id}${Math.floor(options.random() * 1e9).toString(36)}`;
    uploads.set(ticket, { id, name, length, bytes: null, isSpent: false, isCompleted: false });
    return { ok: true, upload_url: `${options.baseUrl()}/upload/v1/${ticket}`, file_id: id };
  }

  /**
   * docs.slack.dev: 200 when it worked, anything else when not; raw bytes are taken as they are. [belief] An address is good
   * for one upload, and what is not as long as was said is no upload: which status says so is not documented.
   */
  function receive({ path, headers, body }: Incoming): Answer {
    const upload = uploads.get(path.slice('/upload/v1/'.length));
    if (!upload) return { status: 404, body: 'not found' };
    if (upload.isSpent) return { status: 410, body: 'this upload is over' };
    if (headers.authorization !== undefined) return { status: 400, body: 'the address itself is the permission' };
    upload.isSpent = true;
    if (body.length !== upload.length) return { status: 400, body: `expected ${upload.length} bytes` };
    upload.bytes = body;
    return { status: 200, body: `OK - ${body.length}` };
  }

  function refusedPlace(channel: string): string | null {
    if (channel.startsWith('U') || channel.startsWith('W')) return 'channel_not_found';
    const person = people.get(rooms.get(channel) ?? '');
    if (!person) return options.isChannel(channel) ? null : 'channel_not_found';
    // [belief] As chat.postMessage says it. Nobody documents it for files.
    return options.messagesTab ? null : 'messages_tab_disabled';
  }

  /** docs.slack.dev, files.completeUploadExternal: only once, only what was uploaded, and only then anybody sees it. */
  function complete(args: Json): Json {
    const missing = lacking('files:write');
    if (missing) return missing;
    const asked = list(typeof args['files'] === 'string' ? parseJson(args['files']) : args['files']).map(record);
    if (asked.length === 0) return no('invalid_arguments');
    const whole = asked.flatMap(({ id, title }) => {
      const upload = [...uploads.values()].find((one) => one.id === id);
      return upload?.bytes && !upload.isCompleted ? [{ upload, title: text(title), bytes: upload.bytes }] : [];
    });
    if (whole.length !== asked.length) return no('file_not_found');
    const channel = text(args['channel_id']);
    const problem = channel === '' ? null : refusedPlace(channel);
    if (problem !== null) return no(problem);
    for (const one of whole) share(rooms.get(channel) ?? channel, one.upload, one.title, one.bytes);
    return { ok: true, files: whole.map(({ upload, title }) => ({ id: upload.id, ...(title ? { title } : {}) })) };
  }

  function share(owner: string, upload: Upload, title: string, bytes: Buffer): void {
    upload.isCompleted = true;
    const { id, name } = upload;
    const file = { id, name, title: title || name, text: bytes.toString('utf8'), at: clock() };
    shared.set(owner, [...(shared.get(owner) ?? []), file]);
    options.changed(owner, id);
  }

  return {
    answer(method, args) {
      if (method === 'conversations.open') return open(args);
      if (method === 'chat.postMessage') return write(args);
      return method === 'files.getUploadURLExternal' ? begin(args) : complete(args);
    },
    receive,
    filesOf: (user) => shared.get(user) ?? [],
    wordsOf: (user) => written.get(user) ?? [],
    begun: () =>
      [...uploads.values()].map(({ name, bytes, isCompleted }) => ({ name, isUploaded: bytes !== null, isCompleted })),
  };
}
