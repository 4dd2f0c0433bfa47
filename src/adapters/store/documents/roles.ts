import { z } from 'zod';
import { documentOf } from './document.ts';

/** `decision.roles` and `lift_vote.roles`: what somebody held who voted. */
export const rolesDocument = documentOf<readonly string[]>('roles of a vote', z.array(z.string()));
