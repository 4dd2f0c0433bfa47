import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnv } from 'node:util';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { ClawbackError } from '../core/error.ts';
import { unsafe } from './rules.ts';
import { Config } from './schema.ts';
import { type Environment, readSecrets, type Secrets } from './secrets.ts';

export interface Loaded {
  readonly config: Config;
  readonly secrets: Secrets;
}

/** Reads clawback.yaml and the secrets beside it. Throws ClawbackError 'config' that names every wrong key. */
export function loadConfig(file: string, env: Environment): Loaded {
  if (!existsSync(file)) throw new ClawbackError('config', `there is no configuration file ${file}`);
  const config = parseConfig(readFileSync(file, 'utf8'), file);
  return { config, secrets: readSecrets(config, { ...readDotEnv(dirname(file)), ...env }) };
}

/** `.env` beside the configuration; what the process already has wins. */
function readDotEnv(folder: string): Environment {
  const file = join(folder, '.env');
  return existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
}

export function parseConfig(text: string, file: string): Config {
  const document = parseDocument(text, { prettyErrors: true });
  const broken = document.errors[0];
  if (broken) throw new ClawbackError('config', `${file} is not readable YAML: ${broken.message}`, { cause: broken });
  const data = plainData(document, file);
  const parsed = Config.safeParse(data);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => wordIssue(issue, data));
    throw new ClawbackError('config', `${file} cannot be used:\n  ${lines.join('\n  ')}`, { cause: parsed.error });
  }
  const problems = unsafe(parsed.data);
  if (problems.length > 0) {
    const lines = problems.map(({ key, says }) => `${key}: ${says}`);
    throw new ClawbackError('config', `${file} describes a state that is not safe to start:\n  ${lines.join('\n  ')}`);
  }
  return parsed.data;
}

/** Throws for aliases that expand without end (the parser's own limit). */
function plainData(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw new ClawbackError('config', `${file} is not readable YAML: its aliases cannot be resolved`, { cause });
  }
}

/** Key, what was found, what is allowed. */
function wordIssue(issue: z.core.$ZodIssue, data: unknown): string {
  const key = issue.path.join('.') || 'the file';
  const found = describe(valueAt(data, issue.path));
  if (issue.code === 'unrecognized_keys') return `${key}: unknown key ${issue.keys.join(', ')}`;
  return `${key}: ${issue.message} (found ${found})`;
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    data,
  );
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** For editors: the JSON Schema of clawback.yaml. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(Config, { io: 'input' });
}
