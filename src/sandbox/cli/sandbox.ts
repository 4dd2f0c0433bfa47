import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isFolderInUse } from '../../adapters/store/pglite.ts';
import { SANDBOX_FOLDER } from '../../cli/place.ts';
import { type Arguments, ended, type Shell } from '../../cli/shell.ts';
import { ClawbackError } from '../../core/error.ts';
import { type Found, readKept } from './kept-place.ts';
import { openSandbox, type SandboxPlace } from './open.ts';

/**
 * `clawback sandbox`: a whole tenant on this machine and Clawback beside it, until it is asked to end. It goes on where the
 * last one was left, unless it is asked to begin anew. The address comes first: before any line of Clawback's own log.
 */
export async function sandbox(shell: Shell, args: Arguments): Promise<number> {
  const folder = join(shell.folder, SANDBOX_FOLDER);
  if (isFolderInUse(join(folder, 'data'))) {
    throw new ClawbackError('store-busy', `a sandbox is running here already (${folder}); end that one first`);
  }
  const wasThere = existsSync(join(folder, 'data'));
  const found: Found = args.fresh ? { is: 'nothing' } : readKept(folder);
  if (found.is !== 'kept') rmSync(folder, { recursive: true, force: true });
  const place = await open(shell, folder, found, (url) => {
    shell.out(`Open ${url} in a browser: a whole tenant on this machine, with Clawback beside it. Nothing leaves it.`);
    shell.out(whichOne(found, args.fresh, wasThere));
    if (args.orSandbox)
      shell.out('There is no clawback.yaml here, so this is the sandbox. For a real tenant begin with npm run init.');
  });
  shell.out('Clawback is up. Ctrl+C ends it.');
  await ended(shell);
  await place.close();
  return 0;
}

async function open(shell: Shell, folder: string, found: Found, onPage: (url: string) => void): Promise<SandboxPlace> {
  const options = { folder, env: shell.env, log: shell.err, ports: 'usual', onPage } as const;
  if (found.is !== 'kept') return openSandbox(options);
  try {
    return await openSandbox({ ...options, kept: found.place });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    if (words.includes('--fresh')) throw error;
    throw new ClawbackError(
      'unavailable',
      `the sandbox that was left here cannot go on: ${words}\n--fresh begins a new one`,
      {
        cause: error,
      },
    );
  }
}

function whichOne(found: Found, isFresh: boolean, wasThere: boolean): string {
  if (found.is === 'kept')
    return `This sandbox goes on where it was left, ${whenOf(found.at)}. To begin a new one: npm start -- --fresh`;
  const why = !wasThere
    ? ''
    : isFresh
      ? ', and the one before it is gone'
      : ': what an earlier start left cannot be taken up again';
  return `This sandbox is new${why}. The next start goes on where you leave it.`;
}

/** ISO time -> `30 Nov, 15:43`, where this machine is. */
function whenOf(at: string): string {
  return new Date(at).toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
}
