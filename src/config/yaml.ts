import { type Document, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ClawbackError } from '../core/error.ts';

/** YAML text as data of that shape. Throws ClawbackError 'config' that names every wrong key and what was found there. */
export function parseYaml<T>(
  schema: z.ZodType<T>,
  text: string,
  file: string,
  advice: (unknownKey: string) => string | null = () => null,
): T {
  const document = parseDocument(text, { prettyErrors: true });
  const broken = document.errors[0];
  if (broken) throw new ClawbackError('config', `${file} is not readable YAML: ${broken.message}`, { cause: broken });
  const data = plainData(document, file);
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => wordIssue(issue, data, advice));
  throw new ClawbackError('config', `${file} cannot be used:\n  ${lines.join('\n  ')}`, { cause: parsed.error });
}

/** Throws for aliases that expand without end (the parser's own limit). */
function plainData(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw new ClawbackError('config', `${file} is not readable YAML: its aliases cannot be resolved`, { cause });
  }
}

/** Key, what was found, what is allowed. */
function wordIssue(issue: z.core.$ZodIssue, data: unknown, advice: (key: string) => string | null): string {
  const key = issue.path.join('.') || 'the file';
  if (issue.code === 'unrecognized_keys') {
    const hints = issue.keys.flatMap((name) => advice(name) ?? []);
    return [`${key}: unknown key ${issue.keys.join(', ')}`, ...hints].join('; ');
  }
  return `${key}: ${issue.message} (found ${describe(valueAt(data, issue.path))})`;
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
  return text.length > 60 ? `${text.slice(0, 60)}\u2026` : text;
}
