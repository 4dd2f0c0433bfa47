import type { PageAnswer, SignInVote } from '../../src/core/tell/page-words.ts';

/** A vote as the sign-in page may show it. */
export const SIGN_IN_VOTE = {
  is: 'vote',
  action: 'purge',
  incident: 'CB-7F3K2M',
  digest: 'a1b2c3d4'.repeat(8),
  about: {
    subject: 'Overdue invoice',
    sender: 'billing@evil.example',
    copies: 402,
    mailboxes: 400,
    isDryRun: false,
    reason: null,
  },
} as const satisfies SignInVote;

export const SIGNED_IN_AS = { name: 'Dana', address: 'dana@contoso.example' };

/** What the page says after it. */
export const ANSWERED: PageAnswer = {
  code: 'answered',
  answer: { code: 'containment-confirmed', incident: SIGN_IN_VOTE.incident },
  vote: SIGN_IN_VOTE,
};
