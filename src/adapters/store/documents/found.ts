import { z } from 'zod';
import { Criteria } from '../../../core/find/criteria.ts';
import type { Found, SeekStatus } from '../../../core/find/found.ts';
import type { Sought } from '../../../ports/seeker.ts';
import { documentOf } from './document.ts';

/** `inquiry.criteria`: what was looked for. */
export const criteriaDocument = documentOf<Criteria>('search of a person', Criteria);

const text = () => z.string().nullable();
const STATUS = [
  'answered',
  'off',
  'cannot say',
  'not licensed',
  'not permitted',
  'refused',
  'busy',
  'silent',
] as const satisfies readonly SeekStatus[];

const DELIVERY = { recipient: z.string(), recipientId: text(), networkMessageId: text(), at: text(), where: text() };
const MAIL = { internetMessageId: text(), sender: text(), subject: text() };

/** `inquiry_answer.sought`: what a service answered to one question. */
export const soughtDocument = documentOf<Sought>(
  'answer of a service',
  z.object({
    status: z.enum(STATUS),
    hits: z.array(z.object({ ...DELIVERY, ...MAIL, likelyId: text().default(null) })),
    cutAt: z.number().nullable(),
    requestId: z.string(),
    detail: z.string(),
    waitMs: z.number().nullable(),
    apart: z.array(z.object({ what: z.string(), count: z.number() })).default([]),
  }),
);

const Told = z.discriminatedUnion('is', [
  z.object({
    is: z.literal('known'),
    people: z.array(z.string()),
    times: z.number(),
    cut: z.boolean(),
    followed: z.number().exactOptional(),
  }),
  z.object({ is: z.literal('nothing') }),
  z.object({ is: z.literal('nothing in part'), part: z.string() }),
  z.object({ is: z.literal('not yet') }),
  z.object({ is: z.literal('not licensed') }),
  z.object({ is: z.literal('not permitted') }),
  z.object({ is: z.literal('not asked'), why: z.string() }),
]);

/** `inquiry.found`: what came of it. */
export const foundDocument = documentOf<Found>(
  'answer to a search',
  z.object({
    criteria: Criteria,
    asOf: z.string(),
    coverage: z.array(
      z.object({
        name: z.string(),
        status: z.enum(STATUS),
        from: text(),
        until: text(),
        found: z.number(),
        cutAt: z.number().nullable(),
        detail: z.string(),
      }),
    ),
    mails: z.array(
      z.object({
        key: z.string(),
        digest: z.string(),
        ...MAIL,
        networkMessageIds: z.array(z.string()),
        first: text(),
        last: text(),
        copies: z.array(z.object({ ...DELIVERY, by: z.array(z.string()) })),
        exposure: z.object({ read: Told, clicked: Told, replied: Told, forwarded: Told, moved: Told }),
      }),
    ),
    mailsLeft: z.number(),
    copiesLeft: z.number(),
    unnamed: z.number().default(0),
  }),
);
