import pg from 'pg';
import { ClawbackError } from '../../core/error.ts';
import { connectionsTo, PATIENCE, setPatience } from './connection.ts';

/**
 * Who may use a database server at the same time. Every connection of a process that works shares one lock of the
 * session, so that whoever can write holds it, whatever became of other connections; the server frees it with the
 * connection. Who puts the database back from a copy has it alone.
 */

/** Any two numbers that nobody else takes; locks of this kind count for one database. */
const LOCK = '1668049207, 1';

/** For each new connection, before anything else is asked over it. */
export async function shareDatabase(client: Pick<pg.ClientBase, 'query'>): Promise<void> {
  await client.query(`select pg_advisory_lock_shared(${LOCK})`);
}

/** Throws ClawbackError 'unavailable' while the database is being put back. */
export async function refuseWhilePutBack(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ free: boolean }>(`select pg_try_advisory_xact_lock_shared(${LOCK}) as free`);
  if (rows[0]?.free === true) return;
  throw new ClawbackError(
    'unavailable',
    'clawback restored is at work on the database named by DATABASE_URL: wait until it has ended, then start again',
  );
}

/** A process that was ended is seen as gone within this. */
const TRY_FOR_MS = 2_000;
const TRY_EVERY_MS = 100;

/**
 * Takes the database for this process alone; answers how it is given back. Throws ClawbackError 'store-busy' that names
 * where another Clawback runs.
 */
export async function takeAlone(url: string): Promise<() => void> {
  // Nothing is said over it while the work is done over others.
  const patience = { ...PATIENCE, silence: 0 };
  const { settings, cut } = connectionsTo(url, 1, patience);
  const client = new pg.Client(settings);
  client.on('error', () => undefined);
  try {
    await client.connect();
    await setPatience(client, patience);
    for (const until = performance.now() + TRY_FOR_MS; ; ) {
      const { rows } = await client.query<{ taken: boolean }>(`select pg_try_advisory_lock(${LOCK}) as taken`);
      if (rows[0]?.taken === true) return cut;
      if (performance.now() >= until) throw inUse(await holders(client));
      await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS));
    }
  } catch (error) {
    cut();
    throw error;
  }
}

async function holders(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ at: string }>(
    `select distinct coalesce(host(client_addr), 'the server itself') as at
       from pg_locks join pg_stat_activity using (pid)
      where locktype = 'advisory' and (classid, objid) = (${LOCK}) and granted
        and pg_locks.database = (select oid from pg_database where datname = current_database())
      order by at`,
  );
  return rows.map(({ at }) => at);
}

function inUse(from: readonly string[]): ClawbackError {
  return new ClawbackError(
    'store-busy',
    `a Clawback is running on the database named by DATABASE_URL (connected from ${from.join(', ') || 'an address that is not told'}): stop it first, every replica, so that nothing is done while the database is put right`,
  );
}
