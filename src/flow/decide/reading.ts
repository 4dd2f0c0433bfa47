import { asksWhy, mayRead, type ReadRight, readersOf } from '../../core/ask/reads.ts';
import type { Copy } from '../../core/find/plan.ts';
import type { Actor } from '../../core/record/ledger.ts';
import { planAmount } from '../../core/tell/effect.ts';
import { excerptOf } from '../../core/tell/excerpt.ts';
import { storable } from '../../core/text.ts';
import type { Reply } from '../../ports/desk.ts';
import type { Platform } from '../../ports/rooms.ts';
import type { Tx } from '../../ports/store.ts';
import type { Answering, Deciding } from '../flow.ts';
import { personOf, record } from '../record/record.ts';
import { type Decided, type Ready, said } from './decision.ts';
import { formNeeded } from './form.ts';
import { sendToList } from './ticket.ts';

/** What people read beyond cards and lists: only by a right of the policy that holds now, and not without a trace. */

/** Somebody may see how the mail begins, and the record says that they asked. It is read once nothing is held any more. */
export interface ExcerptOrder {
  readonly incident: string;
  readonly digest: string;
  readonly actor: Actor;
  readonly platform: Platform;
  /** Tried in this order. */
  readonly copies: readonly Copy[];
}

/** One may be gone, or its mailbox not answer; more would only keep somebody waiting. */
const MOST_TRIED = 3;

export async function readMore(
  flow: Deciding,
  tx: Tx,
  ready: Ready,
  right: ReadRight,
): Promise<Decided | { readonly excerpt: ExcerptOrder }> {
  const { press, incident, plan, standing, policy } = ready;
  if (!mayRead(policy, right, standing.roles))
    return { refusal: { code: 'may-not-read', right, roles: readersOf(policy, right) ?? Object.keys(policy.roles) } };
  if (!plan) return { refusal: { code: 'not-shown' } };
  if (press.digest !== incident.planDigest) return { refusal: { code: 'stale-card' } };
  const asks = { reason: asksWhy(policy, right), word: false };
  const form = formNeeded(press, planAmount(plan), asks);
  if (form) return form;
  const reason = asks.reason ? storable(press.reason ?? '').trim() : null;
  if (right === 'export') return sendToList(flow, tx, ready, reason);
  const order: ExcerptOrder = {
    incident: incident.id,
    digest: press.digest,
    actor: personOf(standing),
    platform: press.by.platform,
    copies: plan.copies.slice(0, MOST_TRIED),
  };
  await record(flow, tx, [
    {
      ...about(order),
      type: 'excerpt.asked',
      detail: { roles: standing.roles, reason: reason ?? '' },
    },
  ]);
  return { excerpt: order };
}

const about = ({ incident, actor, platform, digest }: ExcerptOrder) => ({
  incident,
  actor,
  platform,
  planDigest: digest,
});

/** Read from one copy, written down, and only then shown. */
export async function showExcerpt(flow: Answering, order: ExcerptOrder): Promise<Reply> {
  const { incident, copies } = order;
  for (const { mailbox, message, address } of copies) {
    const answer = await flow.excerpts.text({ mailbox, message });
    const place = { ...about(order), mailbox, message, requestId: answer.requestId };
    const excerpt = answer.status === 'ok' ? excerptOf(answer.text) : null;
    const note = {
      ...place,
      type: 'excerpt.read',
      outcome: excerpt ? 'shown' : 'not read',
      detail: { characters: excerpt?.characters ?? 0, note: answer.status === 'ok' ? '' : answer.detail.slice(0, 200) },
    } as const;
    await flow.store.transact((tx) => record(flow, tx, [note]));
    if (!excerpt) continue;
    flow.observe({ what: 'press', verb: 'excerpt', result: 'taken' });
    return said({ code: 'excerpt-shown', incident, mailbox: address, lines: excerpt.lines, cut: excerpt.cut });
  }
  flow.observe({ what: 'press', verb: 'excerpt', result: 'not read' });
  return said({ code: 'excerpt-missing', incident, tried: copies.length });
}
