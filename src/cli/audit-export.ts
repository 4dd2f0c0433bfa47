import { createLedgerReader } from '../adapters/store/ledger.ts';
import type { SealedEntry } from '../core/ledger.ts';
import { fromDatabaseOrRunning } from './own-ledger.ts';
import { chosenTenant, configToAsk } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

const ENTRIES_AT_ONCE = 2_000;

/** `clawback audit export`: every sealed entry of one tenant, one a line, with Clawback running or stopped. */
export async function exportRecord(shell: Shell, args: Arguments): Promise<number> {
  const loaded = configToAsk(shell, args);
  const { tenant } = chosenTenant(loaded, args.tenant);
  let last = 0;
  const write = (rows: readonly SealedEntry[]) => {
    for (const { seq, bytes, hash } of rows) {
      shell.out(JSON.stringify({ seq, bytes, hash }));
      last = seq;
    }
    return rows.length;
  };
  for (;;) {
    const path = `/audit/entries?${new URLSearchParams({ tenant: tenant.id, after: String(last) })}`;
    const answer = await fromDatabaseOrRunning<readonly { readonly rows: readonly SealedEntry[] }[]>(
      loaded,
      async (database) => {
        // All of it at once: each opening of the embedded database takes a second.
        const reader = createLedgerReader(database.db, tenant.id);
        while (write(await reader.read(last, ENTRIES_AT_ONCE)) > 0);
        return [];
      },
      path,
    );
    if (write(answer[0]?.rows ?? []) === 0) return 0;
  }
}
