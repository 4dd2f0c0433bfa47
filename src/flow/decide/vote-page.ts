import { isUndo } from '../../core/action/action.ts';
import { blastRadius } from '../../core/find/plan.ts';
import { canBeRestored } from '../../core/tell/case.ts';
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
  const { action, incident, digest, reason } = vote;
  const asked = { is: 'vote', action, incident, digest } as const;
  const facts = await factsOf(flow, tx, incident);
  if (!facts?.plan || facts.incident.planDigest !== digest) return { ...asked, about: null };
  const { plan } = facts;
  const { subject, sender } = facts.incident.alert.message;
  const { copies, mailboxes } = blastRadius(plan.copies);
  const many = isUndo(action) ? { copies: canBeRestored(facts), mailboxes: null } : { copies, mailboxes };
  return { ...asked, about: { ...many, subject, sender, isDryRun: plan.mode === 'dry-run', reason } };
}
