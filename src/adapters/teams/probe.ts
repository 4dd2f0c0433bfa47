import { z } from 'zod';
import { isServiceUrl } from './guard.ts';

/** HTTP status and error code of one question; status 0: no answer came. */
interface TeamsAsked {
  readonly status: number;
  readonly code: string;
}

export interface TeamsFacts {
  /** False: the configured service URL is not at a host that `hosts` allows, so nothing was asked. */
  readonly serviceAllowed: boolean;
  readonly team: TeamsAsked;
  /** Entra object id -> whether a guest. */
  readonly members: ReadonlyMap<string, { readonly guest: boolean }>;
  /** `type` null: Teams did not say. */
  readonly channels: TeamsAsked & { readonly list: readonly { readonly id: string; readonly type: string | null }[] };
  /** The question that every press asks: is this person in the channel? 404 with its own code is an answer too. */
  readonly roster: TeamsAsked;
}

export interface MetadataFacts {
  readonly status: number;
  readonly issuer: string;
  readonly keysStatus: number;
  /** Published keys that may speak for Teams. */
  readonly keys: number;
}

export interface TeamsQuestions {
  readonly serviceUrl: string;
  readonly hosts: readonly string[];
  readonly teamId: string;
  readonly channelId: string;
  /** Entra object id of somebody whom the roster is asked about. */
  readonly person: string;
  readonly token: string;
  readonly fetch: typeof fetch;
  readonly sleep: (ms: number) => Promise<void>;
}

const TIMEOUT_MS = 10_000;
/** All bots together may ask for the members of a team 14 times a second [learn: rate-limit]. */
const MOST_WAITS = 3;
const LONGEST_WAIT_MS = 60_000;
/** Teams gives 500 members at a time at most. */
const PAGE = 500;
const MOST_PAGES = 20;
const Members = z.object({
  members: z.array(
    z.object({
      aadObjectId: z.string().optional(),
      objectId: z.string().optional(),
      userRole: z.string().optional(),
    }),
  ),
  continuationToken: z.string().nullish(),
});
const Channels = z.object({ conversations: z.array(z.object({ id: z.string(), type: z.string().nullish() })) });
const Problem = z.object({ error: z.object({ code: z.string().max(100) }) });
const Metadata = z.object({ issuer: z.string().catch(''), jwks_uri: z.url() });
const Keys = z.object({ keys: z.array(z.object({ endorsements: z.array(z.string()).catch([]) })) });

/** Asks the Bot Connector who is in the team and its channel, and which channels it has. Never throws for what it answers. */
export async function probeTeams(questions: TeamsQuestions): Promise<TeamsFacts> {
  const { serviceUrl, hosts, teamId, channelId, person } = questions;
  const unasked = { status: 0, code: '' };
  if (!isServiceUrl(serviceUrl, hosts)) {
    const channels = { ...unasked, list: [] };
    return { serviceAllowed: false, team: unasked, members: new Map(), channels, roster: unasked };
  }
  const own = `v3/conversations/${encodeURIComponent(channelId)}/members/${encodeURIComponent(person)}`;
  const roster = await ask(questions, own);
  const team = encodeURIComponent(teamId);
  const members = new Map<string, { guest: boolean }>();
  let path = `v3/conversations/${team}/pagedmembers?pageSize=${PAGE}`;
  let listed = await ask(questions, path);
  const first = listed;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found = Members.safeParse(listed.body).data;
    for (const { aadObjectId, objectId, userRole } of found?.members ?? []) {
      members.set((aadObjectId ?? objectId ?? '').toLowerCase(), { guest: userRole === 'guest' });
    }
    if (!found?.continuationToken) break;
    path = `v3/conversations/${team}/pagedmembers?pageSize=${PAGE}&continuationToken=${encodeURIComponent(found.continuationToken)}`;
    listed = await ask(questions, path);
  }
  const channels = await ask(questions, `v3/teams/${team}/conversations`);
  const list = (Channels.safeParse(channels.body).data?.conversations ?? []).map(({ id, type }) => ({
    id,
    type: type || null,
  }));
  return {
    serviceAllowed: true,
    team: { status: first.status, code: first.code },
    members,
    channels: { status: channels.status, code: channels.code, list },
    roster: { status: roster.status, code: roster.code },
  };
}

async function ask({ serviceUrl, token, fetch: send, sleep }: TeamsQuestions, path: string) {
  const url = new URL(path, serviceUrl.endsWith('/') ? serviceUrl : `${serviceUrl}/`);
  let answer = await get(send, url, { authorization: `Bearer ${token}` });
  for (let waits = 0; answer.status === 429 && waits < MOST_WAITS; waits += 1) {
    await sleep(answer.waitMs);
    answer = await get(send, url, { authorization: `Bearer ${token}` });
  }
  const { status, body } = answer;
  return { status, body, code: Problem.safeParse(body).data?.error.code ?? '' };
}

/** Where the keys are published that inbound requests are checked with. Never throws for what is answered. */
export async function probeMetadata(url: string, send: typeof fetch): Promise<MetadataFacts> {
  const answer = await get(send, new URL(url), {});
  const metadata = Metadata.safeParse(answer.body).data;
  if (answer.status !== 200 || !metadata) return { status: answer.status, issuer: '', keysStatus: 0, keys: 0 };
  const published = await get(send, new URL(metadata.jwks_uri), {});
  const keys = Keys.safeParse(published.body).data?.keys ?? [];
  return {
    status: 200,
    issuer: metadata.issuer,
    keysStatus: published.status,
    keys: keys.filter(({ endorsements }) => endorsements.includes('msteams')).length,
  };
}

async function get(send: typeof fetch, url: URL, headers: Record<string, string>) {
  try {
    const response = await send(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    const body: unknown = await response.json().catch(() => null);
    const waitMs = Math.min(LONGEST_WAIT_MS, (Number(response.headers.get('retry-after')) || 1) * 1_000);
    return { status: response.status, body, waitMs };
  } catch {
    return { status: 0, body: null, waitMs: 0 };
  }
}
