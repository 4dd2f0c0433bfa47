import type { Situation } from '../../core/incident/incident.ts';
import { BUTTONS } from '../../core/tell/button.ts';
import { chatName } from '../../core/tell/chats.ts';
import { inert, storable } from '../../core/text.ts';
import type { ChatUser, Press, Reply } from '../../ports/desk.ts';
import type { Tx } from '../../ports/store.ts';
import type { Flow } from '../flow.ts';
import { actorOf, record } from '../record/record.ts';
import type { Refusal } from './decision.ts';
import type { NoStanding, Standing } from './standing.ts';
import { linkReply } from './ticket.ts';

const STATE_WORDS: Readonly<Record<Situation, string>> = {
  received: 'copies are still being looked for',
  open: 'there is nothing to do it to',
  running: 'an approved action is running already',
  flagged: 'the mailboxes are flagged already',
  contained: 'the mail is contained already: confirm it, or roll it back',
  rehearsed: 'the dry run has ended',
  purged: 'the purge has finished already',
  restored: 'it has been undone already',
  rejected: 'it was closed as not malicious',
  expired: 'the time to decide is over',
};

function words(refusal: Refusal, chat: string): string {
  switch (refusal.code) {
    case 'too-late':
      return `That is not possible now: ${STATE_WORDS[refusal.state]}. The card shows the current state.`;
    case 'policy':
      return `The policy does not allow this here: ${inert(refusal.why, 160)}. Nothing was done.`;
    case 'not-asked':
      return `Your roles are not asked for this: it takes ${inert(refusal.seats, 160)}. Nothing was done.`;
    case 'unchecked':
      return `Your vote is counted already: ${refusal.counted}. ${refusal.who} could not be checked this moment, so nothing starts yet: press again.`;
    case 'not-shown':
      return 'This card does not offer that now. Nothing was done.';
    case 'stopped':
      return 'Clawback is stopped: nothing is approved or carried out until the stop is lifted.';
    case 'no-sign-in':
      return 'The policy wants a fresh sign-in for this, but no sign-in page is set up. Ask whoever runs Clawback.';
    case 'guest':
      return 'Guests cannot decide here, whatever lists they are on. Nothing was done.';
    case 'bot':
      return 'A bot cannot decide here. Nothing was done.';
    case 'deactivated':
      return 'This account is deactivated, so nothing was done.';
    case 'unlinked':
      return `I do not know which person is behind this ${chat} account, so your press does not count. Say /clawback link, or ask whoever runs Clawback to link you.`;
    case 'ambiguous':
      return 'More than one person could be behind this account, so your press does not count. Ask whoever runs Clawback to set it right.';
    case 'at-risk':
      return 'Identity Protection holds your account at risk, so you cannot decide until that is cleared.';
    case 'shared-channel':
      return 'This channel is open to another organisation, so nothing can be decided in it.';
    case 'cannot-check':
      return 'Who you are and what you may do cannot be checked this moment, so your press does not count. Please try again.';
    case 'unknown-button':
      return 'This card has no such button. Nothing was done.';
    case 'unknown-incident':
      return 'I do not know this incident: it is old and was retired, it is of another Clawback, or the database was put back from a copy that is older than it. Nothing was done by this press. Report the mail anew if something is left to do.';
    case 'wrong-place':
      return 'This is not the live card of that incident (it was copied, forwarded or replaced). Please use the one in the alert channel.';
    case 'too-early':
      return 'This card is being put on record this very moment. Please press again in a few seconds.';
    case 'outsider':
      return 'Your account is not one of this workspace or tenant. Only its own people can decide, so nothing was done.';
    case 'unknown-person':
      return 'You hold no role that may decide here, so nothing was done. Ask whoever runs Clawback to add you.';
    case 'stale-card':
      return 'The list of copies has changed since this card was drawn. Look at the current card and decide on that one.';
    case 'expired':
      return 'The time to decide is over, so your press does not count. Press “Look again” to ask anew.';
    case 'recipient':
      return 'You received this mail yourself, so somebody else has to decide.';
    case 'requester':
      return 'You reported this mail or asked for its removal, so somebody else has to decide.';
    case 'tampered':
      return 'What is stored about this incident differs from the record, so no vote counts and nothing runs. Whoever runs Clawback has to look: clawback audit verify.';
    case 'repeated':
      return 'Your approval is counted already. It takes another person to go on.';
  }
}

export async function refuse(
  flow: Flow,
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
        ...('why' in refusal ? { why: refusal.why } : {}),
        ...('seats' in refusal ? { seats: refusal.seats } : {}),
        ...('who' in refusal ? { who: refusal.who } : {}),
      },
    },
  ]);
  const line = words(refusal, chatName(flow.chatNames, press.by.platform));
  return (
    (refusal.code === 'unlinked' && (await linkReply(flow, tx, press.by, [line]))) || { kind: 'said', lines: [line] }
  );
}

/** Something no card or command of ours sends: recorded, answered in one sentence. */
export async function stray(flow: Flow, by: ChatUser, what: string): Promise<Reply> {
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
  return { kind: 'said', lines: ['I did not understand that, so nothing was done. Say “help” to see what I know.'] };
}

/** Counted, not recorded one by one: the record must not be flooded by one account. */
export function tooMany(flow: Flow, asked: 'press' | 'command'): Promise<Reply> {
  flow.observe({ what: 'press', verb: asked, result: 'too-many' });
  const line = 'You asked very often in a short time. Please wait a minute; nothing was done.';
  return Promise.resolve({ kind: 'said', lines: [line] });
}
