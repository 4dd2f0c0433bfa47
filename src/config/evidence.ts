import { z } from 'zod';

/** What is kept of a mail itself. In a file of its own, as other parts of the configuration would be. */

const DEFAULTS = { on: true, mime: false, days: 90, headerKilobytes: 256, mimeMegabytes: 25 } as const;

export const EvidenceSettings = z
  .strictObject({
    on: z.boolean().default(DEFAULTS.on).describe('Keep the headers, once for each form of a mail.'),
    mime: z
      .boolean()
      .default(DEFAULTS.mime)
      .describe('Keep the whole message too, encrypted with CLAWBACK_<TENANT>_EVIDENCE_KEY.'),
    days: z
      .int()
      .min(1)
      .max(3_650)
      .default(DEFAULTS.days)
      .describe('Then it is deleted, or with its incident; the digests stay in the record.'),
    headerKilobytes: z.int().min(1).max(256).default(DEFAULTS.headerKilobytes).describe('Larger headers are not kept.'),
    mimeMegabytes: z.int().min(1).max(25).default(DEFAULTS.mimeMegabytes).describe('Larger messages are not kept.'),
  })
  .refine(({ on, mime }) => on || !mime, { message: 'needs on: true', path: ['mime'] })
  .default(DEFAULTS)
  .describe(
    'What is kept of a mail itself, to show later what it was. Nobody sees it but with clawback incident <id> evidence.',
  );
export type EvidenceSettings = z.infer<typeof EvidenceSettings>;
