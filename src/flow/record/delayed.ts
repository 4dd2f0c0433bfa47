import { ClawbackError } from '../../core/error.ts';
import { situationOf } from '../../core/incident/incident.ts';
import { type Delay, fits } from '../../core/tell/delay.ts';
import type { Bookkeeping } from '../flow.ts';
import { announce } from './record.ts';

/** Telling on the card that work waits: within seconds, whatever it waits for, and that it goes on again. */

/** After this without an end, people are told. */
const SLOW_MS = 5_000;

/** Does work for an incident, and tells on its card what takes long, or finds that nobody answers; that it goes on, too. */
export type Telling = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * For work of one kind that is done in several lanes: what one of them still waits for is not taken back because another one
 * goes on. Telling never changes what comes of the work, and what cannot be told now is left at that.
 */
export function telling(flow: Bookkeeping, incident: string, of: Delay['of']): Telling {
  const slow = new Set<symbol>();
  // A word may have been left by the turn before this one.
  let mayStand = true;
  let told: Promise<void> = Promise.resolve();
  const tell = (change: () => Promise<void>) => {
    told = told.then(change).catch(() => undefined);
  };
  return async (work) => {
    const own = Symbol();
    const since = flow.clock.now();
    const say = (why: Delay['why']) => {
      mayStand = true;
      tell(() => tellDelay(flow, incident, { of, why, since, until: null }));
    };
    const timer = setTimeout(() => {
      slow.add(own);
      say('slow');
    }, SLOW_MS);
    try {
      const result = await work();
      slow.delete(own);
      if (mayStand && slow.size === 0) {
        mayStand = false;
        tell(() => tellOver(flow, incident, of));
      }
      return result;
    } catch (error) {
      slow.delete(own);
      if (error instanceof ClawbackError && error.code === 'unavailable') say('silent');
      throw error;
    } finally {
      clearTimeout(timer);
      await told;
    }
  };
}

/** For work that is done once. */
export function whileTold<T>(flow: Bookkeeping, incident: string, of: Delay['of'], work: () => Promise<T>): Promise<T> {
  return telling(flow, incident, of)(work);
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
