import { z } from 'zod';
import { configJsonSchema } from '../config/load.ts';
import { Alert } from '../core/alert.ts';
import type { Arguments, Shell } from './shell.ts';

/** Prints the JSON Schema of an alert or of the configuration file. */
export function schema(shell: Shell, { words }: Arguments): Promise<number> {
  const which = words[0];
  if (which !== 'alert' && which !== 'config') {
    shell.err('say which schema: clawback schema alert, or clawback schema config');
    return Promise.resolve(2);
  }
  shell.out(JSON.stringify(which === 'alert' ? z.toJSONSchema(Alert, { io: 'input' }) : configJsonSchema(), null, 2));
  return Promise.resolve(0);
}
