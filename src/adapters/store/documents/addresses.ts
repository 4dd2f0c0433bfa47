import { z } from 'zod';
import { documentOf } from './document.ts';

/** `decision.addresses`: those of somebody who voted. */
export const addressesDocument = documentOf<readonly string[]>('addresses of a vote', z.array(z.string()));
