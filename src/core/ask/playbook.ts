import { z } from 'zod';
import { MEASURE_KINDS } from '../measure/measure.ts';
import { When } from './condition.ts';

/** Measures that are asked for together, by a name. */
export const Playbook = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{2,40}$/, 'must be lower-case letters, digits and dashes'),
  measures: z.array(z.enum(MEASURE_KINDS)).min(1).max(MEASURE_KINDS.length),
  when: When.pick({ verdict: true, severity: true }).optional().describe('Left out: for every mail.'),
});
