import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { ClawbackError } from '../core/error.ts';
import { type LoadedPolicy, loadPolicy } from './policy-file.ts';
import { unsafe } from './rules.ts';
import { Config } from './schema.ts';
import { type Environment, keyFiles, readSecrets, type Secrets } from './secrets.ts';
import { parseYaml } from './yaml.ts';

export interface Loaded {
  readonly config: Config;
  readonly secrets: Secrets;
  readonly policy: LoadedPolicy;
  /** Files that hold secrets, as far as they are there: nobody else may read them. */
  readonly secretFiles: readonly string[];
}

/** Reads clawback.yaml and the secrets beside it. Throws ClawbackError 'config' that names every wrong key. */
export function loadConfig(file: string, env: Environment): Loaded {
  if (!existsSync(file)) throw new ClawbackError('config', `there is no configuration file ${file}`);
  const config = parseConfig(readFileSync(file, 'utf8'), file);
  const secrets = readSecrets(config, { ...readDotEnv(dirname(file)), ...env });
  const policy = loadPolicy(config, dirname(file));
  return { config, secrets, policy, secretFiles: [dotEnvIn(dirname(file)), ...keyFiles(secrets)].filter(existsSync) };
}

const dotEnvIn = (folder: string) => join(folder, '.env');

/** `.env` beside the configuration; what the process already has wins. */
function readDotEnv(folder: string): Environment {
  const file = dotEnvIn(folder);
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
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
