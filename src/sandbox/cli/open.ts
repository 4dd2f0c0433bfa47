import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { operatorSocket } from '../../adapters/http/operator.ts';
import type { Environment } from '../../config/secrets.ts';
import { ClawbackError } from '../../core/error.ts';
import type { Alert } from '../../core/find/alert.ts';
import { type Attack, phishingWave } from '../attacks.ts';
import { startPage } from '../page/server.ts';
import { type Sandbox, startSandbox } from '../sandbox.ts';
import { startSublime } from '../sublime/start.ts';
import { type BotProcess, startBot } from './bot-process.ts';
import { freePort, writeSandboxConfig } from './configuration.ts';
import { type Keeping, type KeptPlace, startKeeping } from './kept-place.ts';
import { attackFromEml } from './own-mail.ts';
import { raise } from './raise.ts';
import { reportAttack } from './report-attack.ts';
import { runningLedger } from './running-ledger.ts';

const EMPLOYEES = 420;
/** Teams' bots listen at 3978 by custom; the page beside it. */
const USUAL_PORTS = { bot: 3978, page: 3979, teams: 3980 };
/** How many mailboxes a mail of your own lands in. */
const OWN_MAILBOXES = 24;

export interface SandboxPlaceOptions {
  /** For the configuration and the data of this Clawback. */
  readonly folder: string;
  readonly env: Environment;
  /** What the bot's process says. */
  readonly log: (line: string) => void;
  /** 'usual': the same address each time, if it is free. */
  readonly ports: 'usual' | 'any';
  /** Mailboxes beside those of the personas; enough for a phishing wave if not given. */
  readonly employees?: number;
  /** What an earlier one left in this folder, which then is as that one left it. */
  readonly kept?: KeptPlace;
  /** Told the page's address as soon as it can be opened: Clawback is started after that. */
  readonly onPage?: (url: string) => void;
}

export interface SandboxPlace {
  /** Of the page. */
  readonly url: string;
  readonly sandbox: Sandbox;
  close(): Promise<void>;
}

/** A tenant, Clawback beside it in a process of its own, the page to both, and an attack that has just landed. */
export async function openSandbox(options: SandboxPlaceOptions): Promise<SandboxPlace> {
  const { folder, env, log, ports, kept } = options;
  const releases: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const release of releases.splice(0).reverse()) await release();
  };
  try {
    const teamsPort = kept ? await same(kept.teamsPort) : await freePort(ports === 'usual' ? USUAL_PORTS.teams : 0);
    const sandbox = await startSandbox({
      employees: options.employees ?? EMPLOYEES,
      sources: true,
      teamsPort,
      ...(kept ? { kept: kept.sandbox } : {}),
    });
    releases.push(sandbox.close);
    const port = await freePort(ports === 'usual' ? USUAL_PORTS.bot : 0);
    const secrets = { key: randomBytes(24).toString('hex'), secret: randomBytes(24).toString('hex') };
    const sublime = await startSublime(secrets);
    releases.push(sublime.close);
    const vendors = { sublime: { url: sublime.url, ...secrets } };
    const file = writeSandboxConfig(sandbox, { folder, port, ...vendors, ...(kept ? policyIn(folder) : {}) });
    const url = `http://127.0.0.1:${port}`;
    let bot: Kept | null = null;
    let keeping: Keeping | null = null;
    const alerts = new WeakMap<Attack, Alert>();
    const record = runningLedger(operatorSocket(join(folder, 'data')));
    const around = { sandbox, sublime, bot: url, incidentOf: record.incidentOf };
    const page = await startPage({
      sandbox,
      bot: { running: () => bot?.running() ?? false, hasRun: () => bot !== null, kill: async () => bot?.kill() },
      pagesAt: url,
      record,
      submit: (attack) => raise(attack, { ...around, detector: (one) => reportAttack(file, one, alerts.get(attack)) }),
      async readMail(bytes) {
        const { attack, alert } = await attackFromEml(bytes, phishingWave(sandbox, OWN_MAILBOXES));
        alerts.set(attack, alert);
        return attack;
      },
      ...(kept ? { attacks: kept.attacks } : {}),
      onAttack: () => keeping?.touch(),
      port: await freePort(ports === 'usual' ? USUAL_PORTS.page : 0),
    });
    const keep = () => {
      const gather = async () => ({ teamsPort, sandbox: await sandbox.keep(), attacks: page.attacks() });
      const kept = startKeeping(folder, gather, (problem) => log(`The sandbox could not be kept: ${problem}`));
      for (const { onChange } of [sandbox.slack, sandbox.teams, sandbox.tenant])
        releases.push(detach(onChange(kept.touch)));
      keeping = kept;
    };
    releases.push(async () => keeping?.close(), page.close);
    if (kept) keep();
    options.onPage?.(page.url);
    bot = await keepRunning(() => startBot(file, url, { env, log }), log);
    releases.push(bot.close);
    await sandbox.connect(url);
    if (!kept) {
      // Not before: what ended on its way up is no sandbox to go on with.
      const launched = page.launch('wave');
      keep();
      await launched;
    }
    return { url: page.url, sandbox, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Cards in Teams remember where they were posted: to go on with them, the connector has to be there again. */
async function same(port: number): Promise<number> {
  if ((await freePort(port)) === port) return port;
  throw new ClawbackError(
    'config',
    `port ${port} on 127.0.0.1 is taken by another program, and the cards of this sandbox live there: end that program, or begin a new sandbox with --fresh`,
  );
}

/** What somebody tried out in the policy stays. */
function policyIn(folder: string): { readonly policy?: string } {
  const file = join(folder, 'policy.yaml');
  return existsSync(file) ? { policy: readFileSync(file, 'utf8') } : {};
}

function detach(off: () => unknown): () => Promise<void> {
  return () => Promise.resolve(void off());
}

interface Kept {
  running(): boolean;
  kill(): Promise<void>;
  close(): Promise<void>;
}

const PAUSE_MS = 1_000;

/** Starts it and, whenever it ends, starts it again, until closed. Throws when the first start fails. */
async function keepRunning(begin: () => Promise<BotProcess>, log: (line: string) => void): Promise<Kept> {
  let bot: BotProcess | null = await begin();
  const closing = new AbortController();
  const isClosing = () => closing.signal.aborted;
  async function supervise(): Promise<void> {
    while (!isClosing()) {
      await bot?.ended;
      bot = null;
      if (isClosing()) return;
      bot = await begin().catch((error: unknown) => {
        log(String(error));
        return null;
      });
      if (bot === null) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    await bot?.stop();
  }
  const supervised = supervise();
  return {
    running: () => bot !== null,
    async kill() {
      await bot?.kill();
    },
    async close() {
      closing.abort();
      await bot?.stop();
      await supervised;
    },
  };
}
