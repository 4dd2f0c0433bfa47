import { ClawbackError } from '../core/error.ts';
import { loadLean } from './load-lean.ts';
import { loadKnown, ownConfig } from './place.ts';
import { sandboxCommands } from './sandbox-commands.ts';
import { type Arguments, ended, type Shell } from './shell.ts';
import { nothingToStart, refusePlaceholders, startTrouble } from './start-trouble.ts';

/**
 * Runs Clawback with its configuration. Throws ClawbackError 'config' without one: whoever means a tenant and is in the
 * wrong folder must not get another that looks alive. `--or-sandbox`, which `npm start` gives, says which of the two it is.
 */
export async function start(shell: Shell, args: Arguments): Promise<number> {
  const file = ownConfig(shell, args);
  if (file && args.fresh)
    throw new ClawbackError(
      'config',
      `--fresh begins a sandbox anew, and there is ${file}: nothing of a tenant is thrown away`,
    );
  if (file) {
    if (args.orSandbox) shell.out(`Clawback as ${file} says`);
    return serve(shell, file);
  }
  const { sandbox } = args.orSandbox ? await sandboxCommands() : {};
  if (!sandbox) throw nothingToStart(shell.folder);
  return (await sandbox.load())(shell, args);
}

async function serve(shell: Shell, file: string): Promise<number> {
  const loaded = loadKnown(file, shell);
  refusePlaceholders(loaded.config, file);
  const isLoaded = loadLean();
  const { createLog } = await import('../log.ts');
  const { startApp } = await import('../app.ts');
  const log = createLog(loaded.config.log);
  const app = await startApp(loaded, log).catch((error: unknown) => {
    throw startTrouble(error, loaded);
  });
  isLoaded();
  shell.out(`Clawback answers at ${app.url}`);
  await ended(shell);
  return (await inTime(app.stop(answerOnMs(shell.stop)))) ? 0 : tooLate(log);
}

/** Longer than those who share out requests take between two looks at readiness; a part of the 15 s. */
const ANSWER_ON_MS = 5_000;

/** A person at the keyboard shares nothing out, and waits. */
const answerOnMs = (stop: AbortSignal) => (stop.reason === 'SIGINT' ? 0 : ANSWER_ON_MS);

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
