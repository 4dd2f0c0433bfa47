import { parentPort, workerData } from 'node:worker_threads';
import { ClawbackError } from '../../core/error.ts';
import { alertFromEml, type EmlOptions } from './alert.ts';

/** The thread in which a file of somebody else is read: whatever is in it, this thread alone hangs or runs out of memory. */

export interface GivenFile {
  readonly bytes: Uint8Array;
  readonly options: EmlOptions;
}

async function read({ bytes, options }: GivenFile) {
  try {
    return { alert: await alertFromEml(Buffer.from(bytes), options) };
  } catch (error) {
    if (error instanceof ClawbackError && error.code === 'invalid') return { problem: error.message };
    throw error;
  }
}

if (parentPort) parentPort.postMessage(await read(workerData as GivenFile));
