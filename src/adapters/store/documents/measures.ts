import { z } from 'zod';
import type { MeasureTerms } from '../../../core/ask/measure-terms.ts';
import type { MeasureList } from '../../../core/find/measure-list.ts';
import { ANSWERED_BY_HAND } from '../../../core/intelligence/unwritten.ts';
import { BARS } from '../../../core/measure/barred.ts';
import { HAND_KINDS } from '../../../core/measure/by-hand.ts';
import { UNFITS } from '../../../core/measure/hand-line.ts';
import { type Image, MEASURE_KINDS } from '../../../core/measure/measure.ts';
import { AFTER_SECOND, documentOf, SECOND, secondWhere } from './document.ts';

const Terms = z.strictObject({
  rules: z.array(z.string()),
  seats: z.array(z.strictObject({ role: z.string(), count: z.int() })),
  expiryMinutes: z.number(),
  reason: z.boolean(),
  stepUp: z.string().nullable(),
}) satisfies z.ZodType<MeasureTerms>;

const WANTED_BY_HAND = [...HAND_KINDS, ...ANSWERED_BY_HAND] as const;

const List = documentOf<MeasureList>(
  'list of measures',
  z
    .strictObject({
      ...SECOND,
      id: z.string(),
      incident: z.string(),
      at: z.string(),
      until: z.string(),
      mode: z.enum(['live', 'dry-run']),
      policy: z.string(),
      playbook: z.string().nullable(),
      asker: z.strictObject({ person: z.string(), name: z.string() }),
      reason: z.string(),
      measures: z.array(
        z.strictObject({
          kind: z.enum(MEASURE_KINDS),
          person: z.string(),
          address: z.string(),
          ref: z.string(),
          name: z.string(),
          n: z.int(),
          terms: Terms.nullable(),
          barred: z.strictObject({ why: z.enum(BARS), detail: z.string() }).nullable(),
          flipsBack: z.boolean(),
          rolesUnseen: z.string().optional(),
        }),
      ),
      left: z.int(),
      byHand: z.array(z.strictObject({ address: z.string(), line: z.string(), isFound: z.boolean() })),
      unwritten: z
        .array(z.strictObject({ address: z.string(), what: z.enum(WANTED_BY_HAND), why: z.enum(UNFITS) }))
        .min(1)
        .optional(),
      salt: z.string(),
    })
    .transform(({ v: _, unwritten, ...list }) => (unwritten ? { ...list, unwritten } : list)),
  AFTER_SECOND,
);

/**
 * `measure_list.list`: what people are asked about. Its digest is in the record. Version 2 tells as well what could not be written
 * as a line, and whose roles were not all looked at; where there is nothing of that kind it stands as it always did.
 */
export const measureListDocument = secondWhere(
  ({ measures, unwritten }) => unwritten !== undefined || measures.some(({ rolesUnseen }) => rolesUnseen !== undefined),
  List,
);

/** `measure_image.image`: as the service gave it. */
export const imageDocument = documentOf<Image>('image of a measure', z.record(z.string(), z.unknown()));
