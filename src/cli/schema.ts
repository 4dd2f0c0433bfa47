import { z } from 'zod';
import { configJsonSchema } from '../config/load.ts';
import { policyJsonSchema } from '../config/policy-file.ts';
import { Alert } from '../core/find/alert.ts';
import type { Arguments, Shell } from './shell.ts';

const SCHEMAS: ReadonlyMap<string, () => unknown> = new Map([
  ['alert', () => z.toJSONSchema(Alert, { io: 'input' })],
  ['config', configJsonSchema],
  ['policy', policyJsonSchema],
]);

/** Prints the JSON Schema of an alert, of the configuration or of the policy. */
export function schema(shell: Shell, { words }: Arguments): Promise<number> {
  const made = SCHEMAS.get(words[0] ?? '');
  if (!made) {
    shell.err('say which schema: clawback schema alert, clawback schema config, or clawback schema policy');
    return Promise.resolve(2);
  }
  shell.out(JSON.stringify(made(), null, 2));
  return Promise.resolve(0);
}
