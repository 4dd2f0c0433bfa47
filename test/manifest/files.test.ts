import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runCommand } from '../../src/cli/command.ts';
import { parseConfig } from '../../src/config/load.ts';
import { parsePolicy } from '../../src/config/policy-file.ts';
import { EXAMPLE, REPO } from './run.ts';

// biome-ignore lint/suspicious/noExplicitAny: a document that the test itself checks.
type Document = any;

describe.each(['alert', 'config', 'policy'])('the committed JSON Schema of %s', (which) => {
  it('is what clawback schema prints', async () => {
    const lines: string[] = [];
    const say = (line: string) => lines.push(line);
    await runCommand(['schema', which], {
      env: {},
      node: '24.0.0',
      folder: '.',
      out: say,
      err: say,
      stop: new AbortController().signal,
    });
    const committed = JSON.parse(readFileSync(`${REPO}/manifest/${which}.schema.json`, 'utf8'));
    expect(committed).toEqual(JSON.parse(lines.join('\n')));
  });
});

/** `tenants.graph.url` and the like, for every key that a configuration may have. */
function keysOf(schema: Document, at = ''): string[] {
  if (schema.items) return keysOf(schema.items, at);
  if (schema.oneOf) return schema.oneOf.flatMap((one: Document) => keysOf(one, at));
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => {
    const path = at === '' ? key : `${at}.${key}`;
    return [path, ...keysOf(inner, path)];
  });
}

function keysIn(value: Document, at = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => keysIn(one, at));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const path = at === '' ? key : `${at}.${key}`;
    return [path, ...keysIn(inner, path)];
  });
}

describe('clawback.example.yaml', () => {
  it('can be used as it is', () => {
    expect(parseConfig(EXAMPLE, 'clawback.example.yaml').tenants.map(({ name }) => name)).toEqual(['contoso']);
  });

  it('has every key there is', () => {
    const schema = JSON.parse(readFileSync(`${REPO}/manifest/config.schema.json`, 'utf8'));
    const every = new Set(keysOf(schema.$defs.ClawbackConfig));
    // A source that sends, as the one in the example, has no address at which it is asked.
    every.delete('tenants.sources.url');
    // The example asks PagerDuty; the other kind stands beside it as a comment.
    every.delete('tenants.onCall.file');
    expect([...new Set(keysIn(parse(EXAMPLE)))].sort()).toEqual([...every].sort());
  });
});

describe('policy.example.yaml', () => {
  it('can be used as it is, with the example of a configuration', () => {
    const config = parseConfig(EXAMPLE, 'clawback.example.yaml');
    const policy = parsePolicy(
      readFileSync(`${REPO}/manifest/policy.example.yaml`, 'utf8'),
      'policy.example.yaml',
      config,
    );
    expect(policy.rules.length).toBeGreaterThan(0);
  });
});
