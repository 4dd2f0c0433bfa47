import { z } from 'zod';
import { documentOf } from './document.ts';

/** How far the question of an incident has come: a word of ours, which somebody may have written another one over. */
export const stateDocument = documentOf('state', z.enum(['received', 'open', 'running', 'settled', 'closed']));
