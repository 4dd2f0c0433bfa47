import pg from 'pg';

/** What a piece of work asks of a database server: statements, and rows that come back. Of this process, all of it. */
export async function countedQueries(
  work: () => Promise<unknown>,
): Promise<{ readonly statements: number; readonly rows: number }> {
  const { prototype } = pg.Client;
  const { query } = prototype;
  let [statements, rows] = [0, 0];
  const counting = function (this: pg.Client, ...asked: unknown[]) {
    const answer = Reflect.apply(query, this, asked) as unknown;
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
    await work();
  } finally {
    prototype.query = query;
  }
  return { statements, rows };
}
