import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type Embedded, startEmbedded } from '../../src/adapters/store/pglite-calls.ts';
import { freshFolder } from '../support/database.ts';

/** The embedded database works in a thread of its own. */

async function started(): Promise<Embedded> {
  const { folder, drop } = freshFolder();
  const embedded = await startEmbedded(folder, { died: (why) => expect.unreachable(String(why)) });
  onTestFinished(async () => {
    await embedded.close();
    await drop();
  });
  return embedded;
}

it('whatever it takes, what comes meanwhile is heard', async () => {
  const embedded = await started();
  const order: string[] = [];
  const long = embedded.query('select count(*) from generate_series(1, 2000000)').then(() => order.push('answer'));
  await new Promise((resolve) => setTimeout(resolve, 1)).then(() => order.push('press'));
  await long;
  expect(order).toEqual(['press', 'answer']);
});

it('a transaction is alone with it, and what is asked outside waits for its end', async () => {
  const embedded = await started();
  await embedded.exec('create table one (n int)');
  const seen: number[] = [];
  const count = async () => {
    const { rows } = await embedded.query<{ n: number }>('select count(*)::int as n from one');
    seen.push(rows[0]?.n ?? -1);
  };
  let outside: Promise<void> | null = null;
  await embedded.transaction(async (tx) => {
    outside = count();
    await tx.query('insert into one values ($1)', [1]);
    await tx.query('insert into one values ($1)', [2]);
  });
  await outside;
  expect(seen).toEqual([2]);
});

it('a transaction that fails leaves nothing, and its error is told with what PostgreSQL calls it', async () => {
  const embedded = await started();
  await embedded.exec('create table one (n int primary key)');
  const failing = embedded.transaction(async (tx) => {
    await tx.query('insert into one values (1)');
    await tx.query('insert into one values (1)');
  });
  await expect(failing).rejects.toMatchObject({ code: '23505', message: expect.stringContaining('duplicate key') });
  expect((await embedded.query('select n from one')).rows).toEqual([]);
});

it('a transaction that is rolled back leaves nothing', async () => {
  const embedded = await started();
  await embedded.exec('create table one (n int)');
  await embedded.transaction(async (tx) => {
    await tx.query('insert into one values (1)');
    await tx.rollback();
  });
  expect((await embedded.query('select n from one')).rows).toEqual([]);
});

it('what cannot be opened is told by whatever opening it threw', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clawback-thread-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const heard: unknown[] = [];
  const opening = startEmbedded(join(folder, 'not', 'there'), { died: (why) => heard.push(why) });
  await expect(opening).rejects.toThrow(/ENOENT|no such file/i);
  expect(heard).toEqual([]);
});

const DYING = new URL(
  `data:text/javascript,${encodeURIComponent(
    "import { parentPort } from 'node:worker_threads';" +
      'parentPort.postMessage({ id: 0, value: null });' +
      "parentPort.on('message', () => { throw new Error('out of memory'); });",
  )}`,
);

it('a thread that dies answers nobody: whoever waits is told, whoever comes later, and once the process', async () => {
  const heard: unknown[] = [];
  const embedded = await startEmbedded('nowhere', { died: (why) => heard.push(why), thread: DYING });
  const asked = [embedded.query('select 1'), embedded.exec('select 1'), embedded.transaction(async () => 'done')];
  for (const one of await Promise.allSettled(asked))
    expect(one).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
  await expect(embedded.query('select 1')).rejects.toMatchObject({ code: 'unavailable' });
  expect([heard, embedded.closed]).toEqual([[expect.objectContaining({ message: 'out of memory' })], true]);
});

/** As a thread that runs this with each message, after it has told that it is open. */
const threadThat = (runs: string, first = 'parentPort.postMessage({ id: 0, value: null });') =>
  new URL(
    `data:text/javascript,${encodeURIComponent(
      `import { parentPort } from 'node:worker_threads'; ${first} parentPort.on('message', (asked) => { ${runs} });`,
    )}`,
  );

it('a thread that never comes out of a statement is ended, as one that died: whoever waits is told, and the process', async () => {
  const heard: unknown[] = [];
  const thread = threadThat("if (asked.what === 'query') for (;;);");
  const embedded = await startEmbedded('nowhere', { died: (why) => heard.push(why), thread, stuckMs: 500 });
  await expect(embedded.query('select 1')).rejects.toMatchObject({ code: 'unavailable' });
  expect(heard).toEqual([
    expect.objectContaining({ message: expect.stringMatching(/^one statement has been running/) }),
  ]);
});

it('a thread that answers late, and is there, is left to it', async () => {
  const heard: unknown[] = [];
  const answer = 'parentPort.postMessage({ id: asked.id, value: asked.what })';
  const thread = threadThat(`if (asked.what === 'ping') ${answer}; else setTimeout(() => ${answer}, 2_000);`);
  const embedded = await startEmbedded('nowhere', { died: (why) => heard.push(why), thread, stuckMs: 500 });
  expect([await embedded.query('select 1'), heard]).toEqual(['query', []]);
});

it('a thread that dies while it opens is told to whoever opens it, and to nobody else', async () => {
  const heard: unknown[] = [];
  const thread = threadThat('', "throw new Error('out of memory');");
  const opening = startEmbedded('nowhere', { died: (why) => heard.push(why), thread });
  await expect(opening).rejects.toThrow('out of memory');
  await new Promise((resolve) => setImmediate(resolve));
  expect(heard).toEqual([]);
});

it('a thread that never comes out of opening it is ended, and that is told to whoever opens it', async () => {
  const heard: unknown[] = [];
  const thread = threadThat('', 'for (;;);');
  const opening = startEmbedded('nowhere', { died: (why) => heard.push(why), thread, stuckMs: 100 });
  await expect(opening).rejects.toThrow(/^opening it has been running for/);
  expect(heard).toEqual([]);
});

it('a thread that takes longer for opening it than for any statement is left to it', async () => {
  const heard: unknown[] = [];
  const first =
    'const until = Date.now() + 1_000; while (Date.now() < until); parentPort.postMessage({ id: 0, value: null });';
  const thread = threadThat('parentPort.postMessage({ id: asked.id, value: asked.what })', first);
  const embedded = await startEmbedded('nowhere', { died: (why) => heard.push(why), thread, stuckMs: 500 });
  expect([await embedded.query('select 1'), heard]).toEqual(['query', []]);
});
