import { AsyncLocalStorage } from 'node:async_hooks';

/** For what a request is sent: carried along with the work, so that nobody on the way has to hand it on. */

const current = new AsyncLocalStorage<string>();

/** `cause`: id of a run or an incident. */
export function onBehalfOf<T>(cause: string, work: () => T): T {
  return current.run(cause, work);
}

/** Null where nobody said. */
export function causeNow(): string | null {
  return current.getStore() ?? null;
}
