import { z } from 'zod';

/** A fresh sign-in that approvals take. */
export const stepUp = () =>
  z
    .string()
    .regex(/^c([1-9]|[1-9]\d)$/, 'must be an authentication context c1 to c99')
    .describe('Each approval needs a fresh sign-in with this Entra authentication context.');

const nth = (context: string) => Number(context.slice(1));

/** Of several the one with the highest number; null for none. */
export function strictest(contexts: readonly (string | null)[]): string | null {
  return contexts.reduce<string | null>(
    (last, one) => (one !== null && (last === null || nth(one) > nth(last)) ? one : last),
    null,
  );
}
