import type { SignedIn, SignIn } from '../../src/ports/sign-in.ts';

/** Entra's sign-in page in memory: whoever the test says signs in. It insists on its own nonce and verifier. */

export const PAGE = 'https://clawback.example/sign-in/';

export interface FakeSignIn extends SignIn {
  /** When the person typed the password, ISO time. */
  readonly at: string;
  /** From now on this person signs in; `context` in place of the one that is asked for. */
  signsIn(who: { readonly entraId: string; readonly name: string; readonly address: string }, context?: string): void;
  /** The next answer is this failure. */
  fails(error: Error): void;
}

export function createFakeSignIn(at = '2026-11-20T08:00:00.000Z'): FakeSignIn {
  let who: Omit<SignedIn, 'proof'> | null = null;
  let given: string | undefined;
  let failure: Error | null = null;
  const begun = new Map<string, string>();
  return {
    at,
    signsIn({ entraId, name, address }, context) {
      who = { person: entraId, name, address };
      given = context;
    },
    fails(error) {
      failure = error;
    },
    begin({ state, nonce, verifier, context }) {
      begun.set(nonce, verifier);
      return Promise.resolve(`https://login.example/authorize?state=${state}&context=${context ?? 'none'}`);
    },
    finish({ nonce, verifier, context }) {
      const problem = failure ?? (begun.get(nonce) === verifier ? null : new Error('not the sign-in that was begun'));
      failure = null;
      if (problem || !who) return Promise.reject(problem ?? new Error('nobody signs in'));
      return Promise.resolve({ ...who, proof: context === null ? null : { context: given ?? context, at } });
    },
  };
}
