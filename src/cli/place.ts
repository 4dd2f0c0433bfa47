import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Loaded, loadConfig, loadSettings, type Settings } from '../config/load.ts';
import { ClawbackError } from '../core/error.ts';
import type { Arguments, Shell } from './shell.ts';

/** Where `clawback sandbox` keeps its tenant's files. */
export const SANDBOX_FOLDER = join('.clawback', 'sandbox');

/** The configuration named on the command line, else clawback.yaml here; null when there is none. */
export function ownConfig(shell: Shell, args: Arguments): string | null {
  if (args.config !== undefined) return resolve(shell.folder, args.config);
  const here = join(shell.folder, 'clawback.yaml');
  return existsSync(here) ? here : null;
}

/** For commands that speak to a running or stopped Clawback, whatever its policy: the own configuration, else the sandbox's. */
export function configToAsk(shell: Shell, args: Arguments): Settings {
  const file = fileToAsk(shell, args);
  return notElsewhere(loadSettings(file, shell.env), file, shell);
}

/** The same with the policy, for what is to be done as Clawback would do it. */
export function loadToAct(shell: Shell, args: Arguments): Loaded {
  return loadKnown(fileToAsk(shell, args), shell);
}

function fileToAsk(shell: Shell, args: Arguments): string {
  const file = ownConfig(shell, args) ?? join(shell.folder, SANDBOX_FOLDER, 'clawback.yaml');
  if (!existsSync(file)) {
    throw new ClawbackError(
      'config',
      'there is no clawback.yaml here, and no sandbox was started: clawback init writes the one, clawback sandbox starts the other',
    );
  }
  return file;
}

/** `loadConfig` of the file that a start names. Throws as `configToAsk`. */
export function loadKnown(file: string, shell: Shell): Loaded {
  return notElsewhere(loadConfig(file, shell.env), file, shell);
}

/** A record that an earlier version left in another folder is not passed over for a new, empty one. */
function notElsewhere<T extends Settings>(loaded: T, file: string, shell: Shell): T {
  const { config, secrets, dataAsWritten } = loaded;
  const former = resolve(shell.folder, dataAsWritten);
  const isRecord = (folder: string) => existsSync(join(folder, 'pg'));
  if (secrets.databaseUrl === null && former !== config.data && isRecord(former) && !isRecord(config.data))
    throw new ClawbackError(
      'config',
      `there is a record in ${former}, and none in ${config.data}: data: is meant from the folder of ${file} now, no more from the one that Clawback is started in. Move the record there, or set data: to where it is`,
      { field: 'data' },
    );
  return loaded;
}

/** The tenant named with --tenant, or the only one. */
export function chosenTenant({ config, secrets }: Settings, name: string | undefined) {
  const names = config.tenants.map((tenant) => tenant.name);
  const found =
    name === undefined ? config.tenants : config.tenants.filter((tenant) => tenant.name === name || tenant.id === name);
  const tenant = found[0];
  if (!tenant)
    throw new ClawbackError('config', `there is no tenant ${name ?? ''}; configured: ${names.join(', ')}`, {
      field: 'tenant',
    });
  if (found.length > 1)
    throw new ClawbackError('config', `say which tenant with --tenant: ${names.join(', ')}`, { field: 'tenant' });
  return { tenant, secrets: secrets.tenants[tenant.id] };
}
