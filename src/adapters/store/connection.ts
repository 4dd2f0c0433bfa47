import net from 'node:net';
import pg from 'pg';

/** How long one conversation with PostgreSQL may be silent, in milliseconds. */
export interface Patience {
  /** Until there is a connection: a new one, or one that somebody else gives back. */
  readonly connect: number;
  /** Until another transaction lets go of a row. */
  readonly lock: number;
  /** Between two statements of a transaction. */
  readonly idleInTransaction: number;
  /** The server's: a statement that takes longer is given up there, and the connection stays good. */
  readonly statement: number;
  /** Ours: nothing at all came back. The connection is given up, because nobody knows what has become of it. */
  readonly silence: number;
}

/**
 * `lock` is below `idleInTransaction`: when a process freezes in the middle of a transaction, those of its own that wait
 * for the same row give up before the server ends the first, so that the row goes to somebody who is alive. Both are
 * well below the 5 s in which another process has to answer. No transaction waits for a network: milliseconds are usual.
 * `silence` is above `statement`: the server has the first word.
 */
export const PATIENCE: Patience = {
  connect: 10_000,
  lock: 2_000,
  idleInTransaction: 2_500,
  statement: 10_000,
  silence: 12_000,
};

/** The queue changes its tables at a start, and other processes wait for that; none of its rows are fought over. */
export const QUEUE_PATIENCE: Patience = { ...PATIENCE, lock: 8_000 };

/** An index over a million rows takes as long as it takes; another process that starts meanwhile waits for it. */
export const MIGRATION_PATIENCE: Patience = {
  connect: 10_000,
  lock: 120_000,
  idleInTransaction: 120_000,
  statement: 0,
  silence: 600_000,
};

/** A peer that is gone is noticed on an idle connection after 20 s: Node asks each second, ten times. */
const KEEP_ALIVE_AFTER_MS = 10_000;

export interface Connections {
  readonly settings: pg.PoolConfig;
  /** Ends every connection that is still open, whatever its server does. */
  cut(): void;
}

/** Done with each new connection before anything else is asked over it. */
export type Greeting = (client: Pick<pg.ClientBase, 'query'>) => Promise<void>;

/** Settings for a pool whose connections end when their time is up, and never with the process. */
export function connectionsTo(
  url: string,
  max: number,
  patience: Patience,
  greet: Greeting = () => Promise.resolve(),
): Connections {
  const sockets = new Set<net.Socket>();
  const socket = () => {
    const made = new net.Socket();
    sockets.add(made);
    made.once('close', () => sockets.delete(made));
    // Of the socket and not of the query: pg would answer the caller and keep the dead connection for the next one.
    made.setTimeout(patience.silence, () =>
      made.destroy(new Error(`PostgreSQL was silent for ${patience.silence / 1_000} s`)),
    );
    return made;
  };
  const settings: pg.PoolConfig & { Client: typeof pg.Client } = {
    connectionString: url,
    max,
    Client: CalmClient,
    stream: socket,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_AFTER_MS,
    connectionTimeoutMillis: patience.connect,
    onConnect: async (client) => {
      await setPatience(client, patience);
      await greet(client);
    },
  };
  return {
    settings,
    cut() {
      for (const open of sockets) open.destroy();
    },
  };
}

/** Asked for, and not sent with the sign-in: a pooler refuses there what it does not know, or drops it without a word. */
export async function setPatience(client: Pick<pg.ClientBase, 'query'>, patience: Patience): Promise<void> {
  await client.query(
    `select set_config('lock_timeout', '${patience.lock}', false),
            set_config('idle_in_transaction_session_timeout', '${patience.idleInTransaction}', false),
            set_config('statement_timeout', '${patience.statement}', false)`,
  );
}

/**
 * A connection that is cut says so twice: the query under way fails, and the client emits an error. The pool listens to
 * that only while nobody uses the client; unheard, it ends the process.
 */
class CalmClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
