import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { SignedIn } from '../../ports/sign-in.ts';

/** What an id token has to say to be believed. */
export interface Expected {
  readonly clientId: string;
  readonly issuer: string;
  readonly tenantId: string;
  readonly nonce: string;
  /** Authentication context that was asked for; null when none was. */
  readonly context: string | null;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Entra's clock and ours may differ by this much, in seconds. */
const SKEW_S = 300;
/** A time of sign-in is compared more strictly: it is what makes a step-up fresh. */
const SIGN_IN_SKEW_S = 60;
const SIGN_IN_MAX_AGE_S = 300;

/** MSAL compares the nonce too, and first. */
export const OTHER_SIGN_IN = 'the id token belongs to another sign-in';

const Claims = z.looseObject({});
const Seconds = z.int().nonnegative();
const Guid = z.guid();

/**
 * The person in the claims of an id token, or the reason why they are not believed. Every claim is checked here, whatever
 * MSAL has looked at before.
 */
export function personIn(idTokenClaims: unknown, expected: Expected): SignedIn | { readonly problem: string } {
  const claims = Claims.safeParse(idTokenClaims).data;
  if (!claims) return { problem: 'the answer holds no id token' };
  const problem =
    addresseeProblem(claims, expected) ?? timeProblem(claims, expected) ?? stepUpProblem(claims, expected);
  if (problem !== null) return { problem };
  const person = Guid.safeParse(claims['oid']);
  if (!person.success) return { problem: 'the id token names no person' };
  return {
    person: person.data.toLowerCase(),
    name: text(claims['name']),
    address: text(claims['preferred_username']),
    proof:
      expected.context === null
        ? null
        : { context: expected.context, at: new Date(Number(claims['auth_time']) * 1_000).toISOString() },
  };
}

type Claims = z.infer<typeof Claims>;

function addresseeProblem(claims: Claims, expected: Expected): string | null {
  // Entra names one audience; a list could hide a second one that we would share the token with.
  if (!isSame(claims['aud'], expected.clientId)) return 'the id token is for another application';
  if (claims['iss'] !== expected.issuer) return 'the id token is from another issuer';
  if (!isSame(claims['tid'], expected.tenantId)) return 'the id token is from another tenant';
  return isSecret(claims['nonce'], expected.nonce) ? null : OTHER_SIGN_IN;
}

function timeProblem(claims: Claims, { now }: Expected): string | null {
  const seconds = now / 1_000;
  const exp = Seconds.safeParse(claims['exp']);
  if (!exp.success) return 'the id token has no end';
  if (seconds > exp.data + SKEW_S) return 'the id token has expired';
  if (claims['nbf'] === undefined) return null;
  const nbf = Seconds.safeParse(claims['nbf']);
  return nbf.success && seconds >= nbf.data - SKEW_S ? null : 'the id token is not valid yet';
}

function stepUpProblem(claims: Claims, { context, now }: Expected): string | null {
  if (context === null) return null;
  if (![claims['acrs']].flat().includes(context))
    return `the sign-in did not satisfy the authentication context ${context}`;
  const at = Seconds.safeParse(claims['auth_time']);
  if (!at.success) return 'the id token does not say when the person signed in';
  const age = now / 1_000 - at.data;
  if (age < -SIGN_IN_SKEW_S) return 'the sign-in lies in the future';
  return age > SIGN_IN_MAX_AGE_S ? 'the sign-in is too old' : null;
}

/** GUIDs are written in either case. */
function isSame(claim: unknown, id: string): boolean {
  return typeof claim === 'string' && claim.toLowerCase() === id.toLowerCase();
}

/** Takes the same time for every wrong value. */
function isSecret(claim: unknown, secret: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return typeof claim === 'string' && secret !== '' && timingSafeEqual(digest(claim), digest(secret));
}

function text(claim: unknown): string {
  return typeof claim === 'string' ? claim : '';
}
