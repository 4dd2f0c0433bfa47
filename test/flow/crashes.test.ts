import { describe, expect, inject, it } from 'vitest';
import type { Store } from '../../src/ports/store.ts';
import { crash, MOMENTS, momentOf } from '../fault/crash.ts';
import { inMemory, onDatabase, type Place } from '../fault/crash-place.ts';
import { diceFrom } from '../fault/dice.ts';
import type { World } from '../fault/world.ts';
import { freshDatabase, freshFolder } from '../support/database.ts';

/** A sample of `npm run test:fault`: processes die at named and at random moments, and others go on where they were. */

const memory = (world: World) => Promise.resolve(inMemory(world));

describe('processes that are killed again and again', () => {
  it('lose no copy, report none twice, and call none removed that they have not seen gone', async () => {
    const told = await crash(150, diceFrom(7), memory);
    expect(told.kills).toBe(150);
    expect(told.removed).toBeGreaterThan(200);
    expect(told.restored).toBeGreaterThan(50);
    const named = MOMENTS.map(momentOf);
    expect(named.filter((moment) => told.at.has(moment)).length).toBeGreaterThan(named.length / 2);
    expect([...told.at.keys()].some((moment) => !named.includes(moment))).toBe(true);
  });

  it('nor on a real database, where a transaction is taken back that nobody committed', async () => {
    const fresh = inject('databaseServer') ? await freshDatabase() : freshFolder();
    try {
      const told = await crash(4, diceFrom(11), (world) => onDatabase(fresh.address, world.flow.tenant.id));
      expect(told.kills).toBe(4);
      expect(told.removed).toBeGreaterThan(0);
    } finally {
      await fresh.drop();
    }
  });
});

describe('the test would find', () => {
  it('a copy that is called removed because somebody said so', async () => {
    const believing = (world: World) => {
      const plain = world.mail.softDelete;
      const said = new Set<string>();
      world.mail.softDelete = async (targets, term) => {
        for (const { message } of targets) said.add(message);
        return plain(targets, term);
      };
      const read = world.mail.read;
      world.mail.read = async (targets, how) =>
        (await read(targets, how)).map((reading) =>
          reading.status === 'ok' && said.has(reading.target.message)
            ? { ...reading, state: { ...reading.state, inRecoverableItems: true } }
            : reading,
        );
      return memory(world);
    };
    await expect(crash(100, diceFrom(3), believing)).rejects.toThrow('is called removed, and is not');
  });

  it('a copy that is told of twice', async () => {
    const twice = async (world: World) => changed(await memory(world), (entries) => [...entries, ...entries]);
    await expect(crash(20, diceFrom(3), twice)).rejects.toThrow('was reported more than once');
  });

  it('a copy that is not told of', async () => {
    const forgetful = async (world: World) => changed(await memory(world), (entries) => entries.slice(1));
    await expect(crash(20, diceFrom(3), forgetful)).rejects.toThrow('is lost: nothing is said of it');
  });
});

type Append = Parameters<Parameters<Store['transact']>[0]>[0]['ledger']['append'];
type Entries = Parameters<Append>[0];

/** What is written of outcomes becomes what `change` makes of it. */
function changed(place: Place, change: (entries: Entries) => Entries): Place {
  const store: Store = {
    transact: (work) =>
      place.store.transact((tx) =>
        work({
          ...tx,
          ledger: {
            ...tx.ledger,
            append: (entries) => {
              const outcomes = entries.filter(({ type }) => type === 'copy.outcome');
              const others = entries.filter(({ type }) => type !== 'copy.outcome');
              return tx.ledger.append([...others, ...change(outcomes)]);
            },
          },
        }),
      ),
  };
  return { ...place, store };
}
