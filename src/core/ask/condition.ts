import { z } from 'zod';
import { POLICY_ACTIONS } from '../action/action.ts';
import { MEASURE_KINDS } from '../measure/measure.ts';
import { isZone } from '../zone.ts';

/** What a rule looks at before it speaks: every condition has to hold, and one that is left out holds always. */

const range = (max: number) =>
  z
    .strictObject({ atLeast: z.number().min(0).max(max).optional(), atMost: z.number().min(0).max(max).optional() })
    .refine(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined, {
      message: 'needs atLeast or atMost',
    })
    .refine(({ atLeast, atMost }) => atLeast === undefined || atMost === undefined || atLeast <= atMost, {
      message: 'is empty: atLeast is above atMost',
    });
export type Range = { readonly atLeast?: number | undefined; readonly atMost?: number | undefined };

export const roleName = () =>
  z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be lower-case letters, digits and dashes, beginning with a letter');

/** Is recorded and hashed: PostgreSQL refuses U+0000, canonical JSON half characters. */
export const words = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u, 'must not hold control characters or half characters');

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const clockTime = () => z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 08:30');

/** What a rule can speak about: what is done to mail, and what is done about people. */
export const POLICY_WORDS = [...POLICY_ACTIONS, ...MEASURE_KINDS] as const;

export const When = z.strictObject({
  action: z.array(z.enum(POLICY_WORDS)).min(1),
  mode: z
    .array(z.enum(['live', 'dry-run']))
    .min(1)
    .optional()
    .describe('Whether the tenant really acts.'),
  tenant: z.array(words(80)).min(1).optional().describe('Names from clawback.yaml.'),
  copies: range(1_000_000).optional(),
  mailboxes: range(1_000_000).optional(),
  share: range(1).optional().describe('Part of the tenant’s mailboxes, 0 to 1. Unknown counts as all of them.'),
  vip: range(1_000_000).optional().describe('How many of the mailboxes are VIPs.'),
  protected: range(1_000_000).optional().describe('How many are in a protected set that may be touched.'),
  legalHold: range(1_000_000).optional().describe('How many are under legal hold.'),
  confidence: range(100).optional().describe('Of the alert, 0 to 100. An alert that does not say counts as 0.'),
  source: z
    .array(words(80))
    .min(1)
    .optional()
    .describe(
      'Names of sources in clawback.yaml, intake, search (mail that somebody looked for), or sent-inside (mail that an account sent to people inside); what an alert calls itself does not count.',
    ),
  verdict: z
    .array(z.enum(['phishing', 'bec', 'malware', 'spam', 'suspicious']))
    .min(1)
    .optional(),
  severity: z
    .array(z.enum(['low', 'medium', 'high', 'critical']))
    .min(1)
    .optional(),
  time: z
    .strictObject({
      zone: z.string().refine(isZone, 'must be an IANA time zone such as Europe/Berlin').default('UTC'),
      days: z
        .array(z.enum(DAYS))
        .min(1)
        .default([...DAYS]),
      from: clockTime().default('00:00'),
      to: z
        .string()
        .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time of day such as 17:30')
        .default('24:00')
        .describe('Excluded; before `from` it means the next morning.'),
    })
    .optional(),
});
