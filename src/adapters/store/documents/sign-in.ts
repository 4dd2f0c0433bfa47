import { z } from 'zod';
import type { SignInProof } from '../../../core/ask/tally.ts';
import { documentOf } from './document.ts';

export const StoredSignIn = z.strictObject({ context: z.string(), at: z.string() }) satisfies z.ZodType<SignInProof>;

/** `decision.sign_in`: the sign-in behind a vote. */
export const signInDocument = documentOf<SignInProof>('sign-in of a vote', StoredSignIn);
