import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import { RoomError } from '../../core/error.ts';
import type { NotSent, Sent } from '../../core/tell/file-sent.ts';
import type { PrivateFiles } from '../../ports/files.ts';
import { roomError, slackCode } from './failure.ts';
import { SLACK } from './platform.ts';

/** All bytes of a file, milliseconds. Somebody waits for the answer. */
const BYTES_WITHIN_MS = 20_000;
const TOO_LARGE = 413;
const OPEN = 'conversations.open';
const BEGIN = 'files.getUploadURLExternal';
const COMPLETE = 'files.completeUploadExternal';

/** Of one person and the app, never of a channel. */
const Opened = z.object({ channel: z.object({ id: z.string().regex(/^D[A-Z0-9]+$/) }) });
const Begun = z.object({ upload_url: z.url(), file_id: z.string().min(1) });

/** `error` values of the three methods [docs.slack.dev]; what is not listed is a no without a reason that people know. */
const WHY: readonly (readonly [NotSent, readonly string[]])[] = [
  [
    'not allowed',
    [
      ...['missing_scope', 'not_allowed_token_type', 'no_permission', 'access_denied', 'ekm_access_denied'],
      ...['team_access_not_granted', 'restricted_action', 'invalid_auth', 'token_revoked', 'account_inactive'],
    ],
  ],
  [
    'files off',
    [
      ...['file_uploads_disabled', 'file_uploads_except_images_disabled', 'file_type_not_allowed'],
      'storage_limit_reached',
    ],
  ],
  ['too large', ['file_upload_size_restricted']],
  [
    'no messages',
    [
      ...['messages_tab_disabled', 'user_not_found', 'user_disabled', 'user_not_visible', 'channel_not_found'],
      ...['invalid_channel', 'not_in_channel', 'posting_to_channel_denied', 'user_is_external_guest'],
    ],
  ],
];

interface SlackFilesOptions {
  readonly client: webApi.WebClient;
  /** Base of the Web API. Files go to Slack's own hosts beside it, and nowhere else. */
  readonly apiUrl: string;
}

/**
 * Files in the messages between somebody and the app, in three steps [docs.slack.dev, files.getUploadURLExternal]. Slack shows
 * nothing before the last and discards what never gets there, so that each failure before it is a certain one; the last is
 * tried once, because a second time could show the file twice.
 */
export function createSlackFiles({ client, apiUrl }: SlackFilesOptions): PrivateFiles {
  async function uploaded(account: string, name: string, bytes: Buffer): Promise<{ channel: string; id: string }> {
    const { channel } = Opened.parse(await asked(OPEN, client.conversations.open({ users: account })));
    const begun = await asked(BEGIN, client.files.getUploadURLExternal({ filename: name, length: bytes.length }));
    const { upload_url, file_id } = Begun.parse(begun);
    await put(upload_url, bytes, apiUrl);
    return { channel: channel.id, id: file_id };
  }

  return {
    platform: SLACK.platform,
    async send(account, { name, text }) {
      let whole: { readonly channel: string; readonly id: string };
      try {
        whole = await uploaded(account, name, Buffer.from(text, 'utf8'));
      } catch (error) {
        return notSent(error);
      }
      const { channel, id } = whole;
      try {
        const files: [{ id: string; title: string }] = [{ id, title: name }];
        await asked(COMPLETE, client.files.completeUploadExternal({ files, channel_id: channel }));
        return { is: 'sent' };
      } catch (error) {
        const isLost = error instanceof RoomError && error.kind === 'lost';
        return isLost ? { is: 'not known', detail: error.message } : notSent(error);
      }
    },
  };
}

async function asked<T>(call: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw roomError(call, error);
  }
}

/** The address is the permission: the token stays here. */
async function put(address: string, bytes: Buffer, apiUrl: string): Promise<void> {
  if (!isSlacks(address, apiUrl)) throw new RoomError('refused', 'Slack named an address that is not its own');
  const body = new Uint8Array(bytes);
  const signal = AbortSignal.timeout(BYTES_WITHIN_MS);
  const headers = { 'content-type': 'application/octet-stream' };
  const response = await fetch(address, { method: 'POST', redirect: 'error', headers, body, signal }).catch(
    (cause: unknown) => {
      throw new RoomError('lost', 'the upload broke off', { cause });
    },
  );
  await response.body?.cancel();
  if (response.status === 200) return;
  const kind = response.status === TOO_LARGE ? 'unfit' : response.status >= 500 ? 'lost' : 'refused';
  throw new RoomError(kind, `Slack answered ${response.status} to the upload`);
}

/** `files.slack.com` beside `slack.com`; on a machine that stands in for Slack, the same one. */
function isSlacks(address: string, apiUrl: string): boolean {
  const [url, api] = [new URL(address), new URL(apiUrl)];
  return url.origin === api.origin || (url.protocol === 'https:' && url.hostname.endsWith(`.${api.hostname}`));
}

function notSent(error: unknown): Sent {
  if (error instanceof z.ZodError) {
    return { is: 'not sent', why: 'failed', detail: 'Slack’s answer has an unknown shape' };
  }
  if (!(error instanceof RoomError)) throw error;
  return { is: 'not sent', why: whyOf(error), detail: error.message };
}

function whyOf(error: RoomError): NotSent {
  const code = slackCode(error.cause);
  const named = WHY.find(([, codes]) => codes.includes(code));
  if (named) return named[0];
  if (error.kind === 'unfit') return 'too large';
  return error.kind === 'throttled' || error.kind === 'lost' ? 'not now' : 'failed';
}
