import { causesLookedAt, type Flag, type FlagLook } from '../../core/flag/flag.ts';
import type { Deciding } from '../flow.ts';

/** Nobody who could look is an answer of its own, and none that there is nothing. */
export async function lookAt(
  { flagging, clock }: Deciding,
  { person, address, causes, raisedAt, containedAt }: Flag,
): Promise<FlagLook> {
  const { incidents } = causesLookedAt({ causes });
  const seen = await flagging?.findings?.look({ person, address, incidents, raisedAt, containedAt });
  return { ...(seen ?? { is: 'not configured' as const, findings: 0, unlooked: [] }), at: clock.now() };
}
