import type { MessagePort } from 'node:worker_threads';
import type { PGlite, Transaction } from '@electric-sql/pglite';
import { openDurable } from './pglite-files.ts';
import type { Asked, Told } from './pglite-words.ts';

/** What the thread of the embedded database does with each question; it knows no thread, only whom it answers. */

const transactions = new Map<number, { readonly tx: Transaction; readonly end: (commit: boolean) => Promise<void> }>();

/** An error that crosses over keeps its words and loses all else: what it says besides goes along. */
function failed(id: number, error: unknown): Told {
  const { name, message, stack, ...fields } = error instanceof Error ? { ...error, ...basics(error) } : basics(error);
  return { id, failed: { name, message, stack, fields: plain(fields) } };
}

function basics(error: unknown) {
  return error instanceof Error
    ? { name: error.name, message: error.message, stack: error.stack }
    : { name: 'Error', message: String(error), stack: undefined };
}

function plain(fields: object): Record<string, string | number | boolean> {
  const simple = Object.entries(fields).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value));
  return Object.fromEntries(simple) as Record<string, string | number | boolean>;
}

class TakenBack extends Error {}

async function begin(pglite: PGlite, id: number): Promise<void> {
  const begun = Promise.withResolvers<void>();
  const ending = Promise.withResolvers<void>();
  const ended = pglite.transaction(async (tx) => {
    transactions.set(id, {
      tx,
      async end(commit) {
        transactions.delete(id);
        if (commit) ending.resolve();
        else ending.reject(new TakenBack());
        await ended.catch((error: unknown) => {
          if (!(error instanceof TakenBack)) throw error;
        });
      },
    });
    begun.resolve();
    await ending.promise;
  });
  // Where it cannot even begin.
  ended.catch(begun.reject);
  await begun.promise;
}

async function answer(pglite: PGlite, asked: Asked): Promise<unknown> {
  switch (asked.what) {
    case 'begin':
      return begin(pglite, asked.transaction);
    case 'end':
      return transactions.get(asked.transaction)?.end(asked.commit);
    case 'close':
      return pglite.close();
    case 'ping':
      return null;
    case 'query':
    case 'exec': {
      const own = asked.transaction === null ? pglite : transactions.get(asked.transaction)?.tx;
      if (!own) throw new Error('the transaction is over');
      if (asked.what === 'exec') return own.exec(asked.sql);
      return own.query(asked.sql, [...asked.parameters], asked.options);
    }
  }
}

export interface Given {
  readonly folder: string;
  readonly syncs: SharedArrayBuffer;
}

/** Opens the database and answers whoever is at the other end, until it is asked to close. */
export async function serve(port: MessagePort, { folder, syncs }: Given): Promise<void> {
  const tell = (told: Told) => port.postMessage(told);
  try {
    const pglite = await openDurable(folder, new Int32Array(syncs));
    port.on('message', (asked: Asked) => {
      answer(pglite, asked).then(
        (value) => {
          tell({ id: asked.id, value });
          // Nothing is left to listen for: the thread ends.
          if (asked.what === 'close') port.close();
        },
        (error: unknown) => tell(failed(asked.id, error)),
      );
    });
    tell({ id: 0, value: null });
  } catch (error) {
    tell(failed(0, error));
  }
}
