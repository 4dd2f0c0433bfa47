import { z } from 'zod';
import { ClawbackError } from '../../core/error.ts';
import { createTokenSource, type TokenSource, type TokenSourceOptions } from './token.ts';

/** What asking for one token showed. */
export interface TokenFacts {
  readonly outcome: 'given' | 'refused' | 'unreachable';
  /** Milliseconds since 1970; null without a token. */
  readonly expiresAt: number | null;
  /** Application permissions in the token. */
  readonly roles: readonly string[];
  /** The number after AADSTS of a refusal; 0 when there is none. */
  readonly number: number;
  readonly detail: string;
}

const Problem = z.object({ errorNo: z.coerce.number().catch(0) });

/** Asks for one fresh token, without any cache. Never throws for what Entra or the network answers. */
export async function probeToken(
  options: Omit<TokenSourceOptions, 'cache' | 'health'>,
): Promise<{ readonly facts: TokenFacts; readonly source: TokenSource }> {
  const source = createTokenSource(options);
  try {
    await source.token();
    const facts: TokenFacts = {
      outcome: 'given',
      expiresAt: source.expiresAt(),
      roles: source.roles(),
      number: 0,
      detail: '',
    };
    return { facts, source };
  } catch (error) {
    if (!(error instanceof ClawbackError)) throw error;
    const number = Problem.safeParse(error.cause).data?.errorNo ?? 0;
    const refused = error.code === 'config' || number > 0;
    const outcome = refused ? 'refused' : 'unreachable';
    return { facts: { outcome, expiresAt: null, roles: [], number, detail: error.message }, source };
  }
}
