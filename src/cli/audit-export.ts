import { createLedgerReader } from '../adapters/store/ledger.ts';
import { ClawbackError } from '../core/error.ts';
import type { SealedEntry } from '../core/record/ledger.ts';
import { fromDatabaseOrRunning } from './own-ledger.ts';
import { chosenTenant, configToAsk } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

const ENTRIES_AT_ONCE = 2_000;

interface Page {
  readonly head: { readonly seq: number };
  readonly rows: readonly SealedEntry[];
}

/**
 * `clawback audit export`: every sealed entry of one tenant and what opens it, one a line, with Clawback running or stopped.
 * Fails where one is missing: what is kept elsewhere has to be all of it.
 */
export async function exportRecord(shell: Shell, args: Arguments): Promise<number> {
  const loaded = configToAsk(shell, args);
  const { tenant } = chosenTenant(loaded, args.tenant);
  let last = 0;
  let missing: number | null = null;
  /** Answers whether there may be more. */
  const write = ({ head, rows }: Page): boolean => {
    for (const { seq, bytes, hash, opened = null } of rows) {
      if (seq !== last + 1) missing ??= last + 1;
      shell.out(JSON.stringify({ seq, bytes, hash, opened }));
      last = seq;
    }
    if (rows.length === 0 && last < head.seq) missing ??= last + 1;
    return rows.length > 0;
  };
  for (let more = true; more; ) {
    const path = `/audit/entries?${new URLSearchParams({ tenant: tenant.id, after: String(last) })}`;
    const [page] = await fromDatabaseOrRunning<readonly Page[]>(
      loaded,
      async (database) => {
        // All of it at once: each opening of the embedded database takes a second.
        const reader = createLedgerReader(database.db, tenant.id);
        const next = async () => ({ head: await reader.head(), rows: await reader.read(last, ENTRIES_AT_ONCE) });
        for (let read = await next(); ; read = await next()) if (!write(read)) return [read];
      },
      path,
    );
    if (!page) throw new ClawbackError('unavailable', 'the running Clawback was started without this tenant');
    more = write(page);
  }
  if (missing === null) return 0;
  throw new ClawbackError(
    'unavailable',
    `entry ${missing} of the record is missing: what was written is not all of it`,
  );
}
