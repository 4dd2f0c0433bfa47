import { randomUUID } from 'node:crypto';
import { CompiledQuery, Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import pg from 'pg';
import { type DatabaseAddress, openDatabase } from '../../src/adapters/store/database.ts';
import { openPglite } from '../../src/adapters/store/pglite.ts';
import type { Tables } from '../../src/adapters/store/schema.ts';
import { createStore } from '../../src/adapters/store/store.ts';
import type { Store, Tx } from '../../src/ports/store.ts';
import { TENANT_ID } from '../support/cases.ts';

/** A store whose statements can be looked at. */
export interface WatchedStore {
  readonly db: Kysely<Tables>;
  /** Asks, takes everything back, and answers how long it took and what each statement read. */
  ask(
    question: (tx: Tx) => Promise<unknown>,
  ): Promise<{ readonly ms: number; readonly statements: readonly Statement[] }>;
  close(): Promise<void>;
}

export interface Statement {
  readonly sql: string;
  /** Pages of tables and indexes that were read. */
  readonly pages: number;
  /** Tables that were read from one end to the other. */
  readonly whole: readonly string[];
}

class TakeBack extends Error {}

export async function openWatched(address: DatabaseAddress): Promise<WatchedStore> {
  // Once through the product's own door, for the schema.
  await (await openDatabase(address)).close();
  const seen: { sql: string; parameters: readonly unknown[] }[] = [];
  const { dialect, release } = await dialectOf(address);
  const db = new Kysely<Tables>({
    dialect,
    log: ({ query }) => void seen.push({ sql: query.sql, parameters: query.parameters }),
  });
  const store = createStore({ db } as never, TENANT_ID, { id: randomUUID, wake: () => undefined });
  return {
    db,
    async ask(question) {
      await takenBack(store, question);
      seen.length = 0;
      const started = performance.now();
      await takenBack(store, question);
      const ms = performance.now() - started;
      const asked = seen.splice(0).filter(({ sql }) => /^\s*(select|with|update|insert|delete)/i.test(sql));
      const statements: Statement[] = [];
      for (const { sql, parameters } of asked) statements.push(await explained(db, sql, parameters));
      return { ms, statements };
    },
    async close() {
      await db.destroy();
      await release();
    },
  };
}

async function takenBack(store: Store, question: (tx: Tx) => Promise<unknown>): Promise<void> {
  await store
    .transact(async (tx) => {
      await question(tx);
      throw new TakeBack();
    })
    .catch((error: unknown) => {
      if (!(error instanceof TakeBack)) throw error;
    });
}

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Shared Hit Blocks'?: number;
  readonly 'Shared Read Blocks'?: number;
  readonly Plans?: readonly Node[];
}

async function explained(db: Kysely<Tables>, sql: string, parameters: readonly unknown[]): Promise<Statement> {
  let root: Node | undefined;
  await db
    .transaction()
    .execute(async (trx) => {
      const query = CompiledQuery.raw(`explain (analyze, buffers, format json) ${sql}`, [...parameters]);
      const { rows } = await trx.executeQuery<{ 'QUERY PLAN': readonly { Plan: Node }[] }>(query);
      root = rows[0]?.['QUERY PLAN'][0]?.Plan;
      throw new TakeBack();
    })
    .catch((error: unknown) => {
      if (!(error instanceof TakeBack)) throw error;
    });
  const whole = nodes(root).flatMap((node) => (node['Node Type'] === 'Seq Scan' ? (node['Relation Name'] ?? []) : []));
  return { sql, pages: (root?.['Shared Hit Blocks'] ?? 0) + (root?.['Shared Read Blocks'] ?? 0), whole };
}

function nodes(node: Node | undefined): readonly Node[] {
  return node ? [node, ...(node.Plans ?? []).flatMap(nodes)] : [];
}

async function dialectOf(address: DatabaseAddress) {
  if (address.kind === 'server') {
    const pool = new pg.Pool({ connectionString: address.url, max: 2 });
    return { dialect: new PostgresDialect({ pool }), release: () => Promise.resolve() };
  }
  const embedded = await openPglite(address.folder, []);
  return { dialect: new PGliteDialect({ pglite: embedded.pglite }), release: embedded.close };
}
