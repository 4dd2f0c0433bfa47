import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { keepFolderPrivate } from '../adapters/files/privacy.ts';
import { operatorSocket } from '../adapters/http/operator.ts';
import { type Database, openDatabase } from '../adapters/store/database.ts';
import { createStore } from '../adapters/store/store.ts';
import type { Loaded } from '../config/load.ts';
import { ClawbackError } from '../core/error.ts';
import { stop } from '../flow/brake.ts';
import { askOperator } from './operator.ts';
import { chosenTenant, configToAsk } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

interface Stopped {
  readonly tenant: string;
  readonly stopped: boolean;
}

/** `clawback stop [reason]`, with Clawback running here, running elsewhere on the same database, or not running at all. */
export async function stopAll(shell: Shell, args: Arguments): Promise<number> {
  const loaded = configToAsk(shell, args);
  if (args.tenant !== undefined) chosenTenant(loaded, args.tenant);
  const reason = args.words.join(' ') || 'no reason given';
  const who = `${userInfo().username} at the command line`;
  const query = new URLSearchParams({ who, reason, ...(args.tenant === undefined ? {} : { tenant: args.tenant }) });
  const socket = operatorSocket(loaded.config.data);
  const results = await askOperator<readonly Stopped[]>(socket, `/stop?${query}`, 'POST').catch((error: unknown) => {
    if (error instanceof ClawbackError && error.code === 'unavailable')
      return stopInDatabase(loaded, args, who, reason);
    throw error;
  });
  for (const { tenant, stopped } of results) shell.out(`${tenant}: ${stopped ? 'stopped' : 'was stopped already'}`);
  shell.out('Nothing new begins. Going on takes a quorum: /clawback lift in the chat.');
  return 0;
}

async function stopInDatabase(loaded: Loaded, args: Arguments, who: string, reason: string): Promise<Stopped[]> {
  const url = loaded.secrets.databaseUrl;
  const folder = loaded.config.data;
  if (!url) keepFolderPrivate(folder);
  const database = await openDatabase(url ? { kind: 'server', url } : { kind: 'embedded', folder });
  try {
    const results: Stopped[] = [];
    for (const tenant of loaded.config.tenants) {
      if (args.tenant !== undefined && args.tenant !== tenant.name && args.tenant !== tenant.id) continue;
      results.push({ tenant: tenant.name, stopped: await stopTenant(database, tenant, who, reason) });
    }
    return results;
  } finally {
    await database.close();
  }
}

/** Cards are redrawn by whoever runs: they fall behind their incident here. */
function stopTenant(
  database: Database,
  { id, name, mode }: Loaded['config']['tenants'][number],
  who: string,
  reason: string,
): Promise<boolean> {
  const bookkeeping = {
    tenant: { id, name, mode, slackTeam: null },
    store: createStore(database, id, { id: randomUUID, wake: () => undefined }),
    rooms: [],
    clock: { now: () => new Date().toISOString(), id: randomUUID, incidentId: () => '' },
  };
  const by = { actor: { kind: 'service', id: 'operator', name: who }, platform: 'operator', name: who } as const;
  return stop(bookkeeping, by, reason);
}
