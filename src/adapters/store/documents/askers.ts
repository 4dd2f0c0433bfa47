import { z } from 'zod';
import type { Asker } from '../../../core/find/alert.ts';
import { documentOf } from './document.ts';

/** `incident.askers`: who is proven to have reported the mail or asked for its removal. */
export const askersDocument = documentOf<readonly Asker[]>(
  'list of who asked',
  z.array(
    z.strictObject({
      entraId: z.string().nullable(),
      address: z.string().nullable(),
      unproven: z.boolean().optional(),
    }),
  ),
);
