import type { RefusalCode } from '../../src/core/ask/refusal.ts';
import type { Answer, AnswerCode } from '../../src/core/tell/answer.ts';

/** Every refusal, with facts and the words it is told in. */

type Of<Code extends AnswerCode> = Extract<Answer, { readonly code: Code }>;
export type Case<Code extends AnswerCode> = readonly [Omit<Of<Code>, 'code'>, string | readonly string[]];

export const REFUSED: { readonly [Code in RefusalCode]: Case<Code> } = {
  'too-late': [
    { stands: 'received' },
    'That is not possible now: copies are still being looked for. The card shows the current state.',
  ],
  policy: [{ why: 'under legal hold' }, 'The policy does not allow this here: under legal hold. Nothing was done.'],
  'may-not-read': [
    { right: 'excerpt', roles: ['lead', 'forensics'] },
    'Your roles may not read an excerpt of a mail: it takes one of lead, forensics. Nothing was shown.',
  ],
  'too-many-lists': [
    { most: 3 },
    'You have asked for 3 lists within an hour, which is as many as the policy lets one person take along. Nothing was shown.',
  ],
  'not-asked': [
    {
      seats: [
        { role: 'lead', count: 1 },
        { role: 'board', count: 2 },
      ],
    },
    'Your roles are not asked for this: it takes 1 × lead and 2 × board. Nothing was done.',
  ],
  unchecked: [
    { people: ['Omar', ''], counted: 2, needed: 2 },
    'Your vote is counted already: 2 of 2. Omar, somebody could not be checked this moment, so nothing starts yet: press again.',
  ],
  'not-shown': [{}, 'This card does not offer that now. Nothing was done.'],
  stopped: [{}, 'Clawback is stopped: nothing is approved or carried out until the stop is lifted.'],
  'no-sign-in': [
    {},
    'The policy wants a fresh sign-in for this, but no sign-in page is set up. Ask whoever runs Clawback.',
  ],
  guest: [{}, 'Guests cannot decide here, whatever lists they are on. Nothing was done.'],
  bot: [{}, 'A bot cannot decide here. Nothing was done.'],
  deactivated: [{}, 'This account is deactivated, so nothing was done.'],
  unlinked: [
    { chat: 'Slack' },
    'I do not know which person is behind this Slack account, so your press does not count. Say /clawback link, or ask whoever runs Clawback to link you.',
  ],
  ambiguous: [
    {},
    'More than one person could be behind this account, so your press does not count. Ask whoever runs Clawback to set it right.',
  ],
  'at-risk': [{}, 'Identity Protection holds your account at risk, so you cannot decide until that is cleared.'],
  'shared-channel': [{}, 'This channel is open to another organisation, so nothing can be decided in it.'],
  'cannot-check': [
    {},
    'Who you are and what you may do cannot be checked this moment, so your press does not count. Please try again.',
  ],
  'unknown-button': [{}, 'This card has no such button. Nothing was done.'],
  'unknown-incident': [
    {},
    'I do not know this incident: it is old and was retired, it is of another Clawback, or the database was put back from a copy that is older than it. Nothing was done by this press. Report the mail anew if something is left to do.',
  ],
  'wrong-place': [
    {},
    'This is not the live card of that incident (it was copied, forwarded or replaced). Please use the one in the alert channel.',
  ],
  'too-early': [{}, 'This card is being put on record this very moment. Please press again in a few seconds.'],
  outsider: [
    {},
    'Your account is not one of this workspace or tenant. Only its own people can decide, so nothing was done.',
  ],
  'unknown-person': [
    {},
    'You hold no role that may decide here, so nothing was done. Ask whoever runs Clawback to add you.',
  ],
  'stale-card': [
    {},
    'The list of copies has changed since this card was drawn. Look at the current card and decide on that one.',
  ],
  expired: [{}, 'The time to decide is over, so your press does not count. Press “Look again” to ask anew.'],
  recipient: [{}, 'You received this mail yourself, so somebody else has to decide.'],
  requester: [{}, 'You reported this mail or asked for its removal, so somebody else has to decide.'],
  tampered: [
    {},
    'What is stored about this incident differs from the record, so no vote counts and nothing runs. Whoever runs Clawback has to look: clawback audit verify.',
  ],
  'own-account': [{}, 'This is about your own account, so somebody else has to decide. Nothing was done.'],
  'own-measures': [{}, 'You asked for these measures, so somebody else has to decide. Nothing was done.'],
  repeated: [{}, 'Your approval is counted already. It takes another person to go on.'],
};
