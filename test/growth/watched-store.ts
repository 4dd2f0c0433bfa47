import { randomUUID } from 'node:crypto';
import { CompiledQuery, Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import pg from 'pg';
import { type DatabaseAddress, openDatabase } from '../../src/adapters/store/database.ts';
import { freshSalt } from '../../src/adapters/store/ledger.ts';
import { openPglite } from '../../src/adapters/store/pglite.ts';
import type { Tables } from '../../src/adapters/store/schema.ts';
import { createStore } from '../../src/adapters/store/store.ts';
import type { Store, Tx } from '../../src/ports/store.ts';
import { TENANT_ID } from '../support/cases.ts';

/** A store whose statements can be looked at. */
export interface WatchedStore {
  readonly db: Kysely<Tables>;
  /** Asks, takes everything back, and answers what each statement read. */
  ask(question: (tx: Tx) => Promise<unknown>): Promise<readonly Statement[]>;
  close(): Promise<void>;
}

export interface Statement {
  readonly sql: string;
  /** In the database. */
  readonly ms: number;
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
  const store = createStore({ db } as never, TENANT_ID, { id: randomUUID, salt: freshSalt, wake: () => undefined });
  return {
    db,
    async ask(question) {
      seen.length = 0;
      await takenBack(store, question);
      const asked = seen.splice(0).filter((one) => /^\s*(select|with|update|insert|delete)/i.test(one.sql));
      const statements: Statement[] = [];
      for (const one of asked) statements.push(await explained(db, one.sql, one.parameters));
      return statements;
    },
    async close() {
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

interface Explained {
  readonly Plan: Node;
  readonly 'Execution Time': number;
}

async function explained(db: Kysely<Tables>, statement: string, parameters: readonly unknown[]): Promise<Statement> {
  let answer: Explained | undefined;
  await db
    .transaction()
    .execute(async (trx) => {
      const query = CompiledQuery.raw(`explain (analyze, buffers, format json) ${statement}`, [...parameters]);
      const { rows } = await trx.executeQuery<{ 'QUERY PLAN': readonly Explained[] }>(query);
      answer = rows[0]?.['QUERY PLAN'][0];
      throw new TakeBack();
    })
    .catch((error: unknown) => {
      if (!(error instanceof TakeBack)) throw error;
    });
  const plan = answer?.Plan;
  return {
    sql: statement,
    ms: answer?.['Execution Time'] ?? 0,
    pages: (plan?.['Shared Hit Blocks'] ?? 0) + (plan?.['Shared Read Blocks'] ?? 0),
    whole: nodes(plan).flatMap((node) => (node['Node Type'] === 'Seq Scan' ? (node['Relation Name'] ?? []) : [])),
  };
}

function nodes(node: Node | undefined): readonly Node[] {
  return node ? [node, ...(node.Plans ?? []).flatMap(nodes)] : [];
}

async function dialectOf(address: DatabaseAddress) {
  if (address.kind === 'server') {
    const pool = new pg.Pool({ connectionString: address.url, max: 2 });
    return { dialect: new PostgresDialect({ pool }), release: () => pool.end() };
  }
  const embedded = await openPglite(address.folder, []);
  return { dialect: new PGliteDialect({ pglite: embedded.pglite }), release: embedded.close };
}
