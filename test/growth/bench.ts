import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { OF_A_BIG_RUN, QUESTIONS } from './questions.ts';
import { fill } from './rows.ts';
import { openWatched } from './watched-store.ts';

/**
 * How long each question takes once there are 100,000 incidents and 1,000,000 copies. Needs a PostgreSQL server:
 * TEST_DATABASE_URL=postgres://… npm run bench:growth. Ends with 1 where one takes longer than it may.
 */

const MAY_TAKE_MS = 20;
const TRIES = 7;

const server = process.env['TEST_DATABASE_URL'];
if (!server) throw new Error('name a PostgreSQL server in TEST_DATABASE_URL');
const name = `clawback_growth_${randomUUID().slice(0, 8)}`;
await asAdmin(`create database ${name}`);
try {
  process.exitCode = await measure(Object.assign(new URL(server), { pathname: `/${name}` }).href);
} finally {
  await asAdmin(`drop database ${name} with (force)`);
}

async function measure(url: string): Promise<number> {
  const store = await openWatched({ kind: 'server', url });
  try {
    const started = performance.now();
    await fill(store.db, { incidents: 100_000, items: 1_000_000 });
    say(`filled in ${Math.round((performance.now() - started) / 1_000)} s`);
    let slow = 0;
    for (const [what, question] of Object.entries({ ...QUESTIONS, ...OF_A_BIG_RUN })) {
      const tries = [];
      for (let n = 0; n < TRIES; n += 1) tries.push(await store.ask(question));
      const times = tries.map(({ ms }) => ms).sort((a, b) => a - b);
      const middle = times[Math.floor(TRIES / 2)] ?? 0;
      const statements = tries[0]?.statements ?? [];
      const whole = [...new Set(statements.flatMap((statement) => statement.whole))];
      const pages = statements.reduce((sum, statement) => sum + statement.pages, 0);
      const isSlow = middle > MAY_TAKE_MS;
      slow += isSlow ? 1 : 0;
      const noted = whole.length > 0 ? `  reads all of ${whole.join(', ')}` : '';
      say(
        `${isSlow ? 'SLOW' : 'ok  '} ${middle.toFixed(1).padStart(8)} ms ${String(pages).padStart(8)} pages  ${what}${noted}`,
      );
    }
    return slow === 0 ? 0 : 1;
  } finally {
    await store.close();
  }
}

async function asAdmin(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
