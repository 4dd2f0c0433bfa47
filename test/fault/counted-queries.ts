import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';

/** What a piece of work asks of a database server: statements, and rows that come back; not what others ask meanwhile. */
export async function countedQueries(
  work: () => Promise<unknown>,
): Promise<{ readonly statements: number; readonly rows: number }> {
  const { prototype } = pg.Client;
  const { query } = prototype;
  let [statements, rows] = [0, 0];
  const own = new AsyncLocalStorage<true>();
  const counting = function (this: pg.Client, ...asked: unknown[]) {
    const answer = Reflect.apply(query, this, asked) as unknown;
    if (own.getStore() !== true) return answer;
    statements += 1;
    if (answer instanceof Promise)
      answer.then(
        (result: pg.QueryResult | pg.QueryResult[]) => {
          rows += [result].flat().reduce((sum, one) => sum + one.rows.length, 0);
        },
        () => undefined,
      );
    return answer;
  };
  prototype.query = counting as typeof query;
  try {
    await own.run(true, work);
  } finally {
    prototype.query = query;
  }
  return { statements, rows };
}
