/** Why a press or a vote has no effect: one vocabulary for what the record says and for what people are told. */

/** About the person behind an account, or the place they spoke from. */
export type NoStandingCode =
  | 'outsider'
  | 'guest'
  | 'bot'
  | 'deactivated'
  | 'unlinked'
  | 'ambiguous'
  | 'unknown-person'
  | 'at-risk'
  | 'shared-channel'
  | 'cannot-check';

/** Why a vote that counted does not count any more. */
export type LossCode = NoStandingCode | 'lost-role' | 'recipient' | 'requester';

/** Why a press had no effect. */
export type RefusalCode =
  | Exclude<LossCode, 'lost-role'>
  | 'too-late'
  | 'policy'
  | 'not-asked'
  | 'may-not-read'
  | 'too-many-lists'
  | 'unchecked'
  | 'unknown-button'
  | 'unknown-incident'
  | 'wrong-place'
  | 'too-early'
  | 'not-shown'
  | 'stopped'
  | 'no-sign-in'
  | 'stale-card'
  | 'expired'
  | 'repeated'
  | 'tampered'
  | 'own-account'
  | 'own-measures';

/** Why a sign-in on our page did not count. */
export type SignInRefusalCode = 'entra-refused' | 'sign-in-failed' | 'somebody-else';
