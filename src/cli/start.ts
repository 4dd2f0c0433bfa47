import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Arguments, Shell } from './shell.ts';
import { ownConfig, SANDBOX_FOLDER } from './place.ts';

/** Runs Clawback with its configuration; without one, a whole tenant on this machine and Clawback beside it. */
export function start(shell: Shell, args: Arguments): Promise<number> {
  const file = ownConfig(shell, args);
  return file ? serve(shell, file) : sandbox(shell);
}

async function serve(shell: Shell, file: string): Promise<number> {
  const { loadConfig } = await import('../config/load.ts');
  const loaded = loadConfig(file, shell.env);
  const { createLog } = await import('../log.ts');
  const { startApp } = await import('../app.ts');
  const log = createLog(loaded.config.log);
  const app = await startApp(loaded, log);
  shell.out(`Clawback answers at ${app.url}`);
  await ended(shell.stop);
  await app.stop();
  return 0;
}

const DEFAULT_PORT = 3978;

async function sandbox(shell: Shell): Promise<number> {
  const { startSandbox } = await import('../sandbox/sandbox.ts');
  const { land, phishingWave } = await import('../sandbox/attacks.ts');
  const { freePort, writeSandboxConfig } = await import('./sandbox-config.ts');
  const { startBot } = await import('./bot-process.ts');
  const { reportAttack } = await import('./report-attack.ts');
  const folder = join(shell.folder, SANDBOX_FOLDER);
  rmSync(folder, { recursive: true, force: true });
  shell.out('No clawback.yaml here, so this is the sandbox: a whole tenant on this machine, nothing leaves it.');
  const tenant = await startSandbox({ employees: 420 });
  const port = await freePort(DEFAULT_PORT);
  const file = writeSandboxConfig(tenant, { folder, port });
  const url = `http://127.0.0.1:${port}`;
  let bot = await startBot(file, url, { env: shell.env, log: shell.err });
  await tenant.connect(url);
  shell.out(`Clawback answers at ${url}`);
  const attack = phishingWave(tenant, 400);
  land(tenant, attack);
  const incident = await reportAttack(file, attack);
  shell.out(`${attack.title} has landed in ${attack.recipients.length} mailboxes: incident ${incident}`);
  shell.out('Try: npm run demo, or npm run clawback -- submit <file.eml>, or npm run clawback -- audit verify');
  while (!shell.stop.aborted) {
    await Promise.race([bot.ended, ended(shell.stop)]);
    if (shell.stop.aborted) break;
    shell.out('Clawback ended unexpectedly: starting it again.');
    bot = await startBot(file, url, { env: shell.env, log: shell.err });
  }
  await bot.stop();
  await tenant.close();
  return 0;
}

function ended(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
