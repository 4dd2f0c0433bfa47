import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ClawbackError } from '../core/error.ts';
import { loadKnown, ownConfig, SANDBOX_FOLDER } from './place.ts';
import type { Arguments, Shell } from './shell.ts';
import { refusePlaceholders, startTrouble } from './start-trouble.ts';

/** Runs Clawback with its configuration; without one, a whole tenant on this machine and Clawback beside it. */
export function start(shell: Shell, args: Arguments): Promise<number> {
  const file = ownConfig(shell, args);
  return file ? serve(shell, file) : sandbox(shell);
}

async function serve(shell: Shell, file: string): Promise<number> {
  const loaded = loadKnown(file, shell);
  refusePlaceholders(loaded.config, file);
  const { createLog } = await import('../log.ts');
  const { startApp } = await import('../app.ts');
  const log = createLog(loaded.config.log);
  const app = await startApp(loaded, log).catch((error: unknown) => {
    throw startTrouble(error, loaded);
  });
  shell.out(`Clawback answers at ${app.url}`);
  await ended(shell.stop);
  return (await inTime(app.stop())) ? 0 : tooLate(log);
}

/** Graph, a chat or the database may hang: what is under way then is taken up by another process, or at the next start. */
const STOP_WITHIN_MS = 13_000;

async function inTime(work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), STOP_WITHIN_MS);
  });
  const done = await Promise.race([work.then(() => true), patience]);
  clearTimeout(timer);
  return done;
}

function tooLate(log: { warn(words: string): void }): number {
  log.warn('not everything could be ended in time: it is taken up by another process, or at the next start');
  return 0;
}

async function sandbox(shell: Shell): Promise<number> {
  const { openSandbox } = await import('./sandbox-page.ts');
  const folder = join(shell.folder, SANDBOX_FOLDER);
  const { isFolderInUse } = await import('../adapters/store/pglite.ts');
  if (isFolderInUse(join(folder, 'data'))) {
    throw new ClawbackError('store-busy', `a sandbox is running here already (${folder}); end that one first`);
  }
  rmSync(folder, { recursive: true, force: true });
  const place = await openSandbox({ folder, env: shell.env, log: shell.err, ports: 'usual' });
  shell.out(`Open ${place.url}`);
  shell.out('A whole tenant on this machine, nothing leaves it. Ctrl+C ends it.');
  await ended(shell.stop);
  await place.close();
  return 0;
}

function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
