import type { Loaded } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { ClawbackError } from '../core/error.ts';
import { placeholdersIn } from '../doctor/placeholders.ts';
import { isSandboxHere, NO_SANDBOX } from './sandbox-commands.ts';

/** What keeps Clawback from starting, as advice. */

/** Where there is no configuration: the ways on from here. */
export function nothingToStart(folder: string): ClawbackError {
  const ways = [
    'clawback init                   asks a few questions and writes one, for a real tenant',
    'clawback start --config <file>  where it has another name, or is elsewhere',
    `clawback sandbox                a whole tenant on this machine, without any account${isSandboxHere() ? '' : ` (${NO_SANDBOX})`}`,
  ];
  return new ClawbackError('config', `there is no clawback.yaml in ${folder}:\n  ${ways.join('\n  ')}`);
}

/** Throws for ids that `clawback init` could not know: sign-ins with them would fail one after the other. */
export function refusePlaceholders({ tenants }: Pick<Config, 'tenants'>, file: string): void {
  const waiting = tenants.flatMap((tenant, n) =>
    Object.values(placeholdersIn(tenant))
      .flat()
      .map((key) => `tenants.${n}.${key}`),
  );
  if (waiting.length > 0)
    throw new ClawbackError(
      'config',
      `${file} still has placeholders where ids belong:\n  ${waiting.join('\n  ')}\nThe comment above each says where its id is found; clawback doctor checks them`,
    );
}

/** A ClawbackError for what the world outside answered; everything else is a bug, and comes back as it is. */
export function startTrouble(error: unknown, { config }: Pick<Loaded, 'config'>): unknown {
  if (error instanceof ClawbackError || !(error instanceof Error)) return error;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return code !== undefined && (syscall === 'listen' || syscall === 'bind' || syscall === 'getaddrinfo')
    ? listenTrouble(error, code, config)
    : error;
}

function listenTrouble(cause: Error, code: string, { listen }: Config): ClawbackError {
  const { port, address } = cause as { port?: number; address?: string };
  const isMonitor = listen.monitor !== undefined && port === listen.monitor.port && port !== listen.port;
  const [key, at] = isMonitor && listen.monitor ? ['listen.monitor', listen.monitor] : ['listen', listen];
  if (typeof port !== 'number' && address !== undefined)
    return new ClawbackError('config', `the operator socket ${address} cannot be opened (${code})`, {
      cause,
      field: 'data',
    });
  const words: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${at.port} on ${at.host} is taken by another program, or by another Clawback: end that one, or set ${key}.port`,
    EACCES: `port ${at.port} is not for this user to open: set ${key}.port to one above 1023`,
    EADDRNOTAVAIL: `this machine has no address ${at.host}: correct ${key}.host`,
    ENOTFOUND: `this machine has no address ${at.host}: correct ${key}.host`,
    EAI_AGAIN: `this machine has no address ${at.host}: correct ${key}.host`,
  };
  return new ClawbackError('config', words[code] ?? `port ${at.port} on ${at.host} cannot be opened (${code})`, {
    cause,
    field: `${key}.${code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' ? 'host' : 'port'}`,
  });
}
