import { randomUUID } from 'node:crypto';
import { argv, stdout } from 'node:process';
import { measure, withDatabase } from './measure.ts';

/**
 * How long each question takes once there are 100,000 incidents and 1,000,000 copies, on a PostgreSQL server:
 * npm run bench:growth -- postgres://…  Ends with 1 where a statement takes longer than it may.
 */

const MAY_TAKE_MS = 20;
const TRIES = 7;

const [server] = argv.slice(2);
if (!server) throw new Error('name a PostgreSQL server: npm run bench:growth -- postgres://…');
const costs = await withDatabase(server, `clawback_growth_${randomUUID().slice(0, 8)}`, (url) =>
  measure({ kind: 'server', url }, { incidents: 100_000, items: 1_000_000 }, TRIES),
);
for (const { what, ms, pages, whole, slowest } of costs) {
  const isSlow = ms > MAY_TAKE_MS;
  const noted = `${whole.length > 0 ? `  reads all of ${whole.join(', ')}` : ''}${isSlow ? `\n     ${slowest}` : ''}`;
  stdout.write(
    `${isSlow ? 'SLOW' : 'ok  '} ${ms.toFixed(1).padStart(8)} ms ${String(pages).padStart(8)} pages  ${what}${noted}\n`,
  );
}
process.exitCode = costs.some(({ ms }) => ms > MAY_TAKE_MS) ? 1 : 0;
