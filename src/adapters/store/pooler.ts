import pg from 'pg';
import { ClawbackError } from '../../core/error.ts';
import { connectionsTo, PATIENCE } from './connection.ts';

/**
 * Whether what is set on a connection stays with it. A pooler that shares out its connections to the server by the
 * transaction or the statement mixes up what two of ours have set: no timeout is in force then, and no lock of a session.
 */
export async function keepsWhatIsSet(url: string, connect: number): Promise<boolean> {
  const lines = [PATIENCE.lock + 1, PATIENCE.lock + 2].map((lock) => {
    const { settings, cut } = connectionsTo(url, 1, { ...PATIENCE, connect, lock });
    const pool = new pg.Pool(settings);
    pool.on('error', () => undefined);
    return { pool, cut, lock };
  });
  try {
    // Both are there before the first is asked.
    for (const { pool } of lines) await pool.query('select 1');
    for (const { pool, lock } of lines) {
      const { rows } = await pool.query<{ setting: string }>(
        `select setting from pg_settings where name = 'lock_timeout'`,
      );
      if (rows[0]?.setting !== String(lock)) return false;
    }
    return true;
  } finally {
    for (const { cut } of lines) cut();
  }
}

/** Throws ClawbackError 'config' with advice. */
export async function refuseForgetful(url: string, connect: number): Promise<void> {
  if (await keepsWhatIsSet(url, connect)) return;
  throw new ClawbackError('config', `${FORGETFUL}: ${KEEP}`, { field: 'DATABASE_URL' });
}

export const FORGETFUL =
  'what is set on a connection to the server named by DATABASE_URL does not stay with it, as behind a pooler that shares connections out by the transaction';
export const KEEP = 'set the pooler to session mode (pool_mode = session), or name the server itself in DATABASE_URL';
