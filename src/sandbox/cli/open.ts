import { join } from 'node:path';
import { operatorSocket } from '../../adapters/http/operator.ts';
import type { Environment } from '../../config/secrets.ts';
import type { Alert } from '../../core/find/alert.ts';
import { type Attack, phishingWave } from '../attacks.ts';
import { startPage } from '../page/server.ts';
import { type Sandbox, startSandbox } from '../sandbox.ts';
import { type BotProcess, startBot } from './bot-process.ts';
import { freePort, writeSandboxConfig } from './configuration.ts';
import { attackFromEml } from './own-mail.ts';
import { reportAttack } from './report-attack.ts';
import { runningLedger } from './running-ledger.ts';

const EMPLOYEES = 420;
/** Teams' bots listen at 3978 by custom; the page beside it. */
const USUAL_PORTS = { bot: 3978, page: 3979 };
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
}

export interface SandboxPlace {
  /** Of the page. */
  readonly url: string;
  readonly sandbox: Sandbox;
  close(): Promise<void>;
}

/** A tenant, Clawback beside it in a process of its own, the page to both, and an attack that has just landed. */
export async function openSandbox({ folder, env, log, ports }: SandboxPlaceOptions): Promise<SandboxPlace> {
  const releases: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const release of releases.splice(0).reverse()) await release();
  };
  try {
    const sandbox = await startSandbox({ employees: EMPLOYEES });
    releases.push(sandbox.close);
    const port = await freePort(ports === 'usual' ? USUAL_PORTS.bot : 0);
    const file = writeSandboxConfig(sandbox, { folder, port });
    const url = `http://127.0.0.1:${port}`;
    const bot = await keepRunning(() => startBot(file, url, { env, log }), log);
    releases.push(bot.close);
    await sandbox.connect(url);
    const alerts = new WeakMap<Attack, Alert>();
    const page = await startPage({
      sandbox,
      bot: { url, running: bot.running, kill: bot.kill },
      record: runningLedger(operatorSocket(join(folder, 'data'))),
      submit: (attack) => reportAttack(file, attack, alerts.get(attack)),
      async readMail(bytes) {
        const { attack, alert } = await attackFromEml(bytes, phishingWave(sandbox, OWN_MAILBOXES));
        alerts.set(attack, alert);
        return attack;
      },
      port: await freePort(ports === 'usual' ? USUAL_PORTS.page : 0),
    });
    releases.push(page.close);
    await page.launch('wave');
    return { url: page.url, sandbox, close };
  } catch (error) {
    await close();
    throw error;
  }
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
