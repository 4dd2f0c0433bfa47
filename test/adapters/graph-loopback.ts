import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { HuntingOptions } from '../../src/adapters/defender/hunt.ts';
import { createHunting } from '../../src/adapters/defender/hunting.ts';
import { createMailboxes, type Mailboxes, type MailboxOptions } from '../../src/adapters/graph/mailboxes.ts';
import type { Effect } from '../../src/ports/effects.ts';
import type { FinderPatience, MessageIds } from '../../src/ports/finder.ts';
import { asMicrosoftTakesIt } from '../support/microsoft-batch.ts';

export interface Inner {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body?: Record<string, unknown>;
  readonly dependsOn?: readonly string[];
}

export interface InnerAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

interface Outer {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly requests: readonly Inner[];
  readonly body: Record<string, unknown>;
}

export interface Script {
  /** undefined: leave this answer out of the batch. */
  readonly inner?: (request: Inner) => InnerAnswer | undefined;
  /** True when the whole request was dealt with here. */
  readonly outer?: (request: Outer, response: ServerResponse) => boolean | Promise<boolean>;
}

/** A Graph that says what the test tells it to, last batch answer first. */
export async function loopbackGraph(script: Script = {}) {
  const seen: Outer[] = [];
  const refused: unknown[] = [];
  let underWay = 0;
  let most = 0;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const outer = await outerOf(request);
    seen.push(outer);
    // A date in an answer is for the test to say.
    response.sendDate = false;
    if (outer.requests.length > 0) await asMicrosoftTakesIt(outer.body).catch((reason) => refused.push(reason));
    underWay += 1;
    most = Math.max(most, underWay);
    await turn();
    const done = await script.outer?.(outer, response);
    underWay -= 1;
    if (done) return;
    const responses = outer.requests.toReversed().flatMap((inner) => {
      const answer = (script.inner ?? plain)(inner);
      return answer ? [{ id: inner.id, headers: { 'Request-Id': `graph-${inner.id}` }, ...answer }] : [];
    });
    json(response, 200, { responses });
  }

  const server = createServer((request, response) => void handle(request, response).catch(() => response.destroy()));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    baseUrl: `http://127.0.0.1:${address.port}`,
    seen,
    inner: () => seen.flatMap((outer) => outer.requests),
    mostUnderWay: () => most,
    /** Throws when a batch came that Microsoft's own client would not have sent. */
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      if (refused.length > 0) throw refused[0];
    },
  };
}

/** Closed when the test ends. */
export async function graph(script: Script): Promise<LoopbackGraph> {
  const server = await loopbackGraph(script);
  onTestFinished(server.close);
  return server;
}

export type LoopbackGraph = Awaited<ReturnType<typeof loopbackGraph>>;

/** What any adapter takes to speak to it, and the waits that it kept. */
function toLoopback({ baseUrl }: { readonly baseUrl: string }) {
  const waits: number[] = [];
  let n = 0;
  return {
    waits,
    options: {
      baseUrl,
      token: async () => 'a-token',
      clock: () => Date.parse('2026-11-23T12:00:00Z'),
      ids: () => {
        n += 1;
        return `client-${n}`;
      },
      sleep: async (ms: number) => {
        waits.push(ms);
      },
    },
  };
}

export function mailOn(graph: { readonly baseUrl: string }, more: Partial<MailboxOptions> = {}) {
  const { options, waits } = toLoopback(graph);
  return { mail: mailOf(createMailboxes({ ...options, ...more })), waits };
}

/** Looking and changing in one hand. */
function mailOf({ reader, effects }: Mailboxes) {
  return { ...reader, ...effects, can: { ...reader.can, ...effects.can } };
}

export function huntingOn(graph: { readonly baseUrl: string }, more: Partial<HuntingOptions> = {}) {
  const { options, waits } = toLoopback(graph);
  const finder = createHunting({ ...options, isOn: true, ...more });
  const hunt = (ids: MessageIds, patience: FinderPatience = 'short') => finder.find(ids, patience);
  return { hunt, can: finder.can, waits };
}

/** An effect's answer in one word: what it is, or why it was refused. */
export function wordOf(effect: Effect): string {
  return effect.status === 'refused' ? effect.why : effect.status;
}

export function guid(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}

export function graphError(status: number, code: string): InnerAnswer {
  return { status, body: { error: { code, message: 'as the test wants it' } } };
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): true {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  return true;
}

export const key = {
  internetMessageId: "<CAF+x=y&z#w'@example.com>",
  networkMessageId: null,
  sender: 'it@fabrikam.example.com',
};

export const wanted = { internetMessageIds: [key.internetMessageId] };

export function message(change: Record<string, unknown> = {}) {
  return {
    id: 'm-1',
    internetMessageId: key.internetMessageId,
    from: { emailAddress: { name: 'IT', address: 'it@fabrikam.example.com' } },
    receivedDateTime: '2026-11-23T08:00:00Z',
    parentFolderId: 'f-inbox',
    isDraft: false,
    isRead: true,
    flag: { flagStatus: 'flagged' },
    categories: ['Red'],
    ...change,
  };
}

/** One user with one mailbox; `change` answers first. */
export function tenant(
  messages: readonly unknown[],
  change: (inner: Inner) => InnerAnswer | undefined = () => undefined,
): Script {
  return {
    inner: (inner) => {
      const special = change(inner);
      if (special) return special;
      if (inner.url.startsWith('/users?')) {
        const user = { id: guid(1), userPrincipalName: 'ana@contoso.com', mail: 'ana@contoso.com' };
        return { status: 200, body: { value: [user] } };
      }
      const folder = /\/mailFolders\/([\w-]+)/.exec(inner.url)?.[1];
      if (folder === 'sentitems') return { status: 200, body: { id: 'f-sent', displayName: 'Sent Items' } };
      if (folder === 'recoverableitemsdeletions') return { status: 200, body: { id: 'f-bin' } };
      if (folder) return { status: 200, body: { id: folder, displayName: `Folder ${folder}` } };
      return { status: 200, body: { value: messages } };
    },
  };
}

export function asking(server: LoopbackGraph, part: string): readonly Inner[] {
  return server.inner().filter(({ url }) => url.includes(part));
}

async function outerOf(request: IncomingMessage): Promise<Outer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}');
  return { path: request.url ?? '', headers: request.headers, requests: body.requests ?? [], body };
}

function plain({ method }: Inner): InnerAnswer {
  return { status: method === 'POST' ? 201 : 200, body: {} };
}
