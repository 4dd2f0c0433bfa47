import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../config/secrets.ts';
import { ClawbackError } from '../../core/error.ts';

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));
/** Generous: the machine may be busy, and one that cannot start ends by itself. */
const READY_WITHIN_MS = 100_000;
/** It ends by itself within 15 s. */
const STOP_WITHIN_MS = 20_000;

/** Clawback in a process of its own, as an operator would run it. */
export interface BotProcess {
  readonly url: string;
  readonly pid: number;
  /** Ends it without warning and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to end in good order, as a person at the keyboard does: nobody shares out requests to it. */
  stop(): Promise<void>;
  /** Resolves when it ended, however, with its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Starts `clawback start --config file` and resolves when it is ready. Throws with its last words when it is not. */
export async function startBot(
  file: string,
  url: string,
  options: { readonly env: Environment; readonly log: (line: string) => void },
): Promise<BotProcess> {
  const child = spawn(process.execPath, [MAIN, 'start', '--config', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: withoutOwnSettings(options.env),
  });
  const words: string[] = [];
  child.stdout.resume();
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    for (const line of text.split('\n').filter((part) => part !== '')) {
      words.push(line);
      if (words.length > 20) words.shift();
      options.log(line);
    }
  });
  // Whoever ends us at once must not leave it behind.
  const takeAlong = () => child.kill('SIGKILL');
  process.once('exit', takeAlong);
  const ended = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => {
      process.off('exit', takeAlong);
      resolve(code);
    }),
  );
  await untilReady(child, url, words);
  return {
    url,
    pid: child.pid ?? 0,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGINT');
      const patience = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
      await ended;
      clearTimeout(patience);
    },
  };
}

/** A sandbox must never reach the operator's database or use the operator's secrets. */
function withoutOwnSettings(env: Environment): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => name !== 'DATABASE_URL' && !name.startsWith('CLAWBACK_')),
  );
}

async function untilReady(child: ChildProcess, url: string, words: readonly string[]): Promise<void> {
  const gone = new AbortController();
  const exit = once(child, 'exit').then(() => gone.abort());
  const deadline = Date.now() + READY_WITHIN_MS;
  while (Date.now() < deadline && !gone.signal.aborted) {
    const ready = await fetch(new URL('/readyz', url)).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await Promise.race([exit, new Promise((resolve) => setTimeout(resolve, 100))]);
  }
  child.kill('SIGKILL');
  throw new ClawbackError('unavailable', `Clawback did not become ready at ${url}:\n${words.join('\n')}`);
}
