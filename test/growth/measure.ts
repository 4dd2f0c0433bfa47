import type { DatabaseAddress } from '../../src/adapters/store/database.ts';
import { asAdmin, onServer } from '../support/server-database.ts';
import { OF_A_BIG_RUN, QUESTIONS } from './questions.ts';
import { fill, type Size } from './rows.ts';
import { openWatched, type Statement } from './watched-store.ts';

/** What a question cost: the statement of it that took longest, in the middle of some tries. */
export interface Cost {
  readonly what: string;
  readonly ms: number;
  readonly pages: number;
  /** Tables that a statement read from one end to the other; those of a few rows for each tenant do not count. */
  readonly whole: readonly string[];
  readonly slowest: string;
}

const SMALL = ['ledger_head', 'brake', 'policy_current', 'room', 'finding_count'];

/** Fills the database, and asks each question so many times. */
export async function measure(address: DatabaseAddress, size: Size, tries: number): Promise<readonly Cost[]> {
  const store = await openWatched(address);
  try {
    await fill(store.db, size);
    const costs: Cost[] = [];
    for (const [what, question] of Object.entries({ ...QUESTIONS, ...OF_A_BIG_RUN })) {
      const asked: (readonly Statement[])[] = [];
      for (let n = 0; n < tries; n += 1) asked.push(await store.ask(question));
      costs.push(costOf(what, asked));
    }
    return costs;
  } finally {
    await store.close();
  }
}

function costOf(what: string, tries: readonly (readonly Statement[])[]): Cost {
  const worst = tries
    .flatMap((statements) => [...statements].sort((a, b) => b.ms - a.ms)[0] ?? [])
    .sort((a, b) => a.ms - b.ms)[Math.floor(tries.length / 2)];
  const all = tries[0] ?? [];
  return {
    what,
    ms: worst?.ms ?? 0,
    pages: Math.max(...all.map(({ pages }) => pages)),
    whole: [...new Set(all.flatMap(({ whole }) => whole))].filter((table) => !SMALL.includes(table)),
    slowest: worst?.sql.replace(/\s+/g, ' ').slice(0, 140) ?? '',
  };
}

/** A database of its own on that server, for `work`; dropped afterwards. */
export async function withDatabase<T>(server: string, name: string, work: (url: string) => Promise<T>): Promise<T> {
  await asAdmin(server, `create database ${name}`);
  try {
    return await work(onServer(server, name));
  } finally {
    await asAdmin(server, `drop database ${name} with (force)`);
  }
}
