import { userInfo } from 'node:os';
import { operatorSocket } from '../adapters/http/operator.ts';
import { ClawbackError } from '../core/error.ts';
import type { ListFile } from '../core/tell/list-file.ts';
import { askOperator } from './operator.ts';
import { chosenTenant, configToAsk } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

/** `clawback incident <id> export [--json]`: the running Clawback writes the list, and into the record who has it. */
export async function exportList(shell: Shell, args: Arguments, incident: string): Promise<number> {
  const loaded = configToAsk(shell, args);
  if (args.tenant !== undefined) chosenTenant(loaded, args.tenant);
  const query = new URLSearchParams({
    incident,
    format: args.json ? 'json' : 'csv',
    who: `${userInfo().username} at the command line`,
    ...(args.tenant === undefined ? {} : { tenant: args.tenant }),
  });
  const socket = operatorSocket(loaded.config.data);
  const file = await askOperator<ListFile | null>(socket, `/incident/list?${query}`, { method: 'POST' });
  if (!file)
    throw new ClawbackError('not-found', `there is no list of mailboxes of ${incident}`, { field: 'incident' });
  // Whoever prints it ends the last line.
  shell.out(file.text.replace(/\n$/, ''));
  return 0;
}
