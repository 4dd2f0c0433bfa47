import type { IncidentState } from '../core/incident.ts';
import type { Approver } from '../core/policy.ts';
import type { ChatUser, Press, Reply } from '../ports/desk.ts';
import type { Tx } from '../ports/store.ts';
import type { Flow } from './flow.ts';
import { actorOf, record } from './record.ts';

/** Why a press had no effect. Each is answered privately, in one fixed sentence, and recorded. */
export type Refusal =
  | { readonly code: 'too-late'; readonly state: IncidentState }
  | {
      readonly code:
        | 'unknown-button'
        | 'unknown-incident'
        | 'wrong-place'
        | 'too-early'
        | 'outsider'
        | 'unknown-person'
        | 'stale-card'
        | 'expired'
        | 'recipient'
        | 'requester'
        | 'repeated';
    };

const STATE_WORDS: Readonly<Record<IncidentState, string>> = {
  received: 'copies are still being looked for',
  open: 'there is nothing to do it to',
  running: 'an approved action is running already',
  flagged: 'the mailboxes are flagged already',
  purged: 'the purge has finished already',
  restored: 'it has been undone already',
  rejected: 'it was closed as not malicious',
  expired: 'the time to decide is over',
};

function words(refusal: Refusal): string {
  switch (refusal.code) {
    case 'too-late':
      return `That is not possible now: ${STATE_WORDS[refusal.state]}. The card shows the current state.`;
    case 'unknown-button':
      return 'This card has no such button. Nothing was done.';
    case 'unknown-incident':
      return 'I do not know this incident. Nothing was done.';
    case 'wrong-place':
      return 'This is not the live card of that incident (it was copied, forwarded or replaced). Please use the one in the alert channel.';
    case 'too-early':
      return 'This card is being put on record this very moment. Please press again in a few seconds.';
    case 'outsider':
      return 'You are signed in from another organisation. Only approvers of this tenant can decide.';
    case 'unknown-person':
      return 'You are not on the list of approvers, so nothing was done. Ask whoever runs Clawback to add you.';
    case 'stale-card':
      return 'The list of copies has changed since this card was drawn. Look at the current card and decide on that one.';
    case 'expired':
      return 'The time to decide is over, so your press does not count. Press “Look again” to ask anew.';
    case 'recipient':
      return 'You received this mail yourself, so somebody else has to decide.';
    case 'requester':
      return 'You reported this mail, so somebody else has to decide.';
    case 'repeated':
      return 'Your approval is counted already. It takes another person to go on.';
  }
}

export async function refuse(
  flow: Flow,
  tx: Tx,
  press: Press,
  refusal: Refusal,
  approver: Approver | null,
): Promise<Reply> {
  flow.observe({ what: 'press', verb: press.verb.slice(0, 20), result: refusal.code });
  await record(flow, tx, [
    {
      type: 'press.refused',
      incident: press.incident.slice(0, 40).toWellFormed().replaceAll('\0', '') || null,
      actor: actorOf(press.by, approver),
      platform: press.by.platform,
      planDigest: /^[0-9a-f]{64}$/.test(press.digest) ? press.digest : null,
      outcome: refusal.code,
      detail: {
        verb: press.verb.slice(0, 40).toWellFormed(),
        channel: press.card.channel.slice(0, 200).toWellFormed(),
        message: press.card.message.slice(0, 200).toWellFormed(),
      },
    },
  ]);
  return { kind: 'said', lines: [words(refusal)] };
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
