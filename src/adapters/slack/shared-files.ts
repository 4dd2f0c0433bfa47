import { z } from 'zod';
import type { FileTrouble } from '../../core/find/offered-file.ts';
import type { OfferedFile } from '../../ports/desk.ts';
import { type Fetched, fetchFile } from '../chat/fetch-file.ts';

/** Files that people have shared in a message [docs.slack.dev, file object], fetched with the token of the app (files:read). */

export interface SlackFetching {
  /** Base of the Web API. Files lie on Slack's own host beside it, and the token goes nowhere else. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly fetch: typeof fetch;
  readonly withinMs?: number;
}

const Word = z.string().max(255).nullish().catch(null);
export const SharedFile = z.object({
  id: z.string().min(1).max(255),
  name: z.string().max(1_000).nullish().catch(null),
  mode: Word,
  filetype: Word,
  file_access: Word,
  is_external: z.boolean().nullish().catch(null),
  size: z.number().int().min(0).nullish().catch(null),
  url_private_download: z.string().max(4_000).nullish().catch(null),
});
export type SharedFile = z.infer<typeof SharedFile>;

export function offered(file: SharedFile, fetching: SlackFetching): OfferedFile {
  const { id, name } = file;
  return { id, name: name ?? '', trouble: troubleOf(file), fetch: () => fetched(file, fetching) };
}

/** What is clear without asking. */
function troubleOf({ mode, filetype, is_external, file_access }: SharedFile): FileTrouble | null {
  if (mode === 'tombstone' || mode === 'hidden_by_limit') return 'deleted';
  if (mode === 'email' || filetype === 'email') return 'forwarded into the chat';
  // Of another service, or of another organisation in a channel that is shared with it.
  if (mode === 'external' || is_external === true || file_access === 'check_file_info') return 'lies elsewhere';
  return file_access === 'access_denied' || file_access === 'file_not_found' ? 'not handed out' : null;
}

async function fetched(
  { url_private_download: url, size }: SharedFile,
  { apiUrl, botToken, ...how }: SlackFetching,
): Promise<Fetched> {
  if (!url || !isOfSlack(url, apiUrl)) return { trouble: 'lies elsewhere' };
  return fetchFile({ url, headers: { authorization: `Bearer ${botToken}` }, size: size ?? null, ...how });
}

/** `files.slack.com` beside `slack.com` by https and no other host; on a machine that stands in for Slack, the same one. */
function isOfSlack(address: string, apiUrl: string): boolean {
  if (!URL.canParse(address)) return false;
  const [url, api] = [new URL(address), new URL(apiUrl)];
  if (url.username !== '' || url.password !== '') return false;
  return url.origin === api.origin || url.origin === `https://files.${api.hostname}`;
}
