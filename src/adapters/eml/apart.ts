import { Worker } from 'node:worker_threads';
import type { MailFiles } from '../../ports/mail-files.ts';
import type { GivenFile } from './mail-thread.ts';

/**
 * Mail files of people in a chat, each read in a thread of its own: a file that is made to take time or memory takes neither
 * from the presses and runs beside it.
 */

const THREAD = new URL('./mail-thread.ts', import.meta.url);
const WITHIN_MS = 20_000;
/** A parsed mail takes several times what its file has. */
const MOST_MEMORY_MB = 512;
const LATE = 'it could not be read in the time that there is for one';
const BROKEN = 'it is too large or too broken to be read';

type Answer = Awaited<ReturnType<MailFiles['toAlert']>>;

export function createMailFiles({ withinMs = WITHIN_MS, memoryMb = MOST_MEMORY_MB } = {}): MailFiles {
  return {
    toAlert(bytes, about) {
      const given: GivenFile = { bytes, options: { ...about, verdict: 'suspicious' } };
      const resourceLimits = { maxOldGenerationSizeMb: memoryMb };
      const thread = new Worker(THREAD, { workerData: given, resourceLimits });
      return new Promise<Answer>((resolve) => {
        const end = (answer: Answer) => {
          clearTimeout(timer);
          resolve(answer);
          // It has nothing that could be lost.
          thread.terminate().catch(() => undefined);
        };
        const timer = setTimeout(end, withinMs, { problem: LATE });
        thread.once('message', end);
        thread.once('error', () => end({ problem: BROKEN }));
        thread.once('exit', () => end({ problem: BROKEN }));
      });
    },
  };
}
