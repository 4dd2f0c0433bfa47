import { z } from 'zod';
import { SEVERITIES } from '../core/ask/quiet.ts';
import { isZone } from '../core/zone.ts';

/** Who is called first, and when nobody is. In a file of its own, as other parts of the configuration are. */

const url = () => z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });

export const OnCall = z
  .discriminatedUnion('source', [
    z.strictObject({
      source: z.literal('file'),
      file: z
        .string()
        .min(1)
        .describe('A schedule in YAML, meant from the folder of this file; read at each question.'),
    }),
    z.strictObject({
      source: z.literal('pagerduty'),
      url: url().default('https://api.pagerduty.com').describe('https://api.eu.pagerduty.com in the European region.'),
      schedules: z
        .array(z.string().regex(/^[A-Z0-9]{4,30}$/, 'must be the id of a PagerDuty schedule such as PI7DH85'))
        .min(1)
        .max(10),
    }),
  ])
  .describe('Who is called first, and alone. It never says who may decide: policy.yaml does.');

const clockTime = () => z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 22:00');

export const Quiet = z
  .strictObject({
    zone: z.string().refine(isZone, 'must be an IANA time zone such as Europe/Berlin'),
    from: clockTime(),
    until: clockTime().describe('Excluded; before `from` it means the next morning.'),
    calledFrom: z
      .enum(SEVERITIES)
      .default('critical')
      .describe('From this severity on people are called by name all the same.'),
  })
  .refine(({ from, until }) => from !== until, {
    message: 'is the same as from: that is no time at all',
    path: ['until'],
  })
  .describe(
    'Cards come as always, and nobody is called by name: that is done when these hours end, if it still waits.',
  );
