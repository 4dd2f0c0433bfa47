import { vendorRowsOf } from '../adapters/store/vendor-rows.ts';
import { ClawbackError } from '../core/error.ts';
import { inert } from '../core/text.ts';
import type { KeptRow } from '../ports/vendor-rows.ts';
import { fromDatabaseOrRunning } from './own-ledger.ts';
import { chosenTenant, configToAsk } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

/** `clawback source rows <incident>`: what vendors sent, as it came, with Clawback running or stopped. */
export async function showRows(shell: Shell, args: Arguments, incident: string): Promise<number> {
  const loaded = configToAsk(shell, args);
  if (args.tenant !== undefined) chosenTenant(loaded, args.tenant);
  const wanted = loaded.config.tenants.filter(
    ({ id, name }) => args.tenant === undefined || name === args.tenant || id === args.tenant,
  );
  const query = new URLSearchParams({ incident, ...(args.tenant === undefined ? {} : { tenant: args.tenant }) });
  const rows = await fromDatabaseOrRunning<readonly KeptRow[]>(
    loaded,
    async (database) => {
      const found: KeptRow[] = [];
      for (const { id } of wanted)
        found.push(...(await database.db.transaction().execute((trx) => vendorRowsOf(trx, id).of(incident))));
      return found;
    },
    `/incident/rows?${query}`,
  );
  if (rows.length === 0)
    throw new ClawbackError('not-found', `nothing that a vendor sent is kept of ${incident}`, { field: 'incident' });
  if (args.json) shell.out(JSON.stringify(rows, null, 2));
  else
    for (const { source, delivery, at, bytes, text } of rows) {
      shell.out(`${at} ${inert(source)} ${inert(delivery)} (${bytes} bytes as they came)`);
      // Control characters would speak to the terminal.
      shell.out(JSON.stringify(text));
    }
  return 0;
}
