import { ClawbackError } from '../../core/error.ts';
import { situationOf } from '../../core/incident/incident.ts';
import { type Delay, fits } from '../../core/tell/delay.ts';
import type { Bookkeeping } from '../flow.ts';
import { announce } from './record.ts';

/** Telling on the card that work waits: within seconds, whatever it waits for, and that it goes on again. */

/** After this without an end, people are told. */
const SLOW_MS = 5_000;

/**
 * Does `work` for an incident. What takes long, or finds that nobody answers, is told on the card; that it goes on, too.
 * Telling never changes what comes of the work, and what cannot be told now is left at that.
 */
export async function whileTold<T>(
  flow: Bookkeeping,
  incident: string,
  of: Delay['of'],
  work: () => Promise<T>,
): Promise<T> {
  const since = flow.clock.now();
  let told: Promise<void> = Promise.resolve();
  const tell = (change: () => Promise<void>) => {
    told = told.then(change).catch(() => undefined);
  };
  const slow = setTimeout(
    () => tell(() => tellDelay(flow, incident, { of, why: 'slow', since, until: null })),
    SLOW_MS,
  );
  try {
    const result = await work();
    tell(() => tellOver(flow, incident, of));
    return result;
  } catch (error) {
    if (error instanceof ClawbackError && error.code === 'unavailable')
      tell(() => tellDelay(flow, incident, { of, why: 'silent', since, until: null }));
    throw error;
  } finally {
    clearTimeout(slow);
    await told;
  }
}

/** Since when is kept while it is the same that is waited for. */
async function tellDelay(flow: Bookkeeping, incident: string, delay: Delay): Promise<void> {
  await flow.store.transact(async (tx) => {
    const locked = await tx.incidents.lock(incident);
    if (!locked) return;
    const told = await tx.delays.of(incident);
    // A word that does not fit any more was left by a process that ended.
    const known = told && fits(told, situationOf(locked)) ? told : null;
    // Another kind of work may be waiting beside this one, and its word stands.
    if (known && known.of !== delay.of) return;
    if (known?.why === delay.why) return;
    await tx.delays.put(incident, known ? { ...delay, since: known.since } : delay);
    await announce(flow, tx, incident);
  });
}

async function tellOver(flow: Bookkeeping, incident: string, of: Delay['of']): Promise<void> {
  await flow.store.transact(async (tx) => {
    if ((await tx.delays.of(incident))?.of !== of || !(await tx.incidents.lock(incident))) return;
    if (await tx.delays.over(incident, of)) await announce(flow, tx, incident);
  });
}
