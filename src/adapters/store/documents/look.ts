import { z } from 'zod';
import { ONLY } from '../../../core/intelligence/asked.ts';
import { INTELLIGENCE_SOURCES } from '../../../core/intelligence/facts.ts';
import { FINDING_KINDS } from '../../../core/intelligence/finding.ts';
import { PEOPLE_REASONS, type PeopleLook } from '../../../core/intelligence/look.ts';
import { MEASURE_KINDS } from '../../../core/measure/measure.ts';
import { SIGNAL_NAMES } from '../../../core/signal/signals.ts';
import { AFTER_SECOND, documentOf, SECOND, secondWhere } from './document.ts';

/** `people_look.body`: what was found out about the people of an incident. */

const Strength = z.enum(['weak', 'medium', 'strong']);
const Row = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).readonly();
const count = () => z.int().min(0);
const some = () => count().nullable();

const Answer = z.strictObject({
  source: z.enum(INTELLIGENCE_SOURCES),
  is: z.enum(['answered', 'not licensed', 'not permitted', 'no answer']),
  rows: count(),
  cut: z.boolean(),
  asked: count(),
  detail: z.string(),
  unresolved: z.int().min(1).optional(),
  only: z.enum(ONLY).optional(),
});

const Already = z.strictObject({
  action: z.string(),
  way: z.string(),
  trigger: z.string(),
  result: z.string(),
  mailboxes: count(),
  first: z.string(),
  last: z.string(),
});

const Finding = z.strictObject({
  kind: z.enum(FINDING_KINDS),
  person: z.string(),
  address: z.string(),
  strength: Strength,
  weight: z.number(),
  sentence: z.string(),
  sources: z.array(z.enum(INTELLIGENCE_SOURCES)).readonly(),
  at: z.string(),
  row: Row,
  measure: z
    .strictObject({
      kind: z.enum(MEASURE_KINDS),
      person: z.string(),
      address: z.string(),
      ref: z.string(),
      name: z.string(),
    })
    .nullable(),
  byHand: z.string().nullable(),
});

const OfMail = z.strictObject({
  signal: z.custom<PeopleLook['mail'][number]['signal']>((name) => SIGNAL_NAMES.some((one) => one === name)),
  strength: Strength,
  weight: z.number(),
  sentence: z.string(),
  sources: z.array(z.enum(['mail', 'exchange', 'mailbox', 'hunting', 'configuration', 'incidents'])).readonly(),
  at: z.string(),
  row: Row,
});

const Look = documentOf<PeopleLook>(
  'look at the people of an incident',
  z
    .strictObject({
      ...SECOND,
      at: z.string(),
      mailAt: z.string(),
      because: z.enum(PEOPLE_REASONS),
      people: count(),
      asked: count(),
      askedThemselves: count(),
      answers: z.array(Answer).readonly(),
      did: z.strictObject({ read: some(), clicked: some(), replied: some(), forwarded: some() }),
      already: z.array(Already).readonly().optional(),
      findings: z.array(Finding).readonly(),
      leftOut: count(),
      suspected: z.array(z.string()).readonly(),
      mail: z.array(OfMail).readonly(),
    })
    .transform(({ v: _, ...look }) => look),
  AFTER_SECOND,
);

/** Sources that are asked since the second version, beside what only that one tells. */
const SINCE_SECOND: ReadonlySet<string> = new Set(['directory events', 'post-delivery actions']);

export const lookDocument = secondWhere(
  ({ already, answers }) =>
    already !== undefined ||
    answers.some(
      ({ source, unresolved, only }) => unresolved !== undefined || only !== undefined || SINCE_SECOND.has(source),
    ),
  Look,
);
