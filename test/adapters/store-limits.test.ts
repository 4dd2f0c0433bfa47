import { sql } from 'kysely';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ownLimits } from '../../src/adapters/microsoft/own-limits.ts';
import { openDatabase } from '../../src/adapters/store/database.ts';
import { sharedLimits } from '../../src/adapters/store/limits.ts';
import { HUNTING_LIMIT, RISK_LIMIT } from '../../src/core/limit.ts';
import type { Limits } from '../../src/ports/limits.ts';
import { TENANT_ID } from '../support/cases.ts';
import { freshDatabase } from '../support/database.ts';

const HOUR_MS = 3_600_000;
const NOBODY: Limits = {
  take: () => Promise.reject(new Error('the database was not asked')),
  rest: () => Promise.resolve(),
};

/** Two processes, as far as the database can tell. */
async function twoProcesses() {
  const fresh = await freshDatabase();
  const database = await openDatabase(fresh.address);
  onTestFinished(async () => {
    await database.close();
    await fresh.drop();
  });
  const process = (tenant = TENANT_ID) => sharedLimits(database.db, tenant, NOBODY);
  return { one: process(), other: process(), elsewhere: process('another tenant'), database };
}

describe('turns that processes share', () => {
  it('are no more than hunting allows a minute, whoever asks', async () => {
    const { one, other } = await twoProcesses();
    const asked = Array.from({ length: 60 }, (_, n) => (n % 2 === 0 ? one : other).take(HUNTING_LIMIT, 1_000));
    const given = (await Promise.all(asked)).filter((turn) => turn.given);
    expect(given).toHaveLength(45);
  });

  it('come one after the other where one a second is allowed, and are promised no further ahead than anybody waits', async () => {
    const { one, other } = await twoProcesses();
    const turns = await Promise.all([one, other, one, other].map((process) => process.take(RISK_LIMIT, HOUR_MS)));
    const waits = turns.map(({ waitMs }) => waitMs).sort((a, b) => a - b);
    // They are a second apart from the first; what a slow database takes of that is the same for all.
    expect(waits.map((wait, n) => wait > n * 1_050 - 1_050 && wait <= n * 1_050)).toEqual([true, true, true, true]);
    expect((await one.take(RISK_LIMIT, 0)).given).toBe(false);
    expect((await other.take(RISK_LIMIT, HOUR_MS)).waitMs).toBeLessThanOrEqual(4 * 1_050);
  });

  it('rest for both while the service asks one of them to wait', async () => {
    const { one, other } = await twoProcesses();
    await one.rest(HUNTING_LIMIT, 300_000);
    await one.rest(HUNTING_LIMIT, 1_000);
    const turn = await other.take(HUNTING_LIMIT, 10_000);
    expect([turn.given, turn.waitMs > 200_000, turn.waitMs <= 300_000]).toEqual([false, true, true]);
  });

  it('of another tenant, and of another service, are not held up by that', async () => {
    const { one, other, elsewhere } = await twoProcesses();
    await one.rest(HUNTING_LIMIT, 300_000);
    expect(await elsewhere.take(HUNTING_LIMIT, 0)).toEqual({ given: true, waitMs: 0 });
    expect(await other.take(RISK_LIMIT, 0)).toEqual({ given: true, waitMs: 0 });
  });

  it('are not held for ever by a service that asks for a day', async () => {
    const { one, other } = await twoProcesses();
    await one.rest(HUNTING_LIMIT, 24 * HOUR_MS);
    const { given, waitMs } = await other.take(HUNTING_LIMIT, 0);
    expect([given, waitMs > 500_000, waitMs <= 600_000]).toEqual([false, true, true]);
  });

  it('are not held up for a day by the clock of a database that was set back by one, and are counted as ever', async () => {
    const { one, other, database } = await twoProcesses();
    await one.rest(HUNTING_LIMIT, 1_000);
    await sql`
      update service_limit set rest_until = now() + interval '1 day', taken = array_fill(now() + interval '1 day', array[45])`.execute(
      database.db,
    );
    const given: boolean[] = [];
    for (let n = 0; n < 46; n += 1) given.push((await (n % 2 === 0 ? one : other).take(HUNTING_LIMIT, 0)).given);
    expect([given.filter(Boolean).length, given.at(-1)]).toEqual([45, false]);
    await one.rest(HUNTING_LIMIT, 120_000);
    expect((await other.take(HUNTING_LIMIT, 130_000)).waitMs).toBeLessThanOrEqual(120_000);
  });

  it('of this process alone are not held up by its clock that was set back, and it rests as it is asked to', async () => {
    let now = 24 * HOUR_MS;
    const alone = ownLimits(() => now);
    await alone.take(RISK_LIMIT, 0);
    await alone.rest(RISK_LIMIT, 30_000);
    now = 0;
    expect(await alone.take(RISK_LIMIT, 0)).toEqual({ given: true, waitMs: 0 });
    await alone.rest(RISK_LIMIT, 20_000);
    await alone.rest(RISK_LIMIT, 10_000);
    expect(await alone.take(RISK_LIMIT, 0)).toEqual({ given: false, waitMs: 20_000 });
  });

  it('are this process’s own while the database cannot be asked, and a rest it was told of holds there as well', async () => {
    const { database } = await twoProcesses();
    const alone = sharedLimits(
      database.db,
      TENANT_ID,
      ownLimits(() => 0),
    );
    await sql`drop table service_limit`.execute(database.db);
    expect(await alone.take(RISK_LIMIT, 0)).toEqual({ given: true, waitMs: 0 });
    await alone.rest(RISK_LIMIT, 7_000);
    expect(await alone.take(RISK_LIMIT, 0)).toEqual({ given: false, waitMs: 7_000 });
  });
});
