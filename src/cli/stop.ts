import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { keepFolderPrivate } from '../adapters/files/privacy.ts';
import { operatorSocket } from '../adapters/http/operator.ts';
import { type Database, openDatabase } from '../adapters/store/database.ts';
import { freshSalt } from '../adapters/store/ledger.ts';
import { createStore } from '../adapters/store/store.ts';
import type { Settings } from '../config/load.ts';
import { ClawbackError } from '../core/error.ts';
import { MAX_REASON, stop } from '../flow/decide/brake.ts';
import { writeStopFile } from '../stop-file.ts';
import { askOperator, orWhyBusy } from './operator.ts';
import { chosenTenant, configToAsk } from './place.ts';
import type { Arguments, Shell } from './shell.ts';

interface Stopped {
  readonly tenant: string;
  readonly stopped: boolean;
}

interface Order {
  readonly tenant: string | undefined;
  readonly who: string;
  readonly reason: string;
}

/** Somebody waits for this, and has another way left. */
const WITHIN_MS = 15_000;

/**
 * `clawback stop [reason]`, with Clawback running here, running elsewhere on the same database, frozen, or not running at
 * all. Whatever fails, the stop file is left.
 */
export async function stopAll(shell: Shell, args: Arguments): Promise<number> {
  const loaded = configToAsk(shell, args);
  if (args.tenant !== undefined) chosenTenant(loaded, args.tenant);
  const order: Order = {
    tenant: args.tenant,
    who: `${userInfo().username} at the command line`,
    reason: args.words.join(' ').slice(0, MAX_REASON) || 'no reason given',
  };
  try {
    const results = await askToStop(loaded, order).catch((error: unknown) => {
      if (!(error instanceof ClawbackError) || error.code !== 'unavailable') throw error;
      return inTime(orWhyBusy(stopInDatabase(loaded, order), error), error);
    });
    for (const { tenant, stopped } of results) shell.out(`${tenant}: ${stopped ? 'stopped' : 'was stopped already'}`);
    shell.out('Nothing new begins. Going on takes a quorum: /clawback lift in the chat.');
    return 0;
  } catch (error) {
    return leaveStopFile(shell, loaded, order, error);
  }
}

async function askToStop({ config }: Settings, { tenant, who, reason }: Order): Promise<readonly Stopped[]> {
  const query = new URLSearchParams({ who, reason, ...(tenant === undefined ? {} : { tenant }) });
  const asked = { method: 'POST', withinMs: WITHIN_MS } as const;
  const results = await askOperator<readonly Stopped[]>(operatorSocket(config.data), `/stop?${query}`, asked);
  if (results.length > 0) return results;
  throw new ClawbackError('unavailable', 'the running Clawback was started without this tenant');
}

function inTime<T>(work: Promise<T>, otherwise: Error): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_resolve, reject) => setTimeout(() => reject(otherwise), WITHIN_MS).unref()),
  ]);
}

/** Answers the exit code: others on the same server read their own folder, and hear of it only through the database. */
function leaveStopFile(shell: Shell, { config, secrets }: Settings, { who, reason }: Order, why: unknown): number {
  shell.err(`clawback: ${why instanceof Error ? why.message : String(why)}`);
  const file = writeStopFile(config.data, `${who}: ${reason}`);
  shell.out(`${file} is left: the Clawback of this folder reads it before each step, and stops every tenant.`);
  if (secrets.databaseUrl !== null) {
    shell.out('One that runs elsewhere on the same database goes on until this one can write there: stop it as well.');
    return 1;
  }
  shell.out('Nothing new begins. To go on, take the file away; then it takes a quorum: /clawback lift in the chat.');
  return 0;
}

async function stopInDatabase(loaded: Settings, { tenant: named, who, reason }: Order): Promise<Stopped[]> {
  const url = loaded.secrets.databaseUrl;
  const folder = loaded.config.data;
  if (!url) keepFolderPrivate(folder);
  const database = await openDatabase(url ? { kind: 'server', url } : { kind: 'embedded', folder });
  try {
    const results: Stopped[] = [];
    for (const tenant of loaded.config.tenants) {
      if (named !== undefined && named !== tenant.name && named !== tenant.id) continue;
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
  { id, name, mode }: Settings['config']['tenants'][number],
  who: string,
  reason: string,
): Promise<boolean> {
  const bookkeeping = {
    tenant: { id, name, mode },
    store: createStore(database, id, { id: randomUUID, salt: freshSalt, wake: () => undefined }),
    rooms: [],
    clock: { now: () => new Date().toISOString(), id: randomUUID, incidentId: () => '' },
  };
  const by = { actor: { kind: 'service', id: 'operator', name: who }, platform: 'operator', name: who } as const;
  return stop(bookkeeping, by, reason);
}
