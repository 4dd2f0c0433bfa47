import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isFolderInUse } from '../../adapters/store/pglite.ts';
import { SANDBOX_FOLDER } from '../../cli/place.ts';
import { type Arguments, ended, type Shell } from '../../cli/shell.ts';
import { ClawbackError } from '../../core/error.ts';
import { openSandbox } from './open.ts';

/** `clawback sandbox`: a whole tenant on this machine and Clawback beside it, anew each time, until it is asked to end. */
export async function sandbox(shell: Shell, _args: Arguments): Promise<number> {
  const folder = join(shell.folder, SANDBOX_FOLDER);
  if (isFolderInUse(join(folder, 'data'))) {
    throw new ClawbackError('store-busy', `a sandbox is running here already (${folder}); end that one first`);
  }
  rmSync(folder, { recursive: true, force: true });
  const place = await openSandbox({ folder, env: shell.env, log: shell.err, ports: 'usual' });
  shell.out(`Open ${place.url}`);
  shell.out('A whole tenant on this machine, nothing leaves it. Ctrl+C ends it.');
  await ended(shell);
  await place.close();
  return 0;
}
