import type { SignInProof } from '../core/ask/tally.ts';

/** A person's sign-in at Entra on our own page (OpenID Connect, authorization code with PKCE). */
export interface SignIn {
  /** The address to send the browser to. `context`: the authentication context that is needed, null for none. */
  begin(order: {
    readonly state: string;
    readonly nonce: string;
    readonly verifier: string;
    readonly context: string | null;
  }): Promise<string>;
  /**
   * Who signed in. Throws ClawbackError 'unauthorized' for an answer that is not for us, not fresh or not what was asked
   * for, and 'unavailable' when Entra cannot be asked now.
   */
  finish(answer: {
    readonly code: string;
    readonly nonce: string;
    readonly verifier: string;
    readonly context: string | null;
  }): Promise<SignedIn>;
}

export interface SignedIn {
  /** Entra object id, lower case. */
  readonly person: string;
  readonly name: string;
  readonly address: string;
  /** Null when no authentication context was asked for. */
  readonly proof: SignInProof | null;
}
