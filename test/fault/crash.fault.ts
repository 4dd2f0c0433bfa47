import { expect, inject, it } from 'vitest';
import { freshDatabase, freshFolder } from '../support/database.ts';
import { crash, MOMENTS, momentOf } from './crash.ts';
import { onDatabase } from './crash-place.ts';
import { diceFrom } from './dice.ts';
import { killFor } from './kill-nine.ts';

/**
 * `KILLS` deaths (1,000 unless it says otherwise) in one process that goes on without what has died, half of them on each
 * store; `REAL_KILLS` more (10) on each store with `kill -9` on a process of its own. `SEED` plays one again.
 */

const KILLS = inject('kills');
const REAL = inject('realKills');
const SEED = inject('seed');

const STORES = [
  ['the embedded database', () => Promise.resolve(freshFolder())],
  ['a server', freshDatabase],
] as const;

it.each(STORES)(`${KILLS / 2} deaths at named and random moments, on %s`, async (name, open) => {
  const begun = performance.now();
  const told = await crash(Math.ceil(KILLS / 2), diceFrom(SEED), async (world) => {
    const fresh = await open();
    const place = await onDatabase(fresh.address, world.flow.tenant.id);
    return { ...place, close: () => place.close().finally(fresh.drop) };
  });
  const seconds = Math.round((performance.now() - begun) / 1_000);
  const { at, ...counts } = told;
  process.stdout.write(`${JSON.stringify({ store: name, seed: SEED, seconds, ...counts, moments: at.size })}\n`);
  const never = MOMENTS.map(momentOf).filter((moment) => !at.has(moment));
  // A short run need not come by everywhere.
  if (KILLS >= 1_000) expect(never).toEqual([]);
  expect(told.removed).toBeGreaterThan(told.kills);
});

it.each(STORES)(`${REAL} times kill -9, on %s`, async (name, open) => {
  const fresh = await open();
  const begun = performance.now();
  try {
    const told = await killFor(REAL, diceFrom(SEED), fresh.address);
    const seconds = Math.round((performance.now() - begun) / 1_000);
    process.stdout.write(`${JSON.stringify({ store: name, seconds, ...told })}\n`);
    expect(told.kills).toBe(REAL);
  } finally {
    await fresh.drop();
  }
});
