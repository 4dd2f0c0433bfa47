import { createLedgerReader, seal } from '../adapters/store/ledger.ts';
import { ClawbackError } from '../core/error.ts';
import { explain, tellIncident } from '../flow/tell/story.ts';
import { exportEvidence } from './incident-evidence.ts';
import { exportList } from './incident-list.ts';
import { fromDatabaseOrRunning } from './own-ledger.ts';
import { chosenTenant, configToAsk } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

/** `clawback incident <id> [--why]`: the story, or the reasons, with Clawback running or stopped. */
export async function incident(shell: Shell, args: Arguments): Promise<number> {
  const id = args.words[0]?.toUpperCase();
  if (!id) {
    shell.err('say which: clawback incident <id> [--why], or clawback incident <id> export [--json] > mailboxes.csv');
    return 2;
  }
  const [, what] = args.words;
  if (what === 'export') return exportList(shell, args, id);
  if (what === 'evidence') return exportEvidence(shell, args, id);
  if (what !== undefined) {
    shell.err(
      `there is no “${what}” of an incident: clawback incident <id> [--why], clawback incident <id> export, or clawback incident <id> evidence`,
    );
    return 2;
  }
  const loaded = configToAsk(shell, args);
  if (args.tenant !== undefined) chosenTenant(loaded, args.tenant);
  const wanted = loaded.config.tenants.filter(
    ({ id: tenant, name }) => args.tenant === undefined || name === args.tenant || tenant === args.tenant,
  );
  const query = new URLSearchParams({ incident: id, ...(args.tenant === undefined ? {} : { tenant: args.tenant }) });
  const lines = await fromDatabaseOrRunning<readonly string[]>(
    loaded,
    async (database) => {
      const told: string[] = [];
      for (const { id: tenant } of wanted) {
        const reader = createLedgerReader(database.db, tenant);
        told.push(...(await (args.why ? explain(reader, seal, id) : tellIncident(reader, seal, id))));
      }
      return told;
    },
    `/audit/${args.why ? 'why' : 'show'}?${query}`,
  );
  if (lines.length === 0)
    throw new ClawbackError('not-found', `the ledger holds nothing about ${id}`, { field: 'incident' });
  for (const line of args.json ? [JSON.stringify(lines)] : lines) shell.out(line);
  return 0;
}
