import type { Action } from '../../core/action/action.ts';
import { type Ask, isAction } from '../../core/ask/ask.ts';
import type { WaveFacts } from '../../core/record/campaign.ts';
import type { Answer, Vote } from '../../core/tell/answer.ts';
import { amountOfAll, askedFor, canBeAsked, FOR_ALL, membersOf, verbForEach } from '../../core/tell/campaign-view.ts';
import { askedTerms } from '../../core/tell/case.ts';
import type { ShownWave } from '../../ports/campaigns.ts';
import type { Press, Reply } from '../../ports/desk.ts';
import type { Tx } from '../../ports/store.ts';
import type { Answering } from '../flow.ts';
import { digestOf } from '../tell/campaign.ts';
import { factsOf } from '../tell/facts.ts';
import { press } from './decide.ts';
import { type PageProof, said } from './decision.ts';
import { formNeeded } from './form.ts';
import { standingOf } from './standing.ts';
import { sendToSignIn } from './ticket.ts';

/**
 * One press for all waves of a campaign is as many presses as its card showed waves: each for the list that was shown of it,
 * each decided by its own policy and in its own transaction. Whatever ends in the middle of it leaves whole votes, and the
 * same press again gives those that are missing.
 */
export async function pressAll(flow: Answering, pressed: Press, proof: PageProof | null = null): Promise<Reply> {
  const ask = FOR_ALL.get(pressed.verb);
  const verb = verbForEach(pressed.verb);
  const seen = ask ? await flow.store.transact((tx) => seenOn(flow, tx, pressed, ask)) : null;
  const who = seen && (await standingOf(flow, pressed.by, pressed.card.channel, flow.policy().policy));
  // What no card shows any more, and whoever has no say: refused once, as any press is.
  if (!ask || verb === null || !seen || who?.is !== 'known') return press(flow, pressed, proof);
  const form = formNeeded(pressed, amountOfAll(seen.asked, ask), { reason: seen.needsReason && !proof, word: false });
  if (form) return form;
  const [context] = seen.contexts;
  if (context !== undefined && proof === null && isAction(ask)) {
    const sent = await flow.store.transact(async (tx) => {
      const incident = await tx.incidents.lock(pressed.incident);
      const approval = { press: pressed, action: ask satisfies Action, standing: who };
      return incident && sendToSignIn(flow, tx, { ...approval, incident }, context, 'all');
    });
    if (sent && 'kind' in sent) return sent;
  }
  const votes: Vote[] = [];
  for (const { incident, planDigest } of seen.meant) {
    const own = { ...pressed, verb, incident, digest: planDigest };
    const reply = await press(flow, own, proof, pressed.incident);
    // It asks for something that a press for all cannot give: it is pressed on its own card.
    const answer: Answer = reply.kind === 'said' ? reply.answer : { code: 'needs-own-press', incident };
    votes.push({ incident, answer });
  }
  return said({ code: 'all-decided', votes });
}

interface Seen {
  /** Of what was shown: what can still be asked, and what has another list by now. */
  readonly meant: readonly ShownWave[];
  readonly asked: readonly WaveFacts[];
  readonly needsReason: boolean;
  /** Fresh sign-ins that are wanted. */
  readonly contexts: readonly string[];
}

/** As the card showed it whose digest this press bears; null where no card of that place did. */
async function seenOn(
  flow: Answering,
  tx: Tx,
  { incident: id, digest, card, by }: Press,
  ask: Ask,
): Promise<Seen | null> {
  if (id.includes('\0') || !/^[0-9a-f]{64}$/.test(digest)) return null;
  const own = (await tx.cards.of(id)).find(({ platform }) => platform === by.platform);
  if (own?.ref?.channel !== card.channel || own.ref.message !== card.message) return null;
  const shown = await tx.campaigns.shown(id, digest);
  // Whoever writes into that table writes no list that has this digest.
  if (!shown || digestOf(flow, shown) !== digest) return null;
  const facts = await factsOf(flow, tx, id);
  if (!facts) return null;
  const members = new Map(membersOf(facts).map((one) => [one.incident.id, one]));
  const meant = shown.filter(({ incident, planDigest }) => {
    const now = members.get(incident);
    return !now || now.incident.planDigest !== planDigest || canBeAsked(now, ask);
  });
  if (meant.length === 0) return null;
  const asked = askedFor(facts, ask).filter(({ incident }) => meant.some((one) => one.incident === incident.id));
  const terms = isAction(ask) ? asked.flatMap(({ plan }) => askedTerms(plan, ask) ?? []) : [];
  return {
    meant,
    asked,
    needsReason: !isAction(ask) || terms.some(({ reason }) => reason),
    contexts: [...new Set(terms.flatMap(({ stepUp }) => stepUp ?? []))],
  };
}
