import { z } from 'zod';
import type { OfferedFile, Reply } from '../../ports/desk.ts';
import { type Fetched, fetchFile } from '../chat/fetch-file.ts';
import { inWords } from '../chat/in-words.ts';
import { settled } from '../chat/template.ts';
import { type Inbound, userOf } from './activity.ts';

/**
 * What people report in Teams: mail files that they send to the bot in the chat with it alone. Only there Teams hands files
 * out to bots, with an address that needs no token; in channels and group chats they take Graph and a permission on
 * everybody's files [learn: bots-filesv4], so that the action on a message says how to report it, and fetches nothing.
 */

export interface TeamsFetching {
  /** Hosts where Teams keeps people's files, `sharepoint.com`; their subdomains count as well. */
  readonly hosts: readonly string[];
  readonly fetch: typeof fetch;
  readonly withinMs?: number;
}

/** SharePoint of the worldwide cloud. In the others bots get no files [learn: bots-filesv4]. */
export const FILE_HOSTS: readonly string[] = ['sharepoint.com'];
/** In the manifest of the app as well. */
const REPORT_COMMAND = 'report';

const DOWNLOAD = 'application/vnd.microsoft.teams.file.download.info';
const FETCH_TASK = 'composeExtension/fetchTask';
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]']);
const Download = z.object({ downloadUrl: z.string().max(8_000), uniqueId: z.string().max(255).nullish() });
const Action = z.object({
  commandId: z.literal(REPORT_COMMAND),
  messagePayload: z
    .object({
      id: z.string().max(255).nullish(),
      attachments: z
        .array(
          z.object({
            id: z.string().max(1_000).nullish(),
            contentType: z.string(),
            name: z.string().max(1_000).nullish(),
          }),
        )
        .max(100)
        .nullish(),
    })
    .nullish()
    .catch(null),
});

/** Files in a message to the bot alone; none where there are none, or where others are in the chat. */
export function filesTo({ conversation, attachments }: Inbound, fetching: TeamsFetching): readonly OfferedFile[] {
  if (conversation.conversationType !== 'personal') return [];
  return (attachments ?? []).flatMap((attached, index) => {
    if (attached?.contentType !== DOWNLOAD) return [];
    const at = Download.safeParse(attached.content).data;
    const id = at?.uniqueId ?? String(index);
    return [{ id, name: attached.name ?? '', trouble: null, fetch: () => fetched(at?.downloadUrl, fetching) }];
  });
}

/** Whether somebody chose our action in the menu of a message. */
export function isReportAction({ name, value }: Inbound): boolean {
  return name === FETCH_TASK && Action.safeParse(value).success;
}

/** The call of the desk for it. Its files lie in SharePoint, and are named to whoever asks. */
export function reportOf(activity: Inbound) {
  const { messagePayload } = Action.parse(activity.value);
  const shared = (messagePayload?.attachments ?? []).filter(({ contentType }) => contentType === 'reference');
  return {
    by: userOf(activity),
    channel: activity.conversation.id,
    message: messagePayload?.id ?? '',
    files: shared.map(
      ({ id, name }, index): OfferedFile => ({
        id: id ?? String(index),
        name: name ?? '',
        trouble: 'out of reach',
        fetch: () => Promise.resolve({ trouble: 'out of reach' }),
      }),
    ),
    instead: 'alone',
  } as const;
}

/** The body of an answer to `composeExtension/fetchTask`: words in a window that only who asked sees. */
export function taskOf(lines: readonly string[]): object {
  return { task: { type: 'message', value: lines.map(settled).join('\n') } };
}

/** What the desk says to a report is always said in lines. */
export function linesOf(reply: Reply): readonly string[] {
  const shown = inWords(reply);
  return shown.kind === 'said' || shown.kind === 'link' ? shown.lines : [];
}

/** The address is the permission: no token of ours goes there. */
async function fetched(url: string | undefined, { hosts, ...how }: TeamsFetching): Promise<Fetched> {
  if (url === undefined || !isOfTeams(url, hosts)) return { trouble: 'lies elsewhere' };
  return fetchFile({ url, headers: {}, size: null, ...how });
}

/** https at a listed host or under one. Plain http only at a loopback literal that is itself listed. */
function isOfTeams(address: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, username, password } = new URL(address);
  if (`${username}${password}` !== '') return false;
  if (LOOPBACK.has(hostname)) return hosts.includes(hostname);
  return protocol === 'https:' && hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
}
