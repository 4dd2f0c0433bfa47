import { amountOfAll, askedFor } from '../../core/tell/campaign-view.ts';
import { amountOf } from '../../core/tell/effect.ts';
import type { SignInVote } from '../../core/tell/page-words.ts';
import type { TicketVote } from '../../ports/accounts.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { factsOf } from '../tell/facts.ts';

/**
 * What a vote on the sign-in page is for, as it is stored at this moment. Only to be read: whether the vote counts is
 * decided, and looked at anew, where every press is.
 */
export async function asksFor(flow: Deciding, tx: Tx, vote: TicketVote): Promise<SignInVote> {
  const { action, incident, digest, reason, all } = vote;
  const asked = { is: 'vote', action, incident, digest } as const;
  const facts = await factsOf(flow, tx, incident);
  if (!facts?.plan) return { ...asked, about: null };
  const { subject, sender } = facts.incident.alert.message;
  if (all) {
    const isSame = facts.campaign?.digest === digest;
    const amount = amountOfAll(askedFor(facts, action), action);
    return { ...asked, about: isSame ? { subject, sender, amount, reason } : null };
  }
  if (facts.incident.planDigest !== digest) return { ...asked, about: null };
  return { ...asked, about: { subject, sender, amount: amountOf(facts, action), reason } };
}
