import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Attack } from '../attacks.ts';
import type { Sandbox } from '../sandbox.ts';
import { perform, readAct } from './acts.ts';
import { createAttackDesk, type KeptAttack, type Submit } from './attack-desk.ts';
import { type Asset, assetOf, bundleClient } from './bundle.ts';
import { createFeed } from './feed.ts';
import { refusalOf, SAFE_HEADERS } from './gate.ts';
import { shell } from './html.ts';
import { createRecordFeed, type Record as Ledger } from './record-feed.ts';
import type { AttackKind } from './shapes.ts';
import { createTroubleDesk } from './trouble-desk.ts';
import { helloOf, mailboxOf, slackOf, teamsOf, tenantOf } from './views.ts';

export interface PageOptions {
  readonly sandbox: Sandbox;
  readonly bot: { running(): boolean; hasRun(): boolean; kill(): Promise<void> };
  /** Origin of the bot's own pages, where people sign in: the only links that lead out of here. */
  readonly pagesAt: string;
  readonly record: Ledger;
  readonly submit: Submit;
  /** A mail as it lies on disk -> an attack to land. Throws with a reason for people. */
  readonly readMail: (bytes: Buffer) => Promise<Attack>;
  /** Attacks of an earlier page on the same tenant. */
  readonly attacks?: readonly KeptAttack[];
  /** Told when something came of an attack. */
  readonly onAttack?: () => void;
  /** Default: any free one. */
  readonly port?: number;
}

export interface Page {
  readonly url: string;
  /** Lands an attack and reports it; resolves when an incident came of it, or nothing more can. */
  launch(kind: AttackKind): Promise<void>;
  attacks(): readonly KeptAttack[];
  close(): Promise<void>;
}

const MAX_JSON = 100_000;
const MAX_MAIL = 30 * 1024 * 1024;
const ROWS_AT_ONCE = 1_000;
const TICK_MS = 500;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

type Route = (req: IncomingMessage, query: URLSearchParams) => Promise<Answer> | Answer;

/** The page of the sandbox, on 127.0.0.1. Close it before the sandbox. */
export async function startPage(options: PageOptions): Promise<Page> {
  const { sandbox, bot } = options;
  const token = randomBytes(24).toString('base64url');
  const bundle = await bundleClient();
  const assets = new Map<string, Asset>([
    ['/', await assetOf(shell(token, options.pagesAt), 'text/html; charset=utf-8')],
    ['/page.js', bundle.script],
    ['/page.css', bundle.style],
  ]);
  const trouble = createTroubleDesk(sandbox);
  const attacks = createAttackDesk(
    sandbox,
    options.submit,
    () => {
      feed.touch('attacks', 'tenant');
      options.onAttack?.();
    },
    options.attacks,
  );
  const record = createRecordFeed(options.record, () => feed.touch('record'));
  const feed = createFeed({
    hello: () => helloOf(sandbox),
    slack: () => slackOf(sandbox),
    teams: () => teamsOf(sandbox),
    tenant: () => tenantOf(sandbox, attacks.landed(), trouble.state().denied),
    graph: () => graphOf(sandbox),
    attacks: () => attacks.rows(),
    trouble: () => trouble.state(),
    bot: () => ({ running: bot.running(), hasRun: bot.hasRun() }),
    record: () => record.state(),
  });
  const releases = [
    sandbox.slack.onChange(() => feed.touch('slack')),
    sandbox.teams.onChange(() => feed.touch('teams')),
    sandbox.tenant.onChange(() => feed.touch('tenant')),
    everyTick(async () => {
      feed.touch('graph', 'bot');
      if (feed.watchers() > 0 && bot.running()) await record.poll();
    }),
    attacks.close,
    feed.close,
  ];

  async function act(req: IncomingMessage): Promise<Answer> {
    const wanted = readAct(JSON.parse((await bodyOf(req, MAX_JSON)).toString('utf8')));
    if (wanted === null) return { status: 400, body: { problem: 'unknown request' } };
    await perform(wanted, { sandbox, attacks, trouble, kill: bot.kill });
    feed.touch('slack', 'teams', 'trouble', 'tenant', 'bot');
    return { status: 200, body: {} };
  }

  const routes = new Map<string, Route>([
    ['POST /act', act],
    [
      'POST /mail',
      async (req) => {
        const attack = await options.readMail(await bodyOf(req, MAX_MAIL));
        void attacks.launchOwn(attack);
        return { status: 200, body: {} };
      },
    ],
    [
      'POST /verify',
      async (_req, query) => {
        const changed = Number(query.get('change') ?? 0);
        const verdict = await options.record.verify(changed > 0 ? changed : undefined);
        return { status: 200, body: verdict };
      },
    ],
    ['GET /record', (_req, query) => ({ status: 200, body: record.after(Number(query.get('after')), ROWS_AT_ONCE) })],
    [
      'GET /mailbox',
      (_req, query) => ({ status: 200, body: mailboxOf(sandbox, attacks.landed(), query.get('of') ?? '') }),
    ],
  ]);

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const method = req.method ?? 'GET';
    const url = new URL(req.url ?? '/', 'http://page');
    const refusal = refusalOf(method, req.headers, port, token);
    const asset = method === 'GET' ? assets.get(url.pathname) : undefined;
    const route = routes.get(`${method} ${url.pathname}`);
    if (refusal !== null) sendJson(res, { status: 403, body: { problem: refusal } });
    else if (asset) sendAsset(res, asset);
    else if (method === 'GET' && url.pathname === '/events') {
      res.writeHead(200, { ...SAFE_HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
      feed.attach(res);
    } else if (route) sendJson(res, await route(req, url.searchParams));
    else sendJson(res, { status: 404, body: { problem: 'there is nothing here' } });
  }

  const server = createServer((req, res) => {
    answer(req, res).catch((error: unknown) => {
      const problem = error instanceof Error ? error.message : String(error);
      if (res.headersSent) res.destroy();
      else sendJson(res, { status: 409, body: { problem } });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const port = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${port}/`,
    launch: attacks.launch,
    attacks: attacks.keep,
    async close() {
      for (const release of releases) release();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function graphOf({ graph }: Sandbox) {
  const { perSecond, inFlight, throttled, operations } = graph.stats();
  const total = Object.values(operations).reduce((sum, one) => sum + one, 0);
  return { perSecond: Math.round(perSecond), inFlight, throttled, operations: total };
}

/** One round at a time; answers how to end it. */
function everyTick(round: () => Promise<void>): () => void {
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    void round().finally(() => {
      isBusy = false;
    });
  }, TICK_MS);
  return () => clearInterval(timer);
}

async function bodyOf(req: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw new Error(`more than ${most} bytes are not taken here`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function sendJson(res: ServerResponse, { status, body }: Answer): void {
  res.writeHead(status, { ...SAFE_HEADERS, 'content-type': 'application/json; charset=utf-8' });
  res.end(JSON.stringify(body));
}

/** Every browser since long takes gzip. */
function sendAsset(res: ServerResponse, { type, gzipped }: Asset): void {
  const length = String(gzipped.length);
  res.writeHead(200, { ...SAFE_HEADERS, 'content-type': type, 'content-encoding': 'gzip', 'content-length': length });
  res.end(gzipped);
}
