import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { ClawbackError } from '../core/error.ts';
import { type LoadedPolicy, loadPolicy } from './policy-file.ts';
import { unsafe } from './rules.ts';
import { Config, type Tenant } from './schema.ts';
import { type Environment, keyFiles, readSecrets, type Secrets } from './secrets.ts';
import { textOf } from './text-file.ts';
import { parseYaml } from './yaml.ts';

/** What it takes to speak to a Clawback, to stop it, or to read its record: a policy that cannot be read is no hindrance. */
export interface Settings {
  readonly config: Config;
  readonly secrets: Secrets;
  /** Files that hold secrets, as far as they are there: nobody else may read them. */
  readonly secretFiles: readonly string[];
  /** `data`, before it was put into the folder of the configuration. */
  readonly dataAsWritten: string;
}

export interface Loaded extends Settings {
  readonly policy: LoadedPolicy;
}

/** `loadSettings`, and the policy that clawback.yaml names. Throws ClawbackError 'config' likewise. */
export function loadConfig(file: string, env: Environment): Loaded {
  const settings = loadSettings(file, env);
  return { ...settings, policy: loadPolicy(settings.config, dirname(resolve(file))) };
}

/**
 * Reads clawback.yaml and the secrets beside it. Throws ClawbackError 'config' that names every wrong key. Every path in it
 * is meant from its own folder: started from anywhere else, there would be a second, empty record.
 */
export function loadSettings(file: string, env: Environment): Settings {
  const folder = dirname(resolve(file));
  const parsed = parseConfig(textOf(file, 'the configuration file'), file);
  const tenants = parsed.tenants.map((tenant) => ({ ...tenant, ...onCallIn(tenant, folder) }));
  const config = { ...parsed, data: resolve(folder, parsed.data), tenants };
  const secrets = readSecrets(config, { ...readDotEnv(folder), ...env }, folder);
  return {
    config,
    secrets,
    secretFiles: [dotEnvIn(folder), ...keyFiles(secrets)].filter(existsSync),
    dataAsWritten: parsed.data,
  };
}

function onCallIn({ onCall }: Tenant, folder: string): Pick<Tenant, 'onCall'> {
  return onCall?.source === 'file' ? { onCall: { ...onCall, file: resolve(folder, onCall.file) } } : {};
}

const dotEnvIn = (folder: string) => join(folder, '.env');

/** `.env` beside the configuration; what the process already has wins. */
function readDotEnv(folder: string): Environment {
  const file = dotEnvIn(folder);
  return existsSync(file) ? parseEnv(textOf(file, 'the file with the secrets')) : {};
}

export function parseConfig(text: string, file: string): Config {
  const config = parseYaml(Config, text, file, moved);
  const problems = unsafe(config);
  if (problems.length > 0) {
    const lines = problems.map(({ key, says }) => `${key}: ${says}`);
    throw new ClawbackError('config', `${file} describes a state that is not safe to start:\n  ${lines.join('\n  ')}`);
  }
  return config;
}

/** Keys of earlier versions, with where they went. */
function moved(key: string): string | null {
  return key === 'approvals' || key === 'expiryMinutes' ? `${key} is a matter of policy.yaml now` : null;
}

/** For editors: the JSON Schema of clawback.yaml. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(Config, { io: 'input' });
}
