import type { Kysely, Transaction } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import type { Tables } from '../../src/adapters/store/schema.ts';
import { inTransaction } from '../../src/adapters/store/transaction.ts';

/** When a transaction is run again, and when it is left at that. No database is asked here. */

const coded = (code: unknown, words = 'raw words') => Object.assign(new Error(words), { code });

/** One try after the other ends like this; the last for ever. `at`: whether the work fails, or its commit. */
async function tried(ends: readonly unknown[], at: 'work' | 'commit' = 'work', times: readonly number[] = [0]) {
  let tries = 0;
  const end = () => ends[Math.min(tries, ends.length) - 1];
  const db = {
    transaction: () => ({
      execute: async (work: (trx: Transaction<Tables>) => Promise<unknown>) => {
        const result = await work({} as Transaction<Tables>);
        if (at === 'commit' && end() !== 'done') throw end();
        return result;
      },
    }),
  } as unknown as Kysely<Tables>;
  let asked = 0;
  const clock = () => times[Math.min(asked++, times.length - 1)] ?? 0;
  const work = async () => {
    tries += 1;
    if (at === 'work' && end() !== 'done') throw end();
    return 'done';
  };
  const ended = await inTransaction(db, work, clock).catch((error: unknown) => error);
  return { ended, tries };
}
const UNREACHED = { code: 'unavailable', message: 'the database cannot be reached just now' };

describe('a transaction is run again', () => {
  it.each([
    ['that waited too long for a row', coded('55P03')],
    ['that stood in another’s way', coded('40P01')],
    ['that was taken from a silent process', coded('25P03')],
    ['whose connection the server ended', coded('57P01')],
    ['for which the server had no connection left', coded('53300')],
    ['whose connection was cut', coded('ECONNRESET')],
    ['whose connection was ended in words', new Error('Connection terminated unexpectedly')],
  ])('%s', async (_what, error) => {
    expect(await tried([error, 'done'])).toEqual({ ended: 'done', tries: 2 });
  });

  it('that was taken back while it was being committed', async () => {
    expect(await tried([coded('40001'), 'done'], 'commit')).toEqual({ ended: 'done', tries: 2 });
  });

  it('until eight seconds are over, and then is given up', async () => {
    const given = await tried([coded('40P01')], 'work', [1_000, 8_999, 9_000, 99_000]);
    expect(given).toMatchObject({ ended: { ...UNREACHED, cause: { code: '40P01' } }, tries: 2 });
  });
});

it('a transaction is run again after pauses that grow, to a second at most', async () => {
  const pauses: unknown[] = [];
  const sleep = vi.spyOn(globalThis, 'setTimeout').mockImplementation((wake, ms) => {
    pauses.push(ms);
    queueMicrotask(wake as () => void);
    return 0 as never;
  });
  const { tries } = await tried([...Array.from({ length: 8 }, () => coded('40P01')), 'done']).finally(() =>
    sleep.mockRestore(),
  );
  expect([tries, pauses]).toEqual([9, [50, 100, 200, 400, 800, 1_000, 1_000, 1_000]]);
});

describe('a transaction is run once', () => {
  it('that does what it should', async () => {
    expect(await tried(['done'])).toEqual({ ended: 'done', tries: 1 });
  });

  it('whose connection broke while it was being committed: nobody knows whether it holds', async () => {
    expect(await tried([coded('ECONNRESET')], 'commit')).toMatchObject({ ended: UNREACHED, tries: 1 });
  });

  it('where the disk is full, and that is said', async () => {
    const full = await tried([coded('53100')]);
    expect(full).toMatchObject({ ended: { code: 'unavailable', message: /disk of the database is full/ }, tries: 1 });
  });

  it.each<[string, unknown]>([
    ['an error of ours', new TypeError('no such function')],
    ['a constraint', coded('23505')],
    ['a code that is no text', coded(53)],
    ['something thrown that is no error', { message: 'timeout expired', code: '40P01' }],
    ['nothing at all', null],
  ])('that ends with %s, which comes back as it is', async (_what, error) => {
    const { ended, tries } = await tried([error]);
    expect(tries).toBe(1);
    expect(ended).toBe(error);
  });
});
