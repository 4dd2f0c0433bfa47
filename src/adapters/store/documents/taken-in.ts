import { z } from 'zod';
import { documentOf } from './document.ts';

/** `incident.taken_in`: keys of the unsure groups that people took in. */
export const takenInDocument = documentOf<readonly string[]>('list of what was taken in', z.array(z.string()));
