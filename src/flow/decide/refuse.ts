import { BUTTONS } from '../../core/tell/button.ts';
import { chatName } from '../../core/tell/chats.ts';
import { namesWords } from '../../core/tell/voters.ts';
import { storable } from '../../core/text.ts';
import type { ChatUser, Press, Reply } from '../../ports/desk.ts';
import type { Tx } from '../../ports/store.ts';
import type { Deciding } from '../flow.ts';
import { actorOf, record } from '../record/record.ts';
import { type Refusal, said } from './decision.ts';
import type { NoStanding, Standing } from './standing.ts';
import { linkReply } from './ticket.ts';

export async function refuse(
  flow: Deciding,
  tx: Tx,
  press: Press,
  refusal: Refusal,
  standing: Standing | NoStanding,
): Promise<Reply> {
  flow.observe({ what: 'press', verb: BUTTONS.has(press.verb) ? press.verb : 'other', result: refusal.code });
  await record(flow, tx, [
    {
      type: 'press.refused',
      incident: storable(press.incident.slice(0, 40)) || null,
      actor: actorOf(press.by, standing),
      platform: press.by.platform,
      planDigest: /^[0-9a-f]{64}$/.test(press.digest) ? press.digest : null,
      outcome: refusal.code,
      detail: {
        verb: press.verb.slice(0, 40).toWellFormed(),
        channel: press.card.channel.slice(0, 200).toWellFormed(),
        message: press.card.message.slice(0, 200).toWellFormed(),
        why: 'why' in refusal ? refusal.why : null,
        seats: 'seats' in refusal ? refusal.seats : [],
        who: 'people' in refusal ? namesWords(refusal.people) : null,
      },
    },
  ]);
  if (refusal.code !== 'unlinked') return said(refusal);
  const answer = { code: refusal.code, chat: chatName(flow.chatNames, press.by.platform) } as const;
  return (await linkReply(flow, tx, press.by, answer)) ?? said(answer);
}

/** Something no card or command of ours sends: recorded, answered. */
export async function stray(flow: Deciding, by: ChatUser, what: string): Promise<Reply> {
  flow.observe({ what: 'press', verb: 'stray', result: 'stray' });
  await flow.store.transact((tx) =>
    record(flow, tx, [
      {
        type: 'stray',
        actor: actorOf(by, null),
        platform: by.platform,
        detail: { what: what.slice(0, 300).toWellFormed() },
      },
    ]),
  );
  return said({ code: 'not-understood' });
}

/** Counted, not recorded one by one: the record must not be flooded by one account. */
export function tooMany(flow: Deciding, asked: 'press' | 'command'): Promise<Reply> {
  flow.observe({ what: 'press', verb: asked, result: 'too-many' });
  return Promise.resolve(said({ code: 'too-many' }));
}
