import { z } from 'zod';
import { documentOf } from './document.ts';

/** `run.approved_by`: object ids of the people whose approvals it rests on. */
export const approvedByDocument = documentOf<readonly string[]>('list of who approved', z.array(z.string()));
