import { z } from 'zod';
import type { Ticket } from '../../../ports/accounts.ts';
import { documentOf } from './document.ts';
import { StoredSignIn } from './sign-in.ts';

/** `ticket.signed_in`: who signed in on its page. */
export const ticketSignInDocument = documentOf<NonNullable<Ticket['signedIn']>>(
  'sign-in on a page',
  z.strictObject({ person: z.string(), name: z.string(), proof: StoredSignIn.nullable() }),
);
