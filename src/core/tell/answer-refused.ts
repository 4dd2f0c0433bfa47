import type { Seat } from '../ask/policy.ts';
import type { ReadRight } from '../ask/reads.ts';
import type { RefusalCode } from '../ask/refusal.ts';
import type { Situation } from '../incident/incident.ts';
import { count, inert } from '../text.ts';
import type { Nothing, Words } from './coded.ts';
import { askedWords, namesWords } from './voters.ts';

/** What somebody is told whose press had no effect. The codes are those of the record. */

interface Explained {
  readonly 'too-late': { readonly stands: Situation };
  /** `why`: the rule's own words. */
  readonly policy: { readonly why: string };
  readonly 'not-asked': { readonly seats: readonly Seat[] };
  /** `roles`: those that may. */
  readonly 'may-not-read': { readonly right: ReadRight; readonly roles: readonly string[] };
  /** `most`: within an hour. */
  readonly 'too-many-lists': { readonly most: number };
  /** `people`: the names of those who could not be asked about. */
  readonly unchecked: { readonly people: readonly string[]; readonly counted: number; readonly needed: number };
  /** `chat`: what people call it. */
  readonly unlinked: { readonly chat: string };
}

export type RefusalFacts = Explained & { readonly [Code in Exclude<RefusalCode, keyof Explained>]: Nothing };

const WHERE_IT_STANDS: Readonly<Record<Situation, string>> = {
  received: 'copies are still being looked for',
  open: 'there is nothing to do it to',
  running: 'an approved action is running already',
  flagged: 'the mailboxes are flagged already',
  contained: 'the mail is contained already: confirm it, or roll it back',
  rehearsed: 'the dry run has ended',
  purged: 'the purge has finished already',
  junked: 'the mail is in Junk Email already',
  restored: 'it has been undone already',
  rejected: 'it was closed as not malicious',
  expired: 'the time to decide is over',
};

const READ_WORDS: Readonly<Record<ReadRight, string>> = {
  export: 'take the list of mailboxes along',
  excerpt: 'read an excerpt of a mail',
};

const always = (line: string) => () => [line];

export const REFUSED_WORDS: Words<RefusalFacts> = {
  'too-late': ({ stands }) => [
    `That is not possible now: ${WHERE_IT_STANDS[stands]}. The card shows the current state.`,
  ],
  policy: ({ why }) => [`The policy does not allow this here: ${inert(why, 160)}. Nothing was done.`],
  'not-asked': ({ seats }) => [`Your roles are not asked for this: it takes ${askedWords(seats)}. Nothing was done.`],
  'may-not-read': ({ right, roles }) => [
    roles.length === 0
      ? `The policy lets nobody ${READ_WORDS[right]}. Nothing was shown.`
      : `Your roles may not ${READ_WORDS[right]}: it takes one of ${roles.join(', ')}. Nothing was shown.`,
  ],
  'too-many-lists': ({ most }) => [
    `You have asked for ${count(most, 'list')} within an hour, which is as many as the policy lets one person take along. Nothing was shown.`,
  ],
  unchecked: ({ people, counted, needed }) => [
    `Your vote is counted already: ${counted} of ${needed}. ${namesWords(people)} could not be checked this moment, so nothing starts yet: press again.`,
  ],
  'not-shown': always('This card does not offer that now. Nothing was done.'),
  stopped: always('Clawback is stopped: nothing is approved or carried out until the stop is lifted.'),
  'no-sign-in': always(
    'The policy wants a fresh sign-in for this, but no sign-in page is set up. Ask whoever runs Clawback.',
  ),
  guest: always('Guests cannot decide here, whatever lists they are on. Nothing was done.'),
  bot: always('A bot cannot decide here. Nothing was done.'),
  deactivated: always('This account is deactivated, so nothing was done.'),
  unlinked: ({ chat }) => [
    `I do not know which person is behind this ${chat} account, so your press does not count. Say /clawback link, or ask whoever runs Clawback to link you.`,
  ],
  ambiguous: always(
    'More than one person could be behind this account, so your press does not count. Ask whoever runs Clawback to set it right.',
  ),
  'at-risk': always('Identity Protection holds your account at risk, so you cannot decide until that is cleared.'),
  'shared-channel': always('This channel is open to another organisation, so nothing can be decided in it.'),
  'cannot-check': always(
    'Who you are and what you may do cannot be checked this moment, so your press does not count. Please try again.',
  ),
  'unknown-button': always('This card has no such button. Nothing was done.'),
  'unknown-incident': always(
    'I do not know this incident: it is old and was retired, it is of another Clawback, or the database was put back from a copy that is older than it. Nothing was done by this press. Report the mail anew if something is left to do.',
  ),
  'wrong-place': always(
    'This is not the live card of that incident (it was copied, forwarded or replaced). Please use the one in the alert channel.',
  ),
  'too-early': always('This card is being put on record this very moment. Please press again in a few seconds.'),
  outsider: always(
    'Your account is not one of this workspace or tenant. Only its own people can decide, so nothing was done.',
  ),
  'unknown-person': always(
    'You hold no role that may decide here, so nothing was done. Ask whoever runs Clawback to add you.',
  ),
  'stale-card': always(
    'The list of copies has changed since this card was drawn. Look at the current card and decide on that one.',
  ),
  expired: always('The time to decide is over, so your press does not count. Press “Look again” to ask anew.'),
  recipient: always('You received this mail yourself, so somebody else has to decide.'),
  requester: always('You reported this mail or asked for its removal, so somebody else has to decide.'),
  tampered: always(
    'What is stored about this incident differs from the record, so no vote counts and nothing runs. Whoever runs Clawback has to look: clawback audit verify.',
  ),
  'own-account': always('This is about your own account, so somebody else has to decide. Nothing was done.'),
  'own-measures': always('You asked for these measures, so somebody else has to decide. Nothing was done.'),
  repeated: always('Your approval is counted already. It takes another person to go on.'),
};
