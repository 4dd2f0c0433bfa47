import type { Seat } from '../ask/policy.ts';
import type { LossCode } from '../ask/refusal.ts';
import { seatWords } from '../ask/rule.ts';
import { inert, inertOr } from '../text.ts';

/** What people are told of those who vote beside them. */

/** Whose vote was taken back just now, and who could not be asked about. Names as they are known, not yet inert. */
export interface Others {
  readonly lost: readonly { readonly name: string; readonly why: LossCode }[];
  readonly unsure: readonly string[];
}

const nameWords = (name: string): string => inertOr(name, 'somebody', 80);

export const namesWords = (names: readonly string[]): string => names.map(nameWords).join(', ');

/** Who is asked: roles are called as the policy calls them. */
export const askedWords = (seats: readonly Seat[]): string => inert(seatWords(seats), 160);

/** To be put behind a sentence; empty where there is nothing to tell. */
export function othersWords({ lost, unsure }: Others): string {
  const lines = lost.map(({ name, why }) => `The vote of ${nameWords(name)} does not count any more: ${LOSSES[why]}.`);
  if (unsure.length > 0)
    lines.push(`${namesWords(unsure)} could not be checked this moment, so nothing starts yet: press again.`);
  return lines.map((line) => ` ${line}`).join('');
}

const LOSSES: Readonly<Record<LossCode, string>> = {
  'lost-role': 'the role is not held any more',
  recipient: 'the mail reached this person as well',
  requester: 'this person asked for it',
  outsider: 'the account belongs to another organisation',
  guest: 'the account is a guest\u2019s',
  bot: 'the account is a bot\u2019s',
  deactivated: 'the account is deactivated',
  unlinked: 'the chat account is linked to nobody any more',
  ambiguous: 'the chat account could be somebody else\u2019s',
  'unknown-person': 'no role is held any more',
  'at-risk': 'Identity Protection holds the account at risk',
  'shared-channel': 'the channel is open to another organisation',
  'cannot-check': 'it could not be checked',
};
