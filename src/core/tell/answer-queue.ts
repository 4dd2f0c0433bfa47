import type { NoStandingCode } from '../ask/refusal.ts';
import { inert } from '../text.ts';
import type { Words } from './coded.ts';

/** Who asked for the queue and gets none is told so plainly, and what to do. */

export interface QueueAnswers {
  /** `chat`: what people call it. `linkable`: whether somebody can say there who they are. */
  readonly 'queue-not-shown': { readonly why: NoStandingCode; readonly chat: string; readonly linkable: boolean };
  readonly 'queue-card-comes': { readonly incident: string };
  readonly 'queue-card-is-there': { readonly incident: string };
}

const NO_ROLE = [
  'You hold no role here, so no incident is shown to you.',
  'Who decides is said in policy.yaml and in the list of approvers: ask whoever runs Clawback to put you there.',
];

const WHY: Readonly<Partial<Record<NoStandingCode, string>>> = {
  outsider: 'Your account is of another organisation: no incident is shown to you.',
  guest: 'Guests do not decide here, so no incident is shown to you.',
  deactivated: 'Your account is not enabled in the directory: ask whoever runs it.',
  ambiguous: 'Your account here stands for more than one person: ask whoever runs Clawback to mend that.',
  'at-risk': 'Your account is held to be at risk: sign in anew, or ask whoever runs the directory.',
  'shared-channel': 'This channel is open to another organisation: ask in a chat with Clawback alone.',
  'cannot-check': 'Who you are cannot be checked this moment. Please try again.',
};

export const QUEUE_WORDS: Words<QueueAnswers> = {
  'queue-not-shown': ({ why, chat, linkable }) => {
    if (why === 'unlinked')
      return [
        `I do not know which person is behind this ${chat} account, so no incident is shown to you.`,
        linkable
          ? 'Say “link” to Clawback (/clawback link) to say who you are.'
          : 'Ask whoever runs Clawback to name your account in the list of approvers.',
      ];
    const words = WHY[why];
    return words === undefined ? NO_ROLE : [words];
  },
  'queue-card-comes': ({ incident }) => [
    `The card of ${inert(incident, 40)} comes into the channel of the alerts now.`,
  ],
  'queue-card-is-there': ({ incident }) => [
    `The card of ${inert(incident, 40)} is in the channel of the alerts. Decisions are made there.`,
  ],
};
