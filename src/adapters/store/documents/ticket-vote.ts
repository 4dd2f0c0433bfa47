import { z } from 'zod';
import type { Action } from '../../../core/action/action.ts';
import type { TicketVote } from '../../../ports/accounts.ts';
import { documentOf } from './document.ts';

/** `ticket.vote`: what somebody is to sign in for. */
export const ticketVoteDocument = documentOf<TicketVote>(
  'vote of a page',
  z.strictObject({
    incident: z.string(),
    action: z.custom<Action>((name) => typeof name === 'string'),
    digest: z.string(),
    context: z.string(),
    reason: z.string().nullable(),
    channel: z.string(),
    message: z.string(),
    all: z.literal(true).optional(),
    measures: z.strictObject({ list: z.string(), of: z.string() }).optional(),
  }),
);
