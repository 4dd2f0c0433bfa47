import { z } from 'zod';
import type { Action } from '../../../core/action/action.ts';
import type { Elsewhere } from '../../../core/incident/incident.ts';
import { documentOf } from './document.ts';

/** `incident.elsewhere`: what other incidents moved of its copies. The action may be of a newer version: its name is enough. */
export const elsewhereDocument = documentOf<readonly Elsewhere[]>(
  'list of what was moved elsewhere',
  z.array(
    z.strictObject({
      incident: z.string(),
      action: z.custom<Action>((name) => typeof name === 'string'),
      copies: z.number(),
      at: z.string(),
      kept: z.boolean().exactOptional(),
    }),
  ),
);
