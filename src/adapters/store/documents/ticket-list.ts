import { z } from 'zod';
import type { TicketList } from '../../../ports/accounts.ts';
import { documentOf } from './document.ts';

/** `ticket.list`: which list somebody is to sign in for. */
export const ticketListDocument = documentOf<TicketList>(
  'list of a page',
  z.strictObject({ incident: z.string(), digest: z.string(), reason: z.string().nullable() }),
);
