import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Tx } from '../../src/ports/store.ts';
import { QUESTIONS } from '../growth/questions.ts';
import { fill } from '../growth/rows.ts';
import { openWatched, type WatchedStore } from '../growth/watched-store.ts';
import { type FreshDatabase, freshDatabase } from '../support/database.ts';

/** In a flood nearly all there is waits to be decided, most of it without a card: what is asked all the time costs the same. */

const SIZES = [1_000, 4_000] as const;
const places: { readonly fresh: FreshDatabase; readonly store: WatchedStore }[] = [];
beforeAll(async () => {
  for (const incidents of SIZES) {
    const fresh = await freshDatabase();
    const store = await openWatched(fresh.address);
    await fill(store.db, { incidents, items: 1_000 });
    await flood(store.db);
    places.push({ fresh, store });
  }
}, 240_000);
afterAll(async () => {
  for (const { fresh, store } of places) {
    await store.close();
    await fresh.drop();
  }
});

async function flood<T>(db: Kysely<T>): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(db);
  await run(
    `update incident set state = 'open', deadline = '2026-12-29T09:00:00.000Z', nudge_at = null where state <> 'running'`,
  );
  await run(`update card set ref = null, due = false, gathered = 'gathering held' where incident > 'CB-00000020'`);
  for (const table of ['incident', 'card']) await run(`vacuum (analyze) ${table}`);
}

async function pagesOf(question: (tx: Tx) => Promise<unknown>): Promise<readonly number[]> {
  const pages: number[] = [];
  for (const { store } of places) {
    const asked = await store.ask(question);
    pages.push(asked.reduce((sum, statement) => sum + statement.pages, 0));
  }
  return pages;
}

it.each([
  'sweep: rooms in which something is to be said',
  'sweep: incidents that wait',
  'sweep: who is told by nobody',
  'ranks: a hundred of what is open',
  'alert: incidents of the same mail',
  'alert: a new incident',
  'alert: whose pairs of marks these are',
  'alert: cards of the last hour',
  'alert: where it stands in the queue',
  'card: has news',
  'card: claim',
])('%s', async (what) => {
  const [few = 0, many = 0] = await pagesOf(
    QUESTIONS[what] ?? (() => Promise.reject(new Error(`nobody asks ${what}`))),
  );
  // An index has a level more.
  expect(many).toBeLessThan(few * 1.5 + 20);
});
