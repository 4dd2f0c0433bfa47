import { parentPort, workerData } from 'node:worker_threads';
import { type Given, serve } from './pglite-serve.ts';

/** The thread that the embedded database lives in: it works while the other one waits for the network, and never stops it. */

if (parentPort) await serve(parentPort, workerData as Given);
