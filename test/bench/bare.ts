/** What somebody without any product would do: as little as it takes, nothing written down, nothing looked at twice. */

const BATCH = 20;

export interface ByHand {
  readonly graphUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly secret: string;
  readonly internetMessageId: string;
  /** Object ids of their owners. */
  readonly mailboxes: readonly string[];
}

interface Inner {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly body?: unknown;
}

interface Reply {
  readonly id: string;
  readonly status: number;
  readonly body?: { readonly id?: string; readonly value?: readonly { readonly id: string }[] };
}

export interface Loop {
  readonly ms: number;
  readonly requests: number;
}

/** One search in each mailbox. */
export function bareSearch(given: ByHand, wide: number): Promise<Loop> {
  return timed(given, wide, async (post, mailboxes) => {
    await post(mailboxes.map((mailbox) => searchOf(given, mailbox)));
  });
}

/** Search, move, read back. Throws where one copy is not out of sight at the end. */
export function bareLoop(given: ByHand, wide: number): Promise<Loop> {
  return timed(given, wide, async (post, mailboxes) => {
    const found = await post(mailboxes.map((mailbox) => searchOf(given, mailbox)));
    const paths = found.map(({ body }, n) => messagePath(mailboxes[n], body?.value?.[0]?.id));
    const moved = await post(paths.map((path) => ({ method: 'POST', url: `${path}/move`, body: OUT })));
    const moves = moved.map((reply, n) => messagePath(mailboxes[n], reply.body?.id));
    await post(moves.map((path) => ({ method: 'GET', url: `${path}?$select=id,parentFolderId` })));
  });
}

/**
 * A script without batches: search, move and read back of one copy after the other, by `wide` of them side by side. The same
 * requests, each by itself over a connection that is kept.
 */
export async function script(given: ByHand, wide: number): Promise<Loop> {
  const token = await tokenFor(given);
  const left = [...given.mailboxes];
  const ask = async ({ method, url, body }: Inner): Promise<NonNullable<Reply['body']>> => {
    const response = await fetch(`${given.graphUrl}/v1.0${url}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...HEADERS },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status >= 300) throw new Error(`a request of a script was answered ${response.status}`);
    return (await response.json()) as NonNullable<Reply['body']>;
  };
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: wide }, async () => {
      for (let mailbox = left.shift(); mailbox !== undefined; mailbox = left.shift()) {
        const found = await ask(searchOf(given, mailbox));
        const path = messagePath(mailbox, found.value?.[0]?.id);
        const moved = await ask({ method: 'POST', url: `${path}/move`, body: OUT });
        await ask({ method: 'GET', url: `${messagePath(mailbox, moved.id)}?$select=id,parentFolderId` });
      }
    }),
  );
  return { ms: performance.now() - begun, requests: 3 * given.mailboxes.length };
}

const HEADERS = { 'Content-Type': 'application/json', Prefer: 'IdType="ImmutableId"' };
const OUT = { destinationId: 'recoverableitemsdeletions' };

function searchOf({ internetMessageId }: ByHand, mailbox: string): Inner {
  const filter = encodeURIComponent(`internetMessageId eq '${internetMessageId}'`);
  return { method: 'GET', url: `/users/${mailbox}/messages?$filter=${filter}&$select=id,parentFolderId` };
}

function messagePath(mailbox: string | undefined, message: string | undefined): string {
  if (message === undefined) throw new Error('a search by hand found nothing');
  return `/users/${mailbox}/messages/${encodeURIComponent(message)}`;
}

type Post = (requests: readonly Inner[]) => Promise<readonly Reply[]>;

async function timed(
  given: ByHand,
  wide: number,
  work: (post: Post, mailboxes: readonly string[]) => Promise<void>,
): Promise<Loop> {
  const token = await tokenFor(given);
  const chunks = chunksOf(given.mailboxes, BATCH);
  let requests = 0;
  const post: Post = (inner) => {
    requests += inner.length;
    return sent(given, token, inner);
  };
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: wide }, async () => {
      for (let chunk = chunks.shift(); chunk; chunk = chunks.shift()) await work(post, chunk);
    }),
  );
  return { ms: performance.now() - begun, requests };
}

export function chunksOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));
}

async function tokenFor({ tokenUrl, clientId, secret }: ByHand): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: secret,
    scope: 'https://graph.microsoft.com/.default',
  });
  const answer = (await (await fetch(tokenUrl, { method: 'POST', body })).json()) as { access_token?: string };
  if (answer.access_token === undefined) throw new Error('no token for the loop by hand');
  return answer.access_token;
}

/** In the order of asking; Graph answers in one of its own. */
async function sent({ graphUrl }: ByHand, token: string, inner: readonly Inner[]): Promise<readonly Reply[]> {
  const requests = inner.map((one, n) => ({ id: String(n), headers: HEADERS, ...one }));
  const response = await fetch(`${graphUrl}/v1.0/$batch`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ requests }),
  });
  const { responses } = (await response.json()) as { responses: readonly Reply[] };
  const refused = responses.find(({ status }) => status >= 300);
  if (refused) throw new Error(`a request by hand was answered ${refused.status}`);
  return responses.toSorted((a, b) => Number(a.id) - Number(b.id));
}
