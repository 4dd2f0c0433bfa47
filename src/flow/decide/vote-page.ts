import { aboutNow, type Purpose } from '../../core/record/measures-now.ts';
import { amountOfAll, askedFor } from '../../core/tell/campaign-view.ts';
import { amountOf } from '../../core/tell/effect.ts';
import type { SignInVote } from '../../core/tell/page-words.ts';
import type { TicketVote } from '../../ports/accounts.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { knownList } from '../record/measures.ts';
import { factsOf } from '../tell/facts.ts';

/**
 * What a vote on the sign-in page is for, as it is stored at this moment. Only to be read: whether the vote counts is
 * decided, and looked at anew, where every press is.
 */
export async function asksFor(flow: Deciding, tx: Tx, vote: TicketVote): Promise<SignInVote> {
  const { action, incident, digest, reason, all, measures } = vote;
  const asked = { is: 'vote', action, incident, digest } as const;
  if (measures) return { ...asked, ...(await measuresAsked(flow, tx, vote, measures)) };
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

async function measuresAsked(
  flow: Deciding,
  tx: Tx,
  { digest, reason }: TicketVote,
  { list: id, of }: NonNullable<TicketVote['measures']>,
): Promise<Pick<SignInVote, 'about' | 'measures'>> {
  const known = await knownList(flow.hash, tx, id);
  const isSame = known.is === 'made' && known.digest === digest;
  const about = isSame ? aboutNow(known.list, known.account, of as Purpose, flow.clock.now()) : [];
  if (!isSame || about.length === 0) return { about: null };
  const measures = known.list.measures.filter(({ n }) => about.includes(n));
  const amount = { copies: about.length, mailboxes: null, mode: known.list.mode };
  return {
    about: { subject: null, sender: null, amount, reason },
    measures: { list: id, about: { measures, reason: known.list.reason }, isBack: of.startsWith('back') },
  };
}
